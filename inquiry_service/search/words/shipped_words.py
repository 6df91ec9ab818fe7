"""The word lists that come with the product: everyday words, classes of medicines, names of substances.

They were written for it, in three tables beside this module. Questions come from patients as well as from
professionals, and a class of medicines is recognised by the endings of international non-proprietary names (INN,
WHO "stem book"), so that members which came to the market after these tables are recognised, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

_FOLDER = Path(__file__).parent
_NOTHING = "-"
_SHORTEST_DRUG = 7
_NO_MEMBERS = ("non", "anti", "un")
"""Beginnings of words that look like members and mean the opposite: "nontriptan"."""


@dataclass(frozen=True, slots=True)
class DrugClass:
    """A class of medicines.

    Attributes:
        names: how it is called.
        endings: endings of its members' names; members: those that end otherwise, in small letters.
        strangers: words with such an ending that are no members.
    """

    names: tuple[str, ...]
    endings: tuple[str, ...]
    members: tuple[str, ...]
    strangers: frozenset[str]

    def holds(self, word: str) -> bool:
        """Whether ``word``, in small letters, is the name of a member."""
        if word in self.members:
            return True
        ends = len(word) >= _SHORTEST_DRUG and word.endswith(self.endings)
        strange = word in self.strangers or word in self.names or word.startswith(_NO_MEMBERS)
        return ends and not strange


@cache
def everyday_words() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Pairs of everyday expressions and the technical ones for the same."""
    return tuple((_alternatives(plain), _alternatives(technical)) for plain, technical in _rows("lay_terms.tsv"))


@cache
def drug_classes() -> tuple[DrugClass, ...]:
    """All classes."""
    return tuple(
        DrugClass(_alternatives(names), _alternatives(endings), _alternatives(members), frozenset(_alternatives(not_)))
        for names, endings, members, not_ in _rows("drug_classes.tsv")
    )


@cache
def drug_names() -> tuple[tuple[str, ...], ...]:
    """Groups of names of one substance."""
    return tuple(_alternatives(names) for (names,) in _rows("drug_names.tsv"))


@lru_cache(maxsize=200_000)
def is_drug(word: str) -> bool:
    """Whether a word in small letters is the name of a medicine, by the tables or by its ending."""
    listed, endings = _known()
    return word in listed or (word.endswith(endings) and any(group.holds(word) for group in drug_classes()))


def is_listed_drug(word: str) -> bool:
    """Whether the tables name the medicine ``word``, in small letters: it is no slip of the pen."""
    return word in _known()[0]


@cache
def _known() -> tuple[frozenset[str], tuple[str, ...]]:
    """Names of medicines in small letters, and the endings of others."""
    named = (name.lower() for group in drug_names() for name in group)
    members = (member for group in drug_classes() for member in group.members)
    endings = {ending for group in drug_classes() for ending in group.endings}
    return frozenset((*named, *members)), tuple(sorted(endings))


def _rows(name: str) -> Iterator[list[str]]:
    for line in (_FOLDER / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def _alternatives(cell: str) -> tuple[str, ...]:
    return () if cell == _NOTHING else tuple(cell.split("|"))
