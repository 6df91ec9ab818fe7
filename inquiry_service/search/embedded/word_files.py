"""The library's facts about words, kept beside the index: plain JSON that the generation's manifest signs.

    FACTS-00000, WORDS-00000     of all records when the index was built
    FACTS-00001, WORDS-00001     of records that were added since, one pair for each change

Adding a record thus writes a few lines; when there are many such pairs, they are joined to one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from inquiry_service.search.port import IndexDocument
from inquiry_service.search.ranking.answering import Words
from inquiry_service.search.ranking.spelling import Speller
from inquiry_service.search.words.facts import Facts
from inquiry_service.search.words.thesaurus import Thesaurus, keys_of

_FACTS, _WORDS = "FACTS-", "WORDS-"
_SECTIONS = {_FACTS: ("abbreviations", "brands", "actions", "drugs", "headings", "entries"), _WORDS: ("words",)}
_MOST_CHANGES = 24
"""Pairs of files beside the first one; each is opened by every process."""

Content = Callable[[str], bytes]
"""Gives the verified bytes of a file of the generation."""


class WordFiles:
    """The facts of one generation, read when first asked for.

    Args:
        digests: name and digest of the generation's files; others than those written here are left alone.
        content: gives their bytes.
    """

    def __init__(self, digests: Mapping[str, object], content: Content) -> None:
        self._digests = {name: digest for name, digest in digests.items() if name.startswith((_FACTS, _WORDS))}
        self._content = content

    @cached_property
    def words(self) -> Words:
        """Thesaurus and speller."""
        names = list(self._digests)
        facts, keys = read_facts(names, lambda name: self._content(name))
        return Words(Thesaurus(facts, keys), Speller(lambda: read_words(names, lambda name: self._content(name))))

    def go_on(self, digests: Mapping[str, object], content: Content) -> WordFiles:
        """The facts of a later generation: these, if its files are the same.

        They are read from the later one's folder from now on, for the earlier one's will be removed.
        """
        later = WordFiles(digests, content)
        if later._digests != self._digests:
            return later
        self._content = content
        return self


def counted(documents: Iterable[IndexDocument], facts: Facts) -> Iterator[IndexDocument]:
    """``documents`` as they are, what they tell about words noted in ``facts`` on their way."""
    for document in documents:
        facts.add(document)
        yield document


def write_all(folder: Path, facts: Facts, documents: int) -> None:
    """Write the facts of a library of ``documents`` records that was built anew."""
    _write(folder, 0, facts.thinned(documents))


def write_more(folder: Path, facts: Facts, names: list[str], content: Content) -> None:
    """Write the facts of added records beside those that are there.

    Args:
        names: files of the generation that the folder started with, read through ``content``.
    """
    if not facts.words:
        return
    numbers = sorted(int(name.removeprefix(_FACTS)) for name in names if name.startswith(_FACTS))
    if len(numbers) <= _MOST_CHANGES:
        _write(folder, max(numbers, default=0) + 1, facts.bounded())
        return
    for number in numbers[1:]:
        pair = [f"{kind}{number:05d}" for kind in _SECTIONS]
        facts.include(read_facts(pair, content)[0])
        facts.include(read_words(pair, content))
        for name in pair:
            (folder / name).unlink(missing_ok=True)
    _write(folder, max(numbers) + 1, facts.bounded())


def read_facts(names: list[str], content: Content) -> tuple[Facts, dict[str, str]]:
    """All facts but the words, and the keys of their expressions.

    Args:
        names: files of the generation.
    """
    facts, keys = Facts(), dict[str, str]()
    for name in sorted(names):
        if name.startswith(_FACTS):
            keys.update(_read(facts, _FACTS, content(name))["keys"])
    return facts, keys


def read_words(names: list[str], content: Content) -> Facts:
    """The words, and no other facts."""
    facts = Facts()
    for name in sorted(names):
        if name.startswith(_WORDS):
            _read(facts, _WORDS, content(name))
    return facts


def _read(facts: Facts, kind: str, content: bytes) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(content)
    for section in _SECTIONS[kind]:
        facts.read(section, read[section])
    return read


def _write(folder: Path, number: int, facts: Facts) -> None:
    for kind, sections in _SECTIONS.items():
        rows: dict[str, Any] = {section: facts.rows(section) for section in sections}
        if kind == _FACTS:
            rows["keys"] = keys_of(facts)
        (folder / f"{kind}{number:05d}").write_text(json.dumps(rows, sort_keys=True), encoding="ascii")
