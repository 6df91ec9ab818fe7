"""The product's own index, measured like its peers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from inquiry_service.search.embedded.generations import Generations
from inquiry_service.search.embedded.index import WhooshIndex
from inquiry_service.search.embedded.postings import Postings
from inquiry_service.search.embedded.reading import Reading
from inquiry_service.search.language.parser import parse
from inquiry_service.search.port import Filters, IndexDocument, Query
from inquiry_service.search.ranking.evaluation import evaluate
from inquiry_service.search.ranking.lookup import Lookup

KEY = b"a key of the benchmark, long enough"
_LONG = 60.0


class Ours:
    """Ranked searches read, evaluate and order as a search does, but show nothing; a page is a whole search."""

    name = "ours"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.open()

    def build(self, documents: Iterable[IndexDocument]) -> None:
        """Index everything."""
        self._index.rebuild(documents)

    def open(self) -> None:
        """Open nothing yet: the first search does."""
        self._index = WhooshIndex(self._folder, KEY)
        self._reading = Reading(Generations(self._folder, KEY))

    def ranked(self, words: Sequence[str], operator: str) -> int:
        """The best records in order."""
        return self._best(f" {operator} ".join(words))

    def phrase(self, words: Sequence[str]) -> int:
        """The best records that hold the words side by side."""
        return self._best(f'"{" ".join(words)}"')

    def page(self, words: Sequence[str], product: str) -> int:
        """A page of results, without synonyms: no peer has them."""
        filters = Filters(products=(product,))
        return self._index.search(Query(" OR ".join(words), filters, synonyms=False)).total

    def full_page(self, words: Sequence[str], product: str) -> int:
        """A page as the product shows it, with synonyms and spelling."""
        return self._index.search(Query(" ".join(words), Filters(products=(product,)))).total

    def add(self, document: IndexDocument) -> None:
        """Put in one record and open the new generation."""
        self._index.apply([document])
        self._reading.current()

    def _best(self, text: str) -> int:
        opened = self._reading.current()
        if opened is None:
            raise LookupError("The index was not built.")
        lookup = Lookup(Postings(opened.snapshot, _LONG, may_see_medical_only=False))
        scores = evaluate(parse(text).tree, lookup)
        for number, _ in opened.columns.best(scores, 20):
            opened.record_id(number)
        return len(scores)
