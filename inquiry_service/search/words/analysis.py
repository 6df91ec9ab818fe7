"""How text becomes index terms: the same reading for records, for queries and for highlighting.

A text is cut into lexemes. A lexeme has *parts* (ordinary words, stemmed, stop words left out) and, when it
is written as one thing made of several ("TNF-α", "5-HT3", "beta-blocker", "0.5 mg/kg"), a *whole* term beside
them. The whole is spelled without joiners, so that "TNF-α", "TNFα" and "TNF-alpha" meet under ``tnfalpha``
while a search for "alpha" alone still finds them through the parts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple

from whoosh.lang.snowball.english import EnglishStemmer

from inquiry_service.search.words.spelling_variants import one_spelling, one_stem
from inquiry_service.search.words.stop_words import STOP_WORDS

ANALYSIS_VERSION = "3"
"""Part of the index manifest: an index built by another reading of text is rebuilt, not searched."""

BREAK = "\x1e"
"""Put between two fields of a record that share one index field: no phrase crosses it."""
BREAK_GAP = 20

_GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "ζ": "zeta", "η": "eta", "θ":
    "theta", "ι": "iota", "κ": "kappa", "λ": "lambda", "μ": "mu", "ν": "nu", "ξ": "xi", "ο": "omicron",
    "π": "pi", "ρ": "rho", "σ": "sigma", "ς": "sigma", "τ": "tau", "υ": "upsilon", "φ": "phi", "χ":
    "chi", "ψ": "psi", "ω": "omega",
}  # fmt: skip
_GREEK_LETTER = re.compile("[" + "".join(_GREEK) + "]")
_MICROGRAM = {"μg": "mcg", "ug": "mcg", "mcg": "mcg"}
_UNITS = (
    r"(?:mcg|[mkunµμp]?g|[mµμd]?l|[mnµμp]?mol|mEq|m?IU|units?|mmHg|cm|mm|kcal|kJ|"
    r"days?|weeks?|months?|years?|hours?|hrs?|h|min|m2|m²)"
)
_NUMBER = r"\d++(?:[.,·]\d++)*+"
_MARKS = "\u0300-\u036f"
_RUN = rf"(?:{_NUMBER}|[^\W\d_][{_MARKS}]*+)++"
# A joiner between two digits is a range ("50-100 mg"), not a name.
_JOINER = r"(?:['’]|(?<!\d)[-‐‑–−]|[-‐‑–−](?!\d))"
_LEXEME = re.compile(
    rf"(?P<dose>{_NUMBER}[ \u00a0\u202f-]?{_UNITS}(?:\s?/\s?{_UNITS})*+(?![\w-]))"
    rf"|(?P<percent>{_NUMBER}\s?%)"
    r"|(?P<chance>\b[pP]\s?[<>=≤≥]\s?0?[.·]\d++)"
    rf"|(?P<word>{_RUN}(?:{_JOINER}{_RUN})*+)"
    rf"|(?P<break>{BREAK})",
)
_ANY_NUMBER = re.compile(_NUMBER)
_UNIT_NAMES = re.compile(r"[^\W\d_]+\d?|%")
_JOINERS = re.compile(r"[-‐‑–−]")
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_ATOMS = re.compile(r"\d++(?:\.\d++)?+|[^\W\d_]++")
# Scripts written without spaces between words: they are read in overlapping pairs of characters.
_UNSPACED = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]++")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?$")
_NAME = re.compile(r"[^\W_]++")
_SIGNS = (("<≤", "<"), (">≥", ">"), ("=", "="))
_LONGEST_TERM = 60
_FEW_WORDS = 3
"""In a longer text all in capitals, capitals no longer tell a name from a stop word."""

_stemmer = EnglishStemmer()


class Lexeme(NamedTuple):
    """One word, name or dose as it stands in a text.

    Attributes:
        start, end: character offsets in the text, end excluded.
        parts: index terms at consecutive positions; empty for a stop word.
        whole: the term of the thing as a whole, or None for a plain word.
        position: position of the first part, counted in parts (stop words take none).
    """

    start: int
    end: int
    parts: tuple[str, ...]
    whole: str | None
    position: int

    @property
    def terms(self) -> tuple[str, ...]:
        """All terms under which this lexeme is found."""
        return (*self.parts, self.whole) if self.whole else self.parts


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Snowball (Porter 2) stem of one folded word, British and American spellings as one.

    Whoosh's own Porter stemmer turns "running" into "runn", which misses "run"; its Snowball one does not.
    """
    if len(word) < 3 or not word.isascii() or not word.isalpha():
        return word
    return one_stem(str(_stemmer.stem(one_spelling(word))))


