"""Abbreviations that a text explains itself: "myocardial infarction (MI)".

The algorithm of A. S. Schwartz and M. A. Hearst, "A simple algorithm for identifying abbreviation definitions in
biomedical text", Pacific Symposium on Biocomputing 8:451-462 (2003): a short form in parentheses is matched from
its last letter to its first against the words before it; the first letter must begin a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_PARENTHESIS = re.compile(r"\(([^()]{2,120})\)")
_SENTENCE_END = re.compile(r"[.;:!?]\s")
_SHORT = re.compile(r"(?!\d\d|[IVX]+$)[^\W_][\w.&/'’+-]*(?: [\w.&/'’+-]+)?")
_SHORTEST, _LONGEST = 2, 10
_MOST_PLAIN = 2
"""Words of a short form; more in parentheses is a long form behind its short one."""


def definitions(text: str) -> Iterator[tuple[str, str]]:
    """Pairs of (short form, long form) as ``text`` writes them, a plural s taken off the short form.

    >>> list(definitions("acute myocardial infarction (MI) and ACS (acute coronary syndrome)"))
    [('MI', 'myocardial infarction'), ('ACS', 'acute coronary syndrome')]
    """
    for match in _PARENTHESIS.finditer(text):
        inside = re.split(r"[;,]", match.group(1), maxsplit=1)[0].strip()
        before = _clause(text[max(0, match.start() - 200) : match.start()])
        short, words = (inside, before) if len(inside.split()) <= _MOST_PLAIN else (_last(before), inside.split())
        if not _is_short(short):
            continue
        long = _long_form(short, _candidate(words, len(short)))
        if long is not None:
            yield _singular(short), long


def _clause(before: str) -> list[str]:
    return _SENTENCE_END.split(before)[-1].split()


def _last(words: list[str]) -> str:
    return words[-1].strip(",") if words else ""


def _is_short(short: str) -> bool:
    return (
        _SHORTEST <= len(short) <= _LONGEST
        and _SHORT.fullmatch(short) is not None
        and any(char.isupper() for char in short)
    )


def _candidate(words: list[str], size: int) -> str:
    return " ".join(words[-min(size + 5, size * 2) :])


def _long_form(short: str, words: str) -> str | None:
    """The shortest end of ``words`` that spells ``short``; None if none does."""
    at = len(words)
    for place in range(len(short) - 1, -1, -1):
        letter = short[place].lower()
        if not letter.isalnum():
            continue
        at -= 1
        while at >= 0 and not (words[at].lower() == letter and (place > 0 or _begins_word(words, at))):
            at -= 1
        if at < 0:
            return None
    long = words[at:].strip(" ,\"'“”")
    return long if _is_long(short, long) else None


def _begins_word(words: str, at: int) -> bool:
    return at == 0 or not words[at - 1].isalnum()


def _is_long(short: str, long: str) -> bool:
    longer = len(long) > len(short) + 1
    return longer and short.lower() not in long.lower().split() and not set("()") & set(long) and len(long.split()) > 1


def _singular(short: str) -> str:
    return short[:-1] if len(short) > _SHORTEST and short.endswith("s") and short[:-1].isupper() else short
