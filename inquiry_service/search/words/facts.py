"""What the library's own records tell about words: abbreviations they explain, names of medicines, words they use.

Facts are counted by record. They are plain strings and numbers: no index is needed to keep them, and any adapter can
store them as JSON. A fact does not become untrue when the record that told it leaves the library, so facts are only
ever added, and counted anew when the index is built anew.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Self

from inquiry_service.search.port import IndexDocument
from inquiry_service.search.words.abbreviations import definitions
from inquiry_service.search.words.mesh_entries import MOST_COUNTED, MOST_KEPT, forget_rarest, recurring, told
from inquiry_service.search.words.mesh_headings import descriptors
from inquiry_service.search.words.shipped_words import is_drug

SHORTEST_WORD, LONGEST_WORD = 4, 30
"""Letters of the words that are counted: shorter ones have too many neighbours to suggest one."""

_WORD = re.compile(rf"[^\W\d_]{{{SHORTEST_WORD},{LONGEST_WORD}}}+(?![^\W\d_])")
_BRAND_BEHIND = re.compile(r"\b([a-z][a-z-]{3,30}) \(([A-Z][A-Za-z-]{2,25})(\s?[®™])?[,;)]")
_BRAND_BEFORE = re.compile(r"\b([A-Z][A-Za-z-]{2,25})\s?[®™]\s?\(([a-z][a-z-]{3,30})\b")
_LABEL_TITLE = re.compile(r"^([A-Za-z-]{3,25})\s?[®™]?\s*[(\[]([a-z-]{4,30})\b", re.IGNORECASE)
_ACTION = re.compile(
    r"(?:agents?|agonists|antagonists|inhibitors|blockers|drugs|analgesics|diuretics|modulators|anticoagulants)\b",
    re.IGNORECASE,
)
_LABEL = "label"
_ROOMY = 2_000
"""Records from which on a fact told only once is not worth keeping."""

Section = Counter[tuple[str, ...]]


class Facts:
    """Counts of facts.

    Attributes:
        abbreviations: (short form, long form); brands: (brand, substance); actions: (MeSH heading of a
            pharmacological action, medicine named in a title under it); drugs: (name of a medicine,), in small
            letters, as all words; words: (word,).
        headings: (MeSH heading,), and () for every record that carries any; entries: (expression of a title or
            keyword,) and (expression, MeSH heading), among these records (``mesh_entries``).
    """

    SECTIONS = ("abbreviations", "brands", "actions", "drugs", "words", "headings", "entries")

    def __init__(self) -> None:
        self.abbreviations: Section = Counter()
        self.brands: Section = Counter()
        self.actions: Section = Counter()
        self.drugs: Section = Counter()
        self.words: Section = Counter()
        self.headings: Section = Counter()
        self.entries: Section = Counter()

    def add(self, document: IndexDocument) -> None:
        """Count what ``document`` tells; records for medical staff only tell nothing, since all may ask (R24)."""
        if document.medical_only:
            return
        text = f"{document.title}. {document.abstract}"
        words = words_of(text)
        explained = set(definitions(text))
        self.abbreviations.update(explained)
        self.brands.update(set(_brands(document, text)))
        self.actions.update(set(_actions(document)))
        self.drugs.update((word,) for word in words if is_drug(word))
        self.words.update((word,) for word in words)
        if document.mesh:
            self._add_headings(document, [long for _, long in explained])

    def _add_headings(self, document: IndexDocument, long_forms: list[str]) -> None:
        self.headings.update([(), *((heading,) for heading in descriptors(document.mesh))])
        self.entries.update(told(document, long_forms))
        forget_rarest(self.entries, MOST_COUNTED)

    def include(self, other: Facts) -> None:
        """Add the counts of ``other``."""
        for name in self.SECTIONS:
            mine = getattr(self, name)
            for fact, count in getattr(other, name).items():
                mine[fact] += count
        forget_rarest(self.entries, MOST_COUNTED)

    def thinned(self, documents: int) -> Self:
        """These facts as they are kept for a library of ``documents`` records: of many, only what recurs."""
        least = 2 if documents >= _ROOMY else 1
        kept = type(self)()
        for name in self.SECTIONS:
            section = getattr(self, name)
            getattr(kept, name).update({fact: count for fact, count in section.items() if count >= least})
        kept.entries = Counter(recurring(kept.entries))
        return kept.bounded()

    def bounded(self) -> Self:
        """These facts, those that grow fastest cut to what is stored at most."""
        forget_rarest(self.entries, MOST_KEPT)
        return self

    def rows(self, name: str) -> list[list[Any]]:
        """One section as JSON rows, the fact's strings followed by its count, in a fixed order."""
        return [[*fact, count] for fact, count in sorted(getattr(self, name).items()) if count]

    def read(self, name: str, rows: Iterable[list[Any]]) -> None:
        """Add the rows of one section as ``rows`` gave them."""
        section = getattr(self, name)
        for *fact, count in rows:
            section[tuple(fact)] += count


def words_of(text: str) -> set[str]:
    """The words of ``text`` that are counted, in small letters."""
    return set(_WORD.findall(text.lower()))


def _brands(document: IndexDocument, text: str) -> Iterator[tuple[str, str]]:
    for substance, brand, marked in _BRAND_BEHIND.findall(text):
        # Without the sign of a trade mark, a capital in parentheses may be a maker or a town.
        if marked or (is_drug(substance) and is_drug(brand.lower())):
            yield brand, substance
    for brand, substance in _BRAND_BEFORE.findall(text):
        yield brand, substance
    title = _LABEL_TITLE.match(document.title) if document.kind == _LABEL else None
    if title is not None:
        yield title.group(1).capitalize(), title.group(2).lower()


def _actions(document: IndexDocument) -> Iterator[tuple[str, str]]:
    headings = [heading for heading in document.mesh if _ACTION.search(heading)]
    if headings:
        medicines = [word for word in words_of(document.title) if is_drug(word)]
        yield from ((heading, medicine) for heading in headings for medicine in medicines)
