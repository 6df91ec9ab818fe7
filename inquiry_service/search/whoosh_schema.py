"""The fields of the Whoosh index, and how a record fills them.

Free text is searched in ``text`` (everything a person might type) and in ``title``; the separate text fields
serve fielded searches. The classes named in the schema are pickled into the index by reference, so renaming
them makes an index unreadable: raise ``ANALYSIS_VERSION`` then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from whoosh.analysis import Token
from whoosh.columns import RefBytesColumn, VarBytesColumn
from whoosh.fields import ID, STORED, TEXT, Schema

from inquiry_service.search.analysis import BREAK, name_terms, terms
from inquiry_service.search.port import IndexDocument

VALUE_BREAK = "\x1f"
"""Between the values of a field that holds several; no label contains it."""
MEDICAL_ONLY = "medical"


class _Analyzer:
    """What Whoosh asks of an analyzer, over one of the functions of ``analysis``."""

    def _terms(self, text: str) -> Iterable[tuple[str, int]]:
        raise NotImplementedError

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other)

    def __hash__(self) -> int:
        return hash(type(self))

    def __call__(self, value: str, **_: Any) -> Iterator[Any]:
        token = Token(positions=True)
        for token.text, token.pos in self._terms(value):
            yield token


class TextAnalyzer(_Analyzer):
    """Running text."""

    def _terms(self, text: str) -> Iterable[tuple[str, int]]:
        return terms(text)


class NameAnalyzer(_Analyzer):
    """Names of people: neither stemmed nor stopped."""

    def _terms(self, text: str) -> Iterable[tuple[str, int]]:
        return ((term, position) for position, term in enumerate(name_terms(text)))


class ValueAnalyzer(_Analyzer):
    """Labels, each one term; compared without regard to case."""

    def _terms(self, text: str) -> Iterable[tuple[str, int]]:
        return ((value.casefold(), 0) for value in text.split(VALUE_BREAK) if value)


def _values(column: Callable[[], Any] | None = None) -> Any:
    return ID(analyzer=ValueAnalyzer(), sortable=column() if column else False)


def schema() -> Any:
    """The Whoosh schema of the literature index."""
    return Schema(
        record_id=ID(stored=True, unique=True, sortable=VarBytesColumn()),
        version=STORED(),
        title=TEXT(analyzer=TextAnalyzer(), stored=True),
        abstract=TEXT(analyzer=TextAnalyzer(), stored=True),
        text=TEXT(analyzer=TextAnalyzer()),
        author=TEXT(analyzer=NameAnalyzer()),
        journal=TEXT(analyzer=TextAnalyzer()),
        mesh=TEXT(analyzer=TextAnalyzer()),
        year=_values(RefBytesColumn),
        status=_values(RefBytesColumn),
        type=_values(RefBytesColumn),
        product=_values(),
        design=_values(),
        pmid=_values(),
        doi=_values(),
        key=_values(),
        visibility=_values(),
    )


def row(document: IndexDocument) -> dict[str, Any]:
    """The field values of one record; empty ones are left out."""
    year = str(document.year) if document.year is not None else ""
    fields = {
        "record_id": document.record_id,
        "version": document.version,
        "title": _clean(document.title),
        "abstract": _clean(document.abstract),
        "text": _everything(document, year),
        "author": BREAK.join(document.authors),
        "journal": _clean(document.journal),
        "mesh": BREAK.join(_clean(heading) for heading in document.mesh),
        "year": year,
        "status": document.status,
        "type": VALUE_BREAK.join(document.publication_types),
        "product": VALUE_BREAK.join(document.products),
        "design": document.design,
        "pmid": document.pmid,
        "doi": document.doi,
        "key": document.citation_key,
        "visibility": MEDICAL_ONLY if document.medical_only else "",
    }
    return {name: value for name, value in fields.items() if value != ""}


def _everything(document: IndexDocument, year: str) -> str:
    pieces = (
        _clean(document.title),
        _clean(document.abstract),
        *map(_clean, document.mesh),
        *map(_clean, document.products),
        *map(_clean, document.authors),
        _clean(document.journal),
        f"{year} {document.citation_key} {document.pmid}",
    )
    return BREAK.join(pieces)


def _clean(text: str) -> str:
    # A separator inside a record's text must not look like one of ours.
    return text.replace(BREAK, " ")
