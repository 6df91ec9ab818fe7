"""Who is who: keys by which the same work is recognised, and the short citation key that writers use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

from inquiry_service.bibliography.record import ParsedRecord

# One key of each of these kinds names one work; the title key only makes two records alike.
STRONG_KINDS = ("doi", "pmid", "pmcid")
_UNTELLING = {"a", "an", "the", "on", "of", "in", "de", "la", "le", "der", "die", "das"}
_NO_LETTER = re.compile(r"[\W_]+")
# Spelled out because decomposition leaves these letters whole.
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th"})


def identity_keys(record: ParsedRecord) -> tuple[str, ...]:
    """Keys to find a record again: ``doi:…``, ``pmid:…``, ``pmcid:…`` and ``work:title|year|author``.

    The ``work`` key needs a year and either a first author or a long title, because "Editorial." by nobody is
    no identity. A notice gets its own namespace: it repeats the title of the article it speaks of.
    """
    keys = [f"{kind}:{value}" for kind in STRONG_KINDS if (value := getattr(record, kind))]
    title = folded(record.title)
    author = _first_name_of(record)
    if record.year and title and (author or len(title) >= 40):
        kind = "notice" if record.is_notice else "work"
        keys.append(f"{kind}:{title}|{record.year}|{author}")
    return tuple(keys)


def same_work(keys: Iterable[str], others: Iterable[str]) -> bool:
    """Whether two sets of keys name the same work.

    A shared DOI, PMID or PMCID decides. Equal titles count unless the two disagree on an identifier that both
    have: series publish distinct works under one title.
    """
    mine, theirs = set(keys), set(others)
    shared = mine & theirs
    if any(key.partition(":")[0] in STRONG_KINDS for key in shared):
        return True
    return bool(shared) and not (_strong_kinds(mine) & _strong_kinds(theirs))


def citation_key(record: ParsedRecord) -> str:
    """Short key for a writer: ``newman1998``; first author's family (or group, or title word) and year."""
    author = record.first_author
    if author and author.family:
        base = folded(author.family)
    else:
        base = _first_word(author.collective if author else "") or _first_word(record.title)
    return f"{base or 'record'}{record.year or 'nd'}"


def disambiguate(base: str, taken: Collection[str]) -> str:
    """The base itself when free, otherwise with the first free ending of b, c, ... z, aa, ab, ...

    The first record keeps its bare key, so that citations already written stay right.
    """
    number, candidate = 1, base
    while candidate in taken:
        number += 1
        candidate = base + _ending(number)
    return candidate


def _ending(number: int) -> str:
    ending = ""
    while number:
        number, rest = divmod(number - 1, 26)
        ending = chr(ord("a") + rest) + ending
    return ending


def _strong_kinds(keys: set[str]) -> set[str]:
    return {kind for key in keys if (kind := key.partition(":")[0]) in STRONG_KINDS}


def _first_name_of(record: ParsedRecord) -> str:
    author = record.first_author
    return folded(author.family or author.collective) if author else ""


def folded(text: str) -> str:
    """Reduce text to lower-case letters without accents and digits: ``Müller-Ørsted 2`` is ``mullerorsted2``."""
    if text.isascii():
        return text.lower() if text.isalnum() else _NO_LETTER.sub("", text.lower())
    # Accents are no word characters once they stand alone.
    return _NO_LETTER.sub("", unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS)))


def _first_word(text: str) -> str:
    words = (folded(word) for word in re.split(r"[\s/–—-]+", text))
    telling = (word for word in words if len(word) > 1 and word not in _UNTELLING and not word.isdigit())
    return next(telling, "")
