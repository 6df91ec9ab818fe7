"""The fields of the Whoosh index, and how a record fills them.

Free text is searched in ``text`` (everything a person might type), in ``title`` and in ``fulltext``; the other
text fields serve fielded searches.
"""

from __future__ import annotations

from typing import Any

from whoosh.fields import STORED, Schema

from inquiry_service.search.embedded.fields import VALUE_BREAK, Labels, Names, Pages, Text
from inquiry_service.search.port import IndexDocument
from inquiry_service.search.words.analysis import BREAK

MEDICAL_ONLY = "medical"
COLUMNS = ("year", "status", "type", "product", "design", "kind", "source", "population")
"""Labels that are also kept per record, for counting."""
SCORED = frozenset({"title", "abstract", "text", "author", "journal", "mesh", "keyword", "fulltext"})
"""Fields with frequencies and positions; in the others a record holds a label or not."""
MARKED = ("title", "abstract")
"""Fields whose words are marked in the hits: where each word stands in the text is kept."""


def schema() -> Any:
    """The Whoosh schema of the literature index."""
    return Schema(
        record_id=STORED(),
        version=STORED(),
        title=Text(stored=True),
        abstract=Text(stored=True),
        text=Text(),
        fulltext=Pages(stored=True),
        author=Names(),
        journal=Text(),
        mesh=Text(),
        keyword=Text(),
        pmid=Labels(),
        pmcid=Labels(),
        doi=Labels(),
        key=Labels(),
        visibility=Labels(),
        **{name: Labels(stored=True) for name in COLUMNS},
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
        "fulltext": BREAK.join(map(_clean, document.pages)) if any(document.pages) else "",
        "author": BREAK.join(document.authors),
        "journal": _clean(document.journal),
        "mesh": BREAK.join(_clean(heading) for heading in document.mesh),
        "keyword": BREAK.join(map(_clean, document.keywords)),
        "year": year,
        "status": document.status,
        "type": VALUE_BREAK.join(document.publication_types),
        "product": VALUE_BREAK.join(document.products),
        "design": document.design,
        "kind": document.kind,
        "source": document.source,
        "population": VALUE_BREAK.join(document.populations),
        "pmid": document.pmid,
        "pmcid": document.pmcid,
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
        *map(_clean, document.keywords),
        *map(_clean, document.products),
        *map(_clean, document.authors),
        _clean(document.journal),
        f"{year} {document.citation_key} {document.pmid}",
    )
    return BREAK.join(pieces)


def _clean(text: str) -> str:
    # A separator inside a record's text must not look like one of ours.
    return text.replace(BREAK, " ")
