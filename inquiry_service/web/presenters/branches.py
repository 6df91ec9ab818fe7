"""The tabs and pages of the safety and the complaint queue."""

from __future__ import annotations

from dataclasses import dataclass

from inquiry_service.domain.vocabulary import BranchState

States = tuple[BranchState, ...]

VIEWS: dict[str, tuple[str, States]] = {
    "open": ("Open", (BranchState.SUSPECTED, BranchState.FORWARDED)),
    "to_hand_over": ("To hand over", (BranchState.SUSPECTED,)),
    "awaiting_receipt": ("Awaiting receipt", (BranchState.FORWARDED,)),
    "done": ("Receipt confirmed", (BranchState.ACKNOWLEDGED,)),
}
SIZE = 50
_DIGITS = 6


@dataclass(frozen=True)
class View:
    """A tab: its name, the records it shows."""

    name: str
    states: States

    @property
    def words(self) -> dict[str, str]:
        """The words of all tabs, in order."""
        return {name: words for name, (words, _) in VIEWS.items()}

    def all_states(self) -> list[tuple[str, States]]:
        """The states of every tab, for the counts."""
        return [(name, states) for name, (_, states) in VIEWS.items()]


@dataclass(frozen=True)
class Paging:
    """Which part of the list is shown; pages count from 1."""

    number: int
    total: int
    size: int = SIZE

    @property
    def offset(self) -> int:
        """Rows before this page."""
        return (self.number - 1) * self.size

    @property
    def last(self) -> int:
        """Number of the last page."""
        return max(-(-self.total // self.size), 1)


def view_named(name: str) -> View:
    """Return the tab with this name, the first one for any other."""
    known = name if name in VIEWS else next(iter(VIEWS))
    return View(known, VIEWS[known][1])


def paged(asked: str, total: int) -> Paging:
    """Return the page asked for in an address; anything else than a page that exists leads to the nearest one."""
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) <= _DIGITS else 1
    return Paging(min(max(number, 1), Paging(1, total).last), total)
