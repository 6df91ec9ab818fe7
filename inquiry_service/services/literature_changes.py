"""What a record of a file says beside what the library holds of the same work: pure comparison, no database.

An import only adds. What the library lacks is a *gain*; where both say something and cannot both be right, it is a
*contradiction* and a matter for a person. Everything else the library keeps as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from inquiry_service.domain.vocabulary import RecordStatus

IDENTIFIERS = ("doi", "pmid", "pmcid")
_TEXTS = ("journal", "journal_abbrev", "volume", "issue", "language", "year")
_LISTS = ("mesh", "keywords", "publication_types")
FIELDS = (*IDENTIFIERS, "title", "abstract", "authors", *_TEXTS, "pages", *_LISTS)
"""What an import may bring to a known record; its status is a matter of :mod:`literature_standing`."""

_FROM_SOUND_TO_RETRACTED = list(RecordStatus)
_KEPT_SHARE = 0.6
"""An abstract that shares fewer of the held one's words is another text, not a fuller one."""
_FULLER = 1.1
_SAME_TITLE = 0.3
"""Share of common words under which two titles with one identifier are taken for two works (R69).

Low, because a translated title in brackets shares little with the original one.
"""
_WORDS = re.compile(r"\w+")

Pair = tuple[Any, Any]


@dataclass(frozen=True)
class Comparison:
    """Field to (in the library, in the file): what the library lacks, and what cannot both be right."""

    gains: Mapping[str, Pair]
    contradictions: Mapping[str, Pair]


def compare(held: Mapping[str, Any], found: Mapping[str, Any], edited: Collection[str] = ()) -> Comparison:
    """Compare a record of the library with one of a file.

    Args:
        held, found: the names of :data:`FIELDS` to their values, in the same spelling.
        edited: fields that a person changed since they were imported; these are never gains, and a different
            text in the file is a contradiction.
    """
    gains: dict[str, Pair] = {}
    contradictions: dict[str, Pair] = {}
    for name in FIELDS:
        pair = (held.get(name), found.get(name))
        if name in edited and _gained(name, *pair):
            contradictions[name] = pair
        elif _gained(name, *pair):
            gains[name] = pair
        elif _contradicts(name, *pair):
            contradictions[name] = pair
    return Comparison(gains, contradictions)


def is_graver(new: RecordStatus, old: RecordStatus) -> bool:
    """Say whether ``new`` leaves less of a work standing than ``old`` (R69)."""
    return _FROM_SOUND_TO_RETRACTED.index(new) > _FROM_SOUND_TO_RETRACTED.index(old)


def is_richer(new: str, old: str) -> bool:
    """Say whether one abstract is a fuller form of another: more words of the same text, or its sections set apart."""
    if not new or not old:
        return bool(new)
    ours, theirs = _words(old), _words(new)
    kept = len(set(ours) & set(theirs)) / max(1, len(set(ours)))
    if kept < _KEPT_SHARE:
        return False
    same_text = kept == 1 and len(theirs) >= len(ours)
    return len(theirs) > len(ours) * _FULLER or (same_text and new.count("\n\n") > old.count("\n\n"))


def _gained(name: str, old: Any, new: Any) -> bool:
    if not new:
        return False
    return not old or _BETTER.get(name, _never)(old, new)


def _contradicts(name: str, old: Any, new: Any) -> bool:
    if not old or not new:
        return False
    if name in IDENTIFIERS:
        return bool(old.casefold() != new.casefold())
    return name == "title" and _common_share(_words(old), _words(new)) < _SAME_TITLE


def _never(_old: Any, _new: Any) -> bool:
    return False


def _more_of_a_list(old: list[str], new: list[str]) -> bool:
    return set(old) < set(new)


def _more_authors(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> bool:
    """A list cut off after some names is less than one that begins with the same names and goes on."""
    ours, theirs = [_family(author) for author in old], [_family(author) for author in new]
    return len(theirs) > len(ours) and theirs[:len(ours)] == ours


def _last_page_too(old: str, new: str) -> bool:
    return "-" not in old and new.startswith(f"{old}-")


_BETTER: Mapping[str, Callable[[Any, Any], bool]] = {
    "abstract": lambda old, new: is_richer(new, old), "authors": _more_authors, "pages": _last_page_too,
    **dict.fromkeys(_LISTS, _more_of_a_list),
}


def _family(author: Mapping[str, Any]) -> str:
    return str(author.get("collective") or author.get("family", "")).casefold()


def _words(text: str) -> list[str]:
    return _WORDS.findall(text.casefold())


def _common_share(ours: list[str], theirs: list[str]) -> float:
    return len(set(ours) & set(theirs)) / max(1, min(len(set(ours)), len(set(theirs))))
