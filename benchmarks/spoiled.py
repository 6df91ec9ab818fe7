"""Worse copies of good records, as other databases, hands and years write them; the same copies every time."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import replace

from inquiry_service.bibliography.record import Author, ParsedRecord

Damage = Callable[[ParsedRecord, random.Random], ParsedRecord]
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def copies(record: ParsedRecord) -> Iterator[tuple[str, ParsedRecord]]:
    """Yield (name of the damage, copy); a damage that changes nothing on this record is left out."""
    for name, damage in DAMAGES.items():
        # Text as seed: the copies are the same on every machine.
        copy = damage(record, random.Random(f"{name} {record.title}"))  # noqa: S311 - no secret
        if copy != record:
            yield name, copy


def _one_typo(text: str, chance: random.Random) -> str:
    words = [match.span() for match in re.finditer(r"[A-Za-z]{6,}", text)]
    if not words:
        return text
    start, end = chance.choice(words)
    place = chance.randrange(start + 1, end - 1)
    return chance.choice((
        text[:place] + text[place + 1:], text[:place] + chance.choice(_LETTERS) + text[place + 1:],
        text[:place] + text[place + 1] + text[place] + text[place + 2:], text[:place] + text[place] + text[place:]))


def _typo(record: ParsedRecord, chance: random.Random) -> ParsedRecord:
    return replace(record, title=_one_typo(record.title, chance))


def _two_typos(record: ParsedRecord, chance: random.Random) -> ParsedRecord:
    return replace(record, title=_one_typo(_one_typo(record.title, chance), chance))


def _no_subtitle(record: ParsedRecord, _: random.Random) -> ParsedRecord:
    main = re.split(r": |\. (?=[A-Z])|\? ", record.title, maxsplit=1)[0]
    return replace(record, title=main) if len(main.split()) >= 4 else record


def _capitals(record: ParsedRecord, _: random.Random) -> ParsedRecord:
    return replace(record, title=record.title.upper())


def _no_accents(record: ParsedRecord, _: random.Random) -> ParsedRecord:
    def plain(text: str) -> str:
        return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()

    people = tuple(replace(author, family=plain(author.family), given=plain(author.given)) for author in record.authors)
    return replace(record, title=plain(record.title), abstract=plain(record.abstract), authors=people)


def _initials(record: ParsedRecord, _: random.Random) -> ParsedRecord:
    return replace(record, authors=tuple(replace(author, given="", initials=author.initials[:1])
                                         for author in record.authors))


def _turned_names(record: ParsedRecord, _: random.Random) -> ParsedRecord:
    """Given and family name confused, as in files of names without a comma."""
    return replace(record, authors=tuple(
        replace(author, family=f"{author.given} {author.family}", given="", initials="")
        if author.given and len(author.given) > 3 else author for author in record.authors))


def _year_later(record: ParsedRecord, _: random.Random) -> ParsedRecord:
    return replace(record, year=record.year + 1) if record.year else record


def _first_author_only(record: ParsedRecord, _: random.Random) -> ParsedRecord:
    return replace(record, authors=record.authors[:1])


def _first_author_lost(record: ParsedRecord, _: random.Random) -> ParsedRecord:
    return replace(record, authors=record.authors[1:]) if len(record.authors) > 2 else record


def _authors_lost(record: ParsedRecord, _: random.Random) -> ParsedRecord:
    return replace(record, authors=())


def _no_abstract(record: ParsedRecord, _: random.Random) -> ParsedRecord:
    return replace(record, abstract="")


def _abstract_cut(record: ParsedRecord, _: random.Random) -> ParsedRecord:
    return replace(record, abstract=record.abstract[: len(record.abstract) // 3])


def _journal_short(record: ParsedRecord, _: random.Random) -> ParsedRecord:
    words = [word[:4] for word in record.journal.split() if word.lower() not in {"of", "the", "and"}]
    return replace(record, journal=" ".join(words)) if len(words) > 1 else record


def _pages_short(record: ParsedRecord, _: random.Random) -> ParsedRecord:
    return replace(record, pages=record.pages.split("-")[0])


def _group_author(record: ParsedRecord, _: random.Random) -> ParsedRecord:
    return replace(record, authors=(*record.authors, Author(collective="The Study Group")))


def _many(record: ParsedRecord, chance: random.Random) -> ParsedRecord:
    """As a hand-typed list has it: capitals, one typo, initials, no abstract, another year."""
    for damage in (_typo, _capitals, _initials, _no_abstract, _year_later):
        record = damage(record, chance)
    return record


DAMAGES: dict[str, Damage] = {
    "one typo in the title": _typo, "two typos in the title": _two_typos, "subtitle dropped": _no_subtitle,
    "title in capitals": _capitals, "accents lost": _no_accents, "initials only": _initials,
    "given names as family names": _turned_names, "year one later": _year_later,
    "only the first author": _first_author_only, "first author lost": _first_author_lost,
    "no authors": _authors_lost, "no abstract": _no_abstract, "abstract cut": _abstract_cut,
    "journal abbreviated": _journal_short, "first page only": _pages_short, "group added": _group_author,
    "typed by hand": _many,
}
