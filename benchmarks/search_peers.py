"""Other search engines on the same library and the same questions: plain Whoosh, SQLite FTS5, tantivy."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Protocol

import tantivy
from whoosh import fields, index, query
from whoosh.analysis import StemmingAnalyzer
from whoosh.sorting import Count, FieldFacet

from inquiry_service.search.port import IndexDocument

TOP = 20
_FIELDS = ("title", "abstract")
_MEMORY = 512


class Engine(Protocol):
    """What is measured of each engine; ``operator`` is ``OR`` or ``AND``. Every search returns its exact count."""

    name: str

    def build(self, documents: Iterable[IndexDocument]) -> None:
        """Index everything."""

    def open(self) -> None:
        """Open what was built, as a new process would."""

    def ranked(self, words: Sequence[str], operator: str) -> int:
        """The best records in order."""

    def phrase(self, words: Sequence[str]) -> int:
        """The best records that hold the words side by side."""

    def page(self, words: Sequence[str], product: str) -> int:
        """A page of results: OR, narrowed to a product, counted by product and year, passages marked."""

    def add(self, document: IndexDocument) -> None:
        """Put in one record, to be found by the next search."""


class PlainWhoosh:
    """Whoosh as it comes, its searcher kept open."""

    name = "Whoosh"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def build(self, documents: Iterable[IndexDocument]) -> None:
        """Index everything, in two processes."""
        self._folder.mkdir()
        text = StemmingAnalyzer(cachesize=-1)
        schema = fields.Schema(
            id=fields.ID(stored=True, unique=True), title=fields.TEXT(text, stored=True),
            abstract=fields.TEXT(text, stored=True), product=fields.ID(sortable=True), year=fields.ID(sortable=True))
        writer = index.create_in(str(self._folder), schema).writer(procs=2, multisegment=True, limitmb=_MEMORY)
        for document in documents:
            writer.add_document(**_whoosh_row(document))
        writer.commit()

    def open(self) -> None:
        """Open index and searcher."""
        self._index = index.open_dir(str(self._folder))
        self._searcher = self._index.searcher()

    def ranked(self, words: Sequence[str], operator: str) -> int:
        """The best records in order."""
        return len(self._searcher.search(self._words(words, operator), limit=TOP))

    def phrase(self, words: Sequence[str]) -> int:
        """The best records that hold the words side by side."""
        found = query.Or([query.Phrase(field, [self._stem(field, word) for word in words]) for field in _FIELDS])
        return len(self._searcher.search(found, limit=TOP))

    def page(self, words: Sequence[str], product: str) -> int:
        """A page of results; the facets switch the limit off, so the best are sliced."""
        counts = {name: FieldFacet(name, maptype=Count) for name in ("product", "year")}
        found = self._searcher.search(
            self._words(words, "OR"), filter=query.Term("product", product), groupedby=counts, limit=TOP, terms=True)
        for name in counts:
            found.groups(name)
        for hit in found[:TOP]:
            hit.highlights("abstract")
        return len(found)

    def add(self, document: IndexDocument) -> None:
        """Commit one record and refresh the searcher."""
        writer = self._index.writer()
        writer.update_document(**_whoosh_row(document))
        writer.commit()
        self._searcher = self._searcher.refresh()

    def _words(self, words: Sequence[str], operator: str) -> Any:
        either = [query.Or([query.Term(field, self._stem(field, word)) for field in _FIELDS]) for word in words]
        return query.And(either) if operator == "AND" else query.Or(either)

    def _stem(self, field: str, word: str) -> str:
        return next(str(token.text) for token in self._searcher.schema[field].analyzer(word))


def _whoosh_row(document: IndexDocument) -> dict[str, str]:
    return {"id": document.record_id, "title": document.title, "abstract": document.abstract,
            "product": document.products[0], "year": str(document.year)}


class Fts5:
    """SQLite's full text index over a table of its own."""

    name = "FTS5"

    def __init__(self, folder: Path) -> None:
        self._path = folder.with_suffix(".db")

    def build(self, documents: Iterable[IndexDocument]) -> None:
        """Index everything in one transaction."""
        with sqlite3.connect(self._path) as base:
            base.execute("CREATE TABLE d (id INTEGER PRIMARY KEY, title, abstract, product, year)")
            base.execute(
                "CREATE VIRTUAL TABLE f USING fts5 (title, abstract, content=d, content_rowid=id, "
                "tokenize='porter unicode61')")
            base.executemany("INSERT INTO d (title, abstract, product, year) VALUES (?, ?, ?, ?)", map(_row, documents))
            base.execute("INSERT INTO f (f) VALUES ('rebuild')")

    def open(self) -> None:
        """Connect."""
        self._base = sqlite3.connect(self._path)
        self._base.execute("PRAGMA journal_mode = WAL")

    def ranked(self, words: Sequence[str], operator: str) -> int:
        """The best records in order, and their number."""
        return self._best(f" {operator} ".join(words))

    def phrase(self, words: Sequence[str]) -> int:
        """The best records that hold the words side by side."""
        return self._best(f'"{" ".join(words)}"')

    def page(self, words: Sequence[str], product: str) -> int:
        """Ranked first, passages for the best only: in one statement each match would get a passage."""
        match = " OR ".join(words)
        narrowed = "FROM f CROSS JOIN d ON d.id = f.rowid WHERE f MATCH ? AND d.product = ?"
        ranked = f"SELECT f.rowid {narrowed} ORDER BY bm25(f) LIMIT {TOP}"
        best = self._base.execute(ranked, (match, product)).fetchall()
        chosen = ", ".join(str(row[0]) for row in best)
        passage = "snippet(f, 1, '<mark>', '</mark>', '…', 40)"
        shown = f"SELECT rowid, {passage} FROM f WHERE f MATCH ? AND rowid IN ({chosen})"  # noqa: S608 (own numbers)
        self._base.execute(shown, (match,)).fetchall()
        for name in ("product", "year"):
            self._base.execute(f"SELECT d.{name}, count(*) {narrowed} GROUP BY 1", (match, product)).fetchall()
        return int(self._base.execute(f"SELECT count(*) {narrowed}", (match, product)).fetchone()[0])

    def add(self, document: IndexDocument) -> None:
        """Insert one record."""
        with self._base:
            row = self._base.execute("INSERT INTO d (title, abstract, product, year) VALUES (?, ?, ?, ?)",
                                     _row(document))
            self._base.execute("INSERT INTO f (rowid, title, abstract) VALUES (?, ?, ?)",
                               (row.lastrowid, document.title, document.abstract))

    def _best(self, match: str) -> int:
        self._base.execute("SELECT rowid FROM f WHERE f MATCH ? ORDER BY rank LIMIT ?", (match, TOP)).fetchall()
        return int(self._base.execute("SELECT count(*) FROM f WHERE f MATCH ?", (match,)).fetchone()[0])


