"""The search language: typed text to tree, with caps, and errors that point at the place.

    migraine prevention sumatriptan        any of the words, best match first
    "menstrual migraine" sumatriptan       the phrase must match, and one of the words
    triptan* AND (nausea OR vomiting) NOT title:review
    author:newman year:1996..2004 status:current mesh:"migraine disorders"
    =MI wom?n                              a word without its synonyms; ? is one letter or none

Words that stand side by side are ranked together (one is enough); phrases, fields and groups beside
them must match. AND, OR and NOT count only in capitals, so that a question can be pasted as written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NoReturn

from inquiry_service.search.language.caps import check_positive, check_size, complain_nothing_left
from inquiry_service.search.language.lexing import EXAMPLES, TEXT_FIELDS, Kind, Token, check_text, complain, tokenize
from inquiry_service.search.language.terms import FreeText, is_exact, is_special, read_years, special_word
from inquiry_service.search.language.tree import (
    And,
    AnyOf,
    Everything,
    Node,
    Not,
    Or,
    Pattern,
    Phrase,
    Prefix,
    Ranked,
    Value,
    Word,
)
from inquiry_service.search.words.analysis import name_terms, terms_of

DEEPEST = 5
"""Parentheses inside parentheses."""
FEWEST_OF_A_QUESTION = 5
"""Words without an operator that are read as a question; fewer are, if a question mark ends them."""

_ENDS = (Kind.AND, Kind.OR, Kind.CLOSE, Kind.END)
_VALUES = (Kind.TEXT, Kind.PHRASE, Kind.AND, Kind.OR, Kind.NOT)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A search that was understood.

    Attributes:
        tree: what to look for.
        dropped: what was left out and why, one sentence each.
    """

    tree: Node
    dropped: tuple[str, ...]


def parse(text: str) -> Parsed:
    """Read a search as typed.

    Args:
        text: the search; empty means every record.

    Raises:
        InvalidInput: not understood, or over a cap; ``data["position"]`` is the offset of the place.
    """
    return _Parser(text).parse()


def parse_plain(text: str) -> Parsed:
    """Read a text that was not written as a search, such as a verbatim question: no operators, no fields.

    Raises:
        InvalidInput: longer than the language allows, or without any word to search; nothing else.
    """
    check_text(text)
    reader = FreeText()
    words = reader.words(text, None)
    if words:
        return Parsed(replace(reader.any_of(words), is_question=True), reader.dropped())
    if text.strip():
        complain_nothing_left(0)
    return Parsed(Everything(), ())


