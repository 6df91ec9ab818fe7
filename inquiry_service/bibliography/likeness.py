"""What single fields say for or against two records being the same work, in points.

The points are rough odds (about one per factor of four), set from how databases differ, not fitted to a file: the
same page of the same volume outweighs a lost subtitle, another first page outweighs a year that agrees.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from inquiry_service.bibliography.identity import folded
from inquiry_service.bibliography.normalise import registrations_in
from inquiry_service.bibliography.record import Author, ParsedRecord

_DIGITS = re.compile(r"[a-z]*\d+", re.IGNORECASE)
# The trials register CENTRAL gives each of its entries a DOI of its own: several to one report.
_ENTRY = re.compile(r".*10\.1002/central/", re.IGNORECASE)
_SHORTEST_ABSTRACT = 80
_COMPARED = 1500
"""Letters of an abstract that are compared: its beginning tells, its end is often cut off."""
_SAME_ABSTRACT, _LIKE_ABSTRACT, _OTHER_ABSTRACT = 88.0, 70.0, 55.0
_SMALL_WORDS = frozenset({"the", "of", "and", "for", "in", "on", "a", "der", "die", "de", "la", "und", "et"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one field says.

    Attributes:
        points: above zero for the same work, below against it, zero when it says nothing.
        why: for people; empty when it says nothing worth reading.
        forbids: a person has to look, whatever the rest says.
    """

    points: int
    why: str = ""
    forbids: bool = False


_NOTHING = Evidence(0)


def authors(first: ParsedRecord, second: ParsedRecord) -> Evidence:
    """Weigh the first author and how many of the shorter list are in the longer one."""
    ours, theirs = _names(first.authors), _names(second.authors)
    if not ours or not theirs:
        return _NOTHING
    shared = sum(any(_one_name(name, other) for other in theirs) for name in ours)
    share = shared / min(len(ours), len(theirs))
    if _one_name(ours[0], theirs[0]):
        return Evidence(3, "same first author") if share >= 0.5 else Evidence(1, "same first author, others differ")
    if share >= 0.5:
        return Evidence(2, "authors in common")
    return Evidence(-6, "other authors", forbids=True) if not shared else Evidence(-2, "another first author", True)


def years(first: ParsedRecord, second: ParsedRecord) -> Evidence:
    """Weigh the years; online and in print are often a year apart."""
    if not first.year or not second.year:
        return _NOTHING
    apart = abs(first.year - second.year)
    if apart > 1:
        return Evidence(-3, f"{apart} years apart", forbids=apart > 2)
    return Evidence(1, "same year") if not apart else Evidence(0, "years differ by one")


def places(first: ParsedRecord, second: ParsedRecord) -> Evidence:
    """Weigh volume and first page (or e-location)."""
    pages, volumes = _pair(first.pages, second.pages, first_page), _pair(first.volume, second.volume, _number)
    if pages is None:
        return Evidence(-1, "another volume") if volumes is False else _NOTHING
    if pages:
        return Evidence(4, "same volume and first page") if volumes else Evidence(2, "same first page")
    return Evidence(-4, "other pages", forbids=True) if volumes is False else Evidence(-3, "another first page", True)


def journals(first: ParsedRecord, second: ParsedRecord) -> Evidence:
    """Weigh the journals, full or abbreviated."""
    ours = [name for name in (first.journal, first.journal_abbrev) if name]
    theirs = [name for name in (second.journal, second.journal_abbrev) if name]
    if not ours or not theirs:
        return _NOTHING
    if any(same_journal(name, other) for name in ours for other in theirs):
        return Evidence(1, "same journal")
    return Evidence(-2, "another journal")


def abstracts(first: ParsedRecord, second: ParsedRecord) -> Evidence:
    """Weigh the wording of the abstracts."""
    ours, theirs = _beginning(first.abstract), _beginning(second.abstract)
    size = min(len(ours), len(theirs))
    if size < _SHORTEST_ABSTRACT:
        return _NOTHING
    likeness = fuzz.ratio(ours[:size], theirs[:size], score_cutoff=_OTHER_ABSTRACT)
    if likeness >= _SAME_ABSTRACT:
        return Evidence(4, "same abstract")
    if likeness >= _LIKE_ABSTRACT:
        return Evidence(1, "similar abstract")
    return _NOTHING if likeness >= _OTHER_ABSTRACT else Evidence(-3, "different abstracts")


def identifiers(first: ParsedRecord, second: ParsedRecord) -> Evidence:
    """Weigh identifiers that both have and that are not the same; a shared one has been found before."""
    if first.pmid and second.pmid and first.pmid != second.pmid:
        return Evidence(-8, "different PMIDs", forbids=True)
    if first.doi and second.doi and first.doi != second.doi and not _ENTRY.match(first.doi + second.doi):
        return Evidence(-5, "different DOIs", forbids=True)
    ours, theirs = _trials(first), _trials(second)
    if ours and theirs and not ours & theirs:
        return Evidence(-4, "different trial registrations", forbids=True)
    return _NOTHING


def same_journal(first: str, second: str) -> bool:
    """Whether two names are one journal: each word of the shorter begins a word of the longer, in order.

    ``Am J Trop Med Hyg``, ``American journal of tropical medicine and hygiene`` and ``J Med (Paris)`` / ``J Med``
    agree; ``Lancet`` and ``Lancet Infect Dis`` do not.
    """
    ours, theirs = _journal_words(first), _journal_words(second)
    if len(ours) != len(theirs):
        return False
    return all(a.startswith(b[:4]) or b.startswith(a) for a, b in zip(ours, theirs, strict=True))


@lru_cache(maxsize=512)
def _beginning(abstract: str) -> str:
    """One record of a batch is compared with many."""
    return folded(abstract[: 2 * _COMPARED])[:_COMPARED]


def _journal_words(name: str) -> list[str]:
    bare = re.sub(r"\([^)]*\)|[:=].*", " ", name.replace("&", " and "))
    return [word for part in re.split(r"[\s./-]+", bare) if (word := folded(part)) and word not in _SMALL_WORDS]


def _names(people: tuple[Author, ...]) -> list[str]:
    return [name for author in people if (name := folded(author.family or author.collective))]


def _one_name(name: str, other: str) -> bool:
    if name == other:
        return True
    shorter, longer = sorted((name, other), key=len)
    if len(shorter) < 4:
        return False
    # Particles and second family names come and go: "von Seidlein", "Llanos-Cuentas".
    return OSA.distance(name, other, score_cutoff=1) <= 1 or longer.startswith(shorter) or longer.endswith(shorter)


def _pair(ours: str, theirs: str, reading: Callable[[str], str]) -> bool | None:
    """Whether two readings agree; None when one is missing."""
    first, second = reading(ours), reading(theirs)
    return None if not first or not second else first == second


def first_page(pages: str) -> str:
    """Return the first page or e-location of a range: 1968 of 1968-74, e0187376; empty if there is none."""
    match = _DIGITS.search(pages)
    return match[0].lower() if match else ""


def _number(volume: str) -> str:
    match = re.search(r"\d+", volume)
    return match[0].lstrip("0") if match else ""


def _trials(record: ParsedRecord) -> set[str]:
    return set(record.registrations) or set(registrations_in(record.title))