def fold(text: str) -> str:
    """Case, accents, compatibility forms and Greek letters folded: "Ménière" -> "meniere", "α" -> "alpha"."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()
    return _GREEK_LETTER.sub(lambda match: _GREEK[match.group()], plain)


def _number(text: str) -> str:
    """One spelling per number: ``1,000`` -> ``1000``, ``0,5`` -> ``0.5``, ``0·5`` -> ``0.5``."""
    text = text.replace("·", ".")
    if _THOUSANDS.match(text):
        return text.replace(",", "")
    return text.replace(",", ".", 1) if text.startswith("0,") else text


def _atoms(piece: str) -> list[str]:
    """The words, numbers and Greek letter names inside one piece of a name, in order."""
    plain = unicodedata.normalize("NFKC", piece).casefold()
    spaced = _GREEK_LETTER.sub(lambda match: f" {_GREEK[match.group()]} ", plain)
    numbered = _ANY_NUMBER.sub(lambda match: _number(match.group()), spaced)
    return [fold(atom) for found in _ATOMS.findall(numbered) for atom in _spaced(found)]


def _spaced(atom: str) -> list[str]:
    """A word as it is; a run of a script without spaces as its overlapping pairs of characters."""
    if not _UNSPACED.fullmatch(atom) or len(atom) < 3:
        return [atom]
    return [atom[at : at + 2] for at in range(len(atom) - 1)]


@lru_cache(maxsize=200_000)
def _read_word(surface: str) -> tuple[tuple[str, ...], str | None]:
    bare = _POSSESSIVE.sub("", surface)
    bare = bare.replace("'", "").replace("’", "")
    folded = fold(bare)
    # Written in capitals it is a name: WHO, IT as a gene, ALL the leukaemia.
    if folded in STOP_WORDS and not (len(bare) > 1 and bare.isupper()):
        return (), None
    unit = _MICROGRAM.get(unicodedata.normalize("NFKC", bare).casefold())
    if unit is not None:
        return (unit,), None
    atoms = [atom for piece in _JOINERS.split(bare) for atom in _atoms(piece)]
    if len(atoms) < 2:
        return tuple(stem(atom)[:_LONGEST_TERM] for atom in atoms), None
    whole = None if _UNSPACED.search(bare) else stem("".join(atoms))[:_LONGEST_TERM]
    return tuple(stem(atom)[:_LONGEST_TERM] for atom in atoms if atom not in STOP_WORDS), whole


@lru_cache(maxsize=20_000)
def _read_dose(surface: str) -> tuple[tuple[str, ...], str]:
    number = "".join(_ANY_NUMBER.findall(surface)[:1])
    plain = unicodedata.normalize("NFKC", surface[len(number) :]).casefold()
    units = [_MICROGRAM.get(unit, fold(unit)) for unit in _UNIT_NAMES.findall(plain)]
    singular = [unit[:-1] if len(unit) > 3 and unit.endswith("s") else unit for unit in units]
    words = tuple(stem(unit) for unit in units if unit != "%")
    number = _number(number)
    return (number, *words), number + "/".join(singular)


@lru_cache(maxsize=1_000)
def _read_chance(surface: str) -> tuple[tuple[str, ...], str]:
    """A significance as reported, "p < .05": whole ``p<0.05``."""
    before, after = surface.replace("·", ".").split(".")
    number = f"0.{after}"
    sign = next(plain for signs, plain in _SIGNS if any(sign in before for sign in signs))
    return ("p", number), f"p{sign}{number}"


def lexemes(text: str) -> Iterator[Lexeme]:
    """Cut ``text`` into lexemes, stop words included (with empty parts).

    Args:
        text: any Unicode text; offsets refer to it as given.
    """
    position = 0
    shouted = text.isupper() and len(text.split()) > _FEW_WORDS
    for match in _LEXEME.finditer(text):
        kind = match.lastgroup
        if kind == "break":
            position += BREAK_GAP
            continue
        surface = match.group().lower() if shouted else match.group()
        parts, whole = _READERS[kind or "word"](surface)
        yield Lexeme(match.start(), match.end(), parts, whole, position)
        position += len(parts)


_READERS: dict[str, Callable[[str], tuple[tuple[str, ...], str | None]]] = {
    "word": _read_word, "dose": _read_dose, "percent": _read_dose, "chance": _read_chance,
}  # fmt: skip


def terms_of(text: str) -> tuple[str, ...]:
    """The parts of all lexemes of ``text``, in order; empty when it holds stop words and punctuation only."""
    return tuple(part for lexeme in lexemes(text) for part in lexeme.parts)


def terms(text: str) -> list[tuple[str, int]]:
    """Index terms of ``text`` with their positions; a whole stands at the position of its first part."""
    found: list[tuple[str, int]] = []
    for lexeme in lexemes(text):
        found.extend((part, lexeme.position + step) for step, part in enumerate(lexeme.parts))
        if lexeme.whole:
            found.append((lexeme.whole, lexeme.position))
    return found


def name_terms(text: str) -> tuple[str, ...]:
    """Terms of people's names: folded, split at spaces, points and hyphens; "May" and "So" are names here."""
    return tuple(_NAME.findall(fold(text.replace("'", "").replace("’", ""))))
