"""The typed search cut into tokens, each with its place, so that an error can point at it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import NoReturn

from inquiry_service.errors import InvalidInput

LONGEST_QUERY = 8_000
"""Characters; a whole e-mail fits, a pasted article does not."""

TEXT_FIELDS = ("title", "abstract", "author", "journal", "mesh", "keyword", "fulltext")
EXAMPLES = {
    "title": "title:migraine",
    "abstract": "abstract:placebo",
    "author": "author:newman",
    "journal": "journal:headache",
    "mesh": 'mesh:"migraine disorders"',
    "keyword": "keyword:triptans",
    "fulltext": 'fulltext:"primary endpoint"',
    "year": "year:2004, year:1996..2004 or year:2004.. (open end)",
    "status": "status:current",
    "design": "design:randomized_trial",
    "product": "product:sumatriptan",
    "type": 'type:"clinical trial"',
    "kind": "kind:label",
    "source": "source:pubmed",
    "population": "population:pregnancy",
    "pmid": "pmid:9674831",
    "pmcid": "pmcid:PMC1234567",
    "doi": "doi:10.1000/182",
    "key": "key:newman1998",
}
FIELDS = tuple(EXAMPLES)


class Kind(Enum):
    """What a token is."""

    TEXT = "text"
    PHRASE = "phrase"
    FIELD = "field"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    OPEN = "("
    CLOSE = ")"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One token; ``start`` and ``end`` are character offsets in the typed text, end excluded."""

    kind: Kind
    text: str
    start: int
    end: int


_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACE = re.compile(r"\s++")
_QUOTES = '"“”„'
_DELIMITER = re.compile(rf"[\s(){_QUOTES}]")
_FIELD = re.compile(r"([A-Za-z_]++):(?=[^\s/:])")
_OPERATORS = {"AND": Kind.AND, "OR": Kind.OR, "NOT": Kind.NOT}


def complain(message: str, position: int, hint: str) -> NoReturn:
    """Refuse a search, saying where and what to do.

    Args:
        message: what is wrong, one clause.
        position: character offset in the typed text, from 0.
        hint: what to type instead.

    Raises:
        InvalidInput: always; ``data`` holds ``position`` and ``hint``, ``fields`` the message under ``q``.
    """
    text = f"{message} (at character {position + 1}). {hint}"
    raise InvalidInput(text, fields={"q": text}, position=position, hint=hint)


def check_text(text: str) -> None:
    """Refuse what cannot be a search at all.

    Raises:
        InvalidInput: more than ``LONGEST_QUERY`` characters, or half characters (lone surrogates).
    """
    broken = _SURROGATE.search(text)
    if broken:
        complain("A character is broken", broken.start(), "Type it again.")
    if len(text) > LONGEST_QUERY:
        complain(
            f"The search is {len(text):,} characters long",
            LONGEST_QUERY,
            f"Keep the part that asks the question, at most {LONGEST_QUERY:,} characters.",
        )


def tokenize(text: str) -> list[Token]:
    """All tokens of ``text``, closed by one END token.

    Raises:
        InvalidInput: unknown field, quotation mark that is not closed, or too long.
    """
    check_text(text)
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        space = _SPACE.match(text, at)
        if space:
            at = space.end()
            continue
        token = _next_token(text, at, tokens[-1].text if tokens and tokens[-1].kind is Kind.FIELD else "")
        tokens.append(token)
        at = token.end
    tokens.append(Token(Kind.END, "", len(text), len(text)))
    return tokens


def _next_token(text: str, at: int, after: str) -> Token:
    """The token at ``at``; ``after`` is the field whose value it is, or ""."""
    char = text[at]
    if after == "doi" and char not in _QUOTES:
        # Nearly anything may stand in a DOI, "10.1016/S0140-6736(05)66666-7"; only a bracket around it ends it, too.
        return _doi(text, at)
    if char in "()":
        return Token(Kind.OPEN if char == "(" else Kind.CLOSE, char, at, at + 1)
    if char in _QUOTES:
        return _quoted(text, at)
    field = _FIELD.match(text, at)
    if field:
        return _field(field)
    stop = _DELIMITER.search(text, at)
    end = stop.start() if stop else len(text)
    return Token(_OPERATORS.get(text[at:end], Kind.TEXT), text[at:end], at, end)


def _doi(text: str, at: int) -> Token:
    end, depth = at, 0
    while end < len(text) and not text[end].isspace():
        depth += (text[end] == "(") - (text[end] == ")")
        if depth < 0:
            break
        end += 1
    return Token(Kind.TEXT, text[at:end], at, end)


def _quoted(text: str, at: int) -> Token:
    closing = '"' if text[at] == '"' else '”“"'
    end = next((place for place in range(at + 1, len(text)) if text[place] in closing), None)
    if end is None:
        complain("This quotation mark is never closed", at, 'Close the phrase with ", or leave the mark out.')
    return Token(Kind.PHRASE, text[at + 1 : end], at, end + 1)


def _field(match: re.Match[str]) -> Token:
    name = match.group(1).lower()
    if name not in FIELDS:
        complain(
            f"There is no field “{match.group(1)}:”",
            match.start(),
            f"Fields are {', '.join(FIELDS)}. Put a space after the colon to search the word itself.",
        )
    return Token(Kind.FIELD, name, match.start(), match.end())
