"""Which characters a letter can print, and how a quotation says those that it cannot.

A question stands in the letter word for word and can never be edited (R1, R8), so a smiley in it must not keep
the answer from its reader: in the quotation it is named in square brackets. Everywhere else an unprintable
character is refused by the renderer, because a person can write it differently.
"""

from __future__ import annotations

import unicodedata
from functools import cache

from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from inquiry_service.rendering.print_files import PRINT_DIR

_VARIATION_SELECTORS = frozenset(map(chr, range(0xFE00, 0xFE10)))
"""They choose between two looks of the character before them and print nothing themselves."""


@cache
def printable() -> frozenset[int]:
    """Return the code points of the shipped fonts; the same set the rendering process goes by."""
    found: set[int] = set()
    for path in PRINT_DIR.rglob("*.ttf"):
        with TTFont(path, lazy=True) as font:
            found.update(font.getBestCmap())
    return frozenset(found)


def unprintable(text: str) -> tuple[str, ...]:
    """Return the characters of ``text`` that no shipped font has, each once, in code point order."""
    return tuple(sorted(
        character for character in set(text)
        if ord(character) not in printable() and unicodedata.category(character)[0] not in "CZ"
    ))


def spelled(text: str) -> str:
    """Return ``text`` with each unprintable character named: symbols by their Unicode name, others by code point.

    Printable text comes back unchanged.
    """
    if text.isascii():
        return text
    strange = set(unprintable(text))
    return "".join(_named(character) if character in strange else character for character in text)


def _named(character: str) -> str:
    if character in _VARIATION_SELECTORS:
        return ""
    is_symbol = unicodedata.category(character).startswith("S")
    name = unicodedata.name(character, "").lower() if is_symbol else ""
    return f"[{name or f'U+{ord(character):04X}'}]"
