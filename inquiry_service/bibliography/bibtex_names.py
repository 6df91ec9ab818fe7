"""Names as BibTeX writes them: ``von Last, Jr, First``, ``First von Last``, ``{A Group}``, ``and others``.

Source: O. Patashnik, "BibTeXing" (1988), section 4, item 10 ff.; "The biblatex package", section 3.7 (named parts).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from inquiry_service.bibliography import names
from inquiry_service.bibliography.latex import to_unicode
from inquiry_service.bibliography.record import Author

_BRACES = re.compile(r"\\.|[{}]", re.DOTALL)
_PART = re.compile(r"\s*(family|given|prefix|suffix)\s*=\s*(.*)\Z", re.DOTALL | re.IGNORECASE)


def authors_of(text: str) -> list[Author]:
    """Read an author or editor field.

    Args:
        text: the value between its delimiters, LaTeX included.
    """
    text = _unwrapped(text)
    people = list(_split(text, re.compile(r"\s+and\s+", re.IGNORECASE)))
    if len(people) == 1 and ";" in text:
        # Not BibTeX, but written by several databases.
        people = list(_split(text, re.compile(r"\s*;\s*")))
    authors = (_author(person.strip().strip(",")) for person in people)
    return [author for author in authors if author is not None]


def _author(text: str) -> Author | None:
    if not text or text.lower() in {"others", "et al", "et al.", "{others}"}:
        return None
    if _is_braced(text):
        return names.group(to_unicode(text))
    commas = list(_split(text, re.compile(r"\s*,\s*")))
    parts = {match[1].lower(): to_unicode(match[2]) for part in commas if (match := _PART.match(part))}
    if "family" in parts:
        family = f"{parts.get('prefix', '')} {parts['family']}".strip()
        return names.person(family, parts.get("given", ""), suffix=parts.get("suffix", ""))
    if len(commas) == 3 and commas[2]:
        return names.person(to_unicode(commas[0]), to_unicode(commas[2]), suffix=to_unicode(commas[1]))
    words = list(_split(text, re.compile(r"\s+")))
    if len(commas) == 1 and len(words) > 1 and _is_braced(words[-1]):
        return names.person(to_unicode(words[-1]), to_unicode(" ".join(words[:-1])))
    if len(commas) > 1 and _is_braced(commas[0]):
        return names.person(to_unicode(commas[0]), to_unicode(commas[1]))
    return names.parse_author(to_unicode(text))


def _unwrapped(text: str) -> str:
    """A list of "Family, Given" in one more pair of braces is a list; without commas it is a group."""
    text = text.strip()
    if not _is_braced(text):
        return text
    people = re.split(r"\s+and\s+", text[1:-1], flags=re.IGNORECASE)
    return text[1:-1] if len(people) > 1 and all("," in person for person in people) else text


def _is_braced(text: str) -> bool:
    """Whether one pair of braces holds the whole text, and not just an accent such as ``{\\'E}``."""
    if not text.startswith("{") or text.startswith("{\\"):
        return False
    return next((end for depth, end in _depths(text) if depth == 0), -1) == len(text)


def _depths(text: str) -> Iterator[tuple[int, int]]:
    """Depth behind each brace, and the index behind it."""
    depth = 0
    for match in _BRACES.finditer(text):
        if match[0] in "{}":
            depth += 1 if match[0] == "{" else -1
            yield depth, match.end()


def _split(text: str, separator: re.Pattern[str]) -> Iterator[str]:
    """Split at a separator that stands outside braces."""
    begin = seen = depth = 0
    for match in separator.finditer(text):
        between = text[seen : match.start()]
        depth += between.count("{") - between.count("\\{") - between.count("}") + between.count("\\}")
        seen = match.start()
        if depth <= 0:
            yield text[begin : match.start()]
            begin = match.end()
    yield text[begin:]
