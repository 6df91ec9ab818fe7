"""How likely two records are the same work: evidence for and against, weighed field by field.

The method is that of Fellegi and Sunter (J Am Stat Assoc 1969;64:1183-1210): each field that both records have
adds points when it agrees and takes points away when it does not; a field that one of them lacks says nothing.
Two thresholds split the sum into certain, possible (a person decides) and different. Some contradictions weigh
more than any sum: they never let a pair be certain. Identifiers are not looked at before the rest, because the
caller has asked for them already; here they only contradict.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from rapidfuzz import fuzz

from inquiry_service.bibliography.blocking import block_keys
from inquiry_service.bibliography.kinship import Kin, kin_of
from inquiry_service.bibliography.likeness import Evidence, abstracts, authors, identifiers, journals, places, years
from inquiry_service.bibliography.record import ParsedRecord
from inquiry_service.bibliography.title_words import Laid, Title, is_main_title, lay, title_of

CERTAIN = 9
"""Points from which two records are one work without a person looking: a telling title, its author and the year."""
POSSIBLE = 6
"""Points from which a person decides."""
_MOST = 16
_TELLING = 6
"""Words from which a title hardly ever belongs to two works of one author."""
_WORTH = {0: 0, 1: 1, 2: 2, 3: 4, 4: 4, 5: 5}
_OUTWEIGHS_WORDS = 4
_FARTHEST_TITLES, _NEAR_TITLES = 60.0, 80.0
"""Below the first likeness in percent titles have nothing in common, and nothing else is looked at."""


class Verdict(Enum):
    """What the evidence says of two records."""

    CERTAIN = "certain"
    POSSIBLE = "possible"
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Likeness:
    """What was found.

    Attributes:
        score: 0 to 1, for the order in which people look at pairs.
        why: what agrees and what does not, for people; a list of clauses.
        kin: set when they are two works that belong together.
        contradicts: why even a shared identifier would not make them one work; empty otherwise.
    """

    verdict: Verdict
    score: float
    why: tuple[str, ...]
    kin: Kin | None = None
    contradicts: str = ""

    @property
    def words(self) -> str:
        """The reasons as one line."""
        return "; ".join(self.why)


@dataclass(frozen=True)
class Work:
    """A record prepared for comparing: its title is taken apart once, and its keys are made once."""

    record: ParsedRecord

    @cached_property
    def title(self) -> Title:
        """The title in words."""
        return title_of(self.record.title)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The keys under which its likely doubles are found."""
        return block_keys(self.record, self.title)


def compare(first: Work, second: Work) -> Likeness:
    """Weigh what speaks for and against two records being the same work."""
    laid = lay(first.title, second.title)
    title, who = _titles(first.title, second.title, laid), authors(first.record, second.record)
    if title is None:
        doubt = "another title and other authors" if who.forbids else ""
        return Likeness(Verdict.DIFFERENT, 0.0, ("different titles",), None, doubt)
    kin = kin_of(first.record, second.record, laid)
    place, abstract = (weigh(first.record, second.record) for weigh in (places, abstracts))
    others = (weigh(first.record, second.record) for weigh in (years, journals, identifiers))
    evidence = [title, who, place, abstract, *others]
    points = sum(each.points for each in evidence)
    why = tuple(each.why for each in evidence if each.why)
    score = max(0.0, min(1.0, points / _MOST))
    if kin is not None and not (kin.by_words and max(place.points, abstract.points) >= _OUTWEIGHS_WORDS):
        return Likeness(Verdict.DIFFERENT, score, (kin.why, *why), kin)
    if _essence(first) == _essence(second) and not any(each.forbids for each in evidence):
        return Likeness(Verdict.CERTAIN, 1.0, ("the same in every field",))
    return Likeness(_verdict(points, evidence), score, why)


def _essence(work: Work) -> tuple[object, ...]:
    """All that names a work; equal throughout, it is one even under a title such as "Headache"."""
    record = work.record
    return (work.title.letters, record.year, record.authors, record.journal, record.volume, record.issue, record.pages,
            record.abstract)


def _verdict(points: int, evidence: list[Evidence]) -> Verdict:
    if points >= CERTAIN and not any(each.forbids for each in evidence):
        return Verdict.CERTAIN
    return Verdict.POSSIBLE if points >= POSSIBLE else Verdict.DIFFERENT


def _titles(first: Title, second: Title, laid: Laid) -> Evidence | None:
    """None when the titles are too far from each other for anything else to matter."""
    shorter = min(len(first.words), len(second.words))
    if laid.same:
        points = _WORTH.get(shorter, 6)
        return Evidence(points - (laid.slips > 1), "same title, spelled differently" if laid.slips else "same title")
    if laid.contained:
        short, long = sorted((first, second), key=lambda title: len(title.words))
        if is_main_title(short, long):
            return Evidence(3, "one title is the other without its subtitle")
        return Evidence(2 if shorter >= _TELLING else 1, "one title is the other with something added", forbids=True)
    if laid.close:
        return Evidence(3, "nearly the same title: " + _some(laid))
    likeness = fuzz.token_sort_ratio(" ".join(first.words), " ".join(second.words))
    if likeness < _FARTHEST_TITLES:
        return None
    points = -2 if likeness >= _NEAR_TITLES else -4
    return Evidence(points, "the titles differ in " + _some(laid), forbids=True)


def _some(laid: Laid) -> str:
    return " and ".join(f"“{' '.join(words[:3])}”" for words in (laid.only_first, laid.only_second))