def _row(document: IndexDocument) -> tuple[str, str, str, int | None]:
    return document.title, document.abstract, document.products[0], document.year


class Tantivy:
    """The Rust library, through its Python bindings."""

    name = "tantivy"

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def build(self, documents: Iterable[IndexDocument]) -> None:
        """Index everything with one writer of two threads."""
        self._folder.mkdir()
        builder = tantivy.SchemaBuilder()
        for name in _FIELDS:
            builder.add_text_field(name, stored=True, tokenizer_name="en_stem")
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        builder.add_text_field("product", stored=True, tokenizer_name="raw", fast=True)
        builder.add_integer_field("year", stored=True, indexed=True, fast=True)
        self._schema = builder.build()
        self.open()
        writer = self._index.writer(heap_size=256_000_000, num_threads=2)
        for document in documents:
            writer.add_document(_tantivy_row(document))
        writer.commit()
        writer.wait_merging_threads()

    def open(self) -> None:
        """Open index and searcher."""
        self._index = tantivy.Index(self._schema, path=str(self._folder))
        self._index.reload()
        self._searcher = self._index.searcher()

    def ranked(self, words: Sequence[str], operator: str) -> int:
        """The best records in order."""
        return self._best(f" {operator} ".join(words))

    def phrase(self, words: Sequence[str]) -> int:
        """The best records that hold the words side by side."""
        return self._best(f'"{" ".join(words)}"')

    def page(self, words: Sequence[str], product: str) -> int:
        """Best records, counts and passages."""
        either = self._index.parse_query(" OR ".join(words), list(_FIELDS))
        narrowed = tantivy.Query.boolean_query([
            (tantivy.Occur.Must, either),
            (tantivy.Occur.Must, tantivy.Query.term_query(self._schema, "product", product)),
        ])
        found = self._searcher.search(narrowed, limit=TOP, count=True)
        self._searcher.aggregate(narrowed, {name: {"terms": {"field": name}} for name in ("product", "year")})
        passages = tantivy.SnippetGenerator.create(self._searcher, either, self._schema, "abstract")
        for _, address in found.hits:
            passages.snippet_from_doc(self._searcher.doc(address)).to_html()
        return int(found.count)  # type: ignore[attr-defined]  # its stubs lack it

    def add(self, document: IndexDocument) -> None:
        """Commit one record and reload."""
        writer = self._index.writer(heap_size=50_000_000, num_threads=1)
        writer.add_document(_tantivy_row(document))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def _best(self, text: str) -> int:
        found = self._searcher.search(self._index.parse_query(text, list(_FIELDS)), limit=TOP, count=True)
        for _, address in found.hits:
            self._searcher.doc(address)["id"]
        return int(found.count)  # type: ignore[attr-defined]  # its stubs lack it


def _tantivy_row(document: IndexDocument) -> Any:
    return tantivy.Document(id=document.record_id, title=document.title, abstract=document.abstract,
                            product=document.products[0], year=document.year)