class _Parser:
    """Recursive descent over the tokens; each method reads one level: or < and < sequence < item."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = tokenize(text)
        self._at = 0
        self._depth = 0
        self._free = FreeText()

    def parse(self) -> Parsed:
        if self._here().kind is Kind.END:
            return Parsed(Everything(), ())
        tree = self._or(None)
        if self._here().kind is Kind.CLOSE:
            complain("This “)” closes nothing", self._here().start, "Remove it, or open a “(” before it.")
        dropped = self._free.dropped()
        if tree is None:
            complain_nothing_left(self._tokens[0].start)
        check_positive(tree, self._tokens)
        check_size(tree, self._tokens)
        return Parsed(_as_question(tree, self._text), dropped)

    def _here(self) -> Token:
        return self._tokens[self._at]

    def _take(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1
        return token

    def _or(self, field: str | None) -> Node | None:
        branches = [self._and(field)]
        while self._here().kind is Kind.OR:
            self._take()
            branches.append(self._and(field))
        return _joined(Or, branches)

    def _and(self, field: str | None) -> Node | None:
        branches = [self._sequence(field)]
        while self._here().kind is Kind.AND:
            self._take()
            branches.append(self._sequence(field))
        return _joined(And, branches)

    def _sequence(self, field: str | None) -> Node | None:
        if self._here().kind in _ENDS:
            self._complain_missing()
        ranked: list[Ranked] = []
        required: list[Node | None] = []
        while self._here().kind not in _ENDS:
            if self._here().kind is Kind.TEXT:
                ranked.extend(self._text_run(field))
                continue
            opened = self._here().kind is Kind.OPEN
            item = self._item(field)
            # A bracketed remark in a question, "sumatriptan (oral)", ranks like the words around it.
            if opened and isinstance(item, AnyOf):
                ranked.extend(item.words)
            else:
                required.append(item)
        return _joined(And, [self._free.any_of(ranked) if ranked else None, *required])

    def _complain_missing(self) -> NoReturn:
        token = self._here() if self._here().kind is not Kind.END else self._tokens[self._at - 1]
        complain(
            f"Something to look for is missing beside “{token.text}”",
            token.start,
            "AND, OR, NOT and parentheses need a word; in small letters they are ordinary words.",
        )

    def _item(self, field: str | None) -> Node | None:
        token = self._take()
        if token.kind is Kind.NOT:
            return self._negated(field, token)
        if token.kind is Kind.OPEN:
            return self._group(field, token)
        if token.kind is Kind.FIELD:
            return self._fielded(token)
        return self._phrase(token, field)

    def _negated(self, field: str | None, token: Token) -> Node | None:
        if self._here().kind in _ENDS or self._here().kind is Kind.NOT:
            hint = "Write NOT word, or not in small letters."
            complain("NOT needs something to leave out", token.start, hint)
        if self._here().kind is Kind.TEXT:
            word = self._take()
            inner = _joined(And, list(self._words_of(word, field)))
        else:
            inner = self._item(field)
        return None if inner is None else Not(inner)

    def _group(self, field: str | None, opening: Token) -> Node | None:
        self._depth += 1
        if self._depth > DEEPEST:
            hint = "Split the search in two."
            complain(f"Parentheses are nested more than {DEEPEST} deep", opening.start, hint)
        if self._here().kind is Kind.CLOSE:
            complain("These parentheses are empty", opening.start, "Put words between them, or remove them.")
        inner = self._or(field)
        if self._here().kind is not Kind.CLOSE:
            complain("This “(” is never closed", opening.start, "Add a “)”, or remove the “(”.")
        self._take()
        self._depth -= 1
        return inner

    def _fielded(self, token: Token) -> Node | None:
        value = self._take()
        if token.text in TEXT_FIELDS and value.kind is Kind.OPEN:
            return self._group(token.text, value)
        if value.kind not in _VALUES or not value.text.strip():
            complain(f"{token.text}: needs a value", token.start, f"For example {EXAMPLES[token.text]}")
        if token.text == "year":
            return read_years(value)
        if token.text not in TEXT_FIELDS:
            return Value(token.text, value.text.strip())
        if value.kind is Kind.PHRASE:
            return self._phrase(value, token.text)
        return _joined(And, list(self._words_of(value, token.text)))

    def _phrase(self, token: Token, field: str | None) -> Node | None:
        if not (name_terms if field == "author" else terms_of)(token.text):
            self._free.leave_out(token.text.strip() or '""')
            return None
        return Phrase(token.text.strip(), field)

    def _text_run(self, field: str | None) -> tuple[Word | Prefix | Pattern, ...]:
        """Neighbouring plain tokens read as one text, so that "0.5 mg/kg" stays one dose."""
        first = last = self._take()
        if is_special(first.text):
            return self._words_of(first, field)
        while self._here().kind is Kind.TEXT and not is_special(self._here().text):
            last = self._take()
        return self._free.words(self._text[first.start : last.end], field)

    def _words_of(self, token: Token, field: str | None) -> tuple[Word | Prefix | Pattern, ...]:
        special = special_word(token, field)
        if special is not None:
            return (special,)
        return self._free.words(token.text, field, is_exact=is_exact(token.text))


def _as_question(tree: Node, text: str) -> Node:
    """``tree``, marked as a question when it is nothing but words and reads like one.

    Nobody lists five words to choose from; whoever types as many has written down what they want to know.
    """
    if not isinstance(tree, AnyOf) or not all(isinstance(word, Word) and not word.is_exact for word in tree.words):
        return tree
    return replace(tree, is_question=len(tree.words) >= FEWEST_OF_A_QUESTION or text.rstrip().endswith("?"))


def _joined(kind: type[And] | type[Or], nodes: Sequence[Node | None]) -> Node | None:
    """``nodes`` under one operator: empty ones left out, a single one unwrapped, nested ones flattened."""
    flat: list[Node] = []
    for node in nodes:
        if isinstance(node, kind):
            flat.extend(node.nodes)
        elif node is not None:
            flat.append(node)
    if not flat:
        return None
    return flat[0] if len(flat) == 1 else kind(tuple(flat))
