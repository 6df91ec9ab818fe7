"""Writing new generations of the index: records put in and taken out, or everything built anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage

from inquiry_service.errors import InvalidInput
from inquiry_service.search.generations import NEVER_BUILT, ContentDigest, Generations
from inquiry_service.search.port import Generation, IndexDocument, Progress
from inquiry_service.search.whoosh_schema import row, schema

_REPORT_EVERY = 50
_MEMORY_FEW, _MEMORY_MANY = 64, 256
"""Megabytes of postings held before they are sorted to disk; more makes bulk builds faster."""


class Writing:
    """The one writer. Each call publishes one generation, or none if it fails.

    Args:
        longest_wait: seconds to wait for another writer.
    """

    def __init__(self, generations: Generations, longest_wait: float) -> None:
        self._generations = generations
        self._longest_wait = longest_wait

    def apply(self, upserts: Iterable[IndexDocument], deletes: Iterable[str]) -> Generation:
        """A generation that differs from the current one by these records; the last of equal ids counts."""
        new = {document.record_id: document for document in upserts}
        gone = [record_id for record_id in dict.fromkeys(deletes) if record_id not in new]
        with self._generations.writing(self._longest_wait):
            base = self._generations.current()
            before = self._generations.verified(base).generation if base else NEVER_BUILT
            if not new and not gone:
                return before
            with self._generations.staging(base) as folder:
                change = _Change(folder, before, fresh=base is None)
                change.make(new, gone)
                return self._generations.publish(folder, change.documents, change.digest)

    def rebuild(self, documents: Iterable[IndexDocument], progress: Progress | None) -> Generation:
        """A generation made of ``documents`` alone; whatever lay there before is not even read."""
        with self._generations.writing(self._longest_wait), self._generations.staging(None) as folder:
            digest = ContentDigest()
            seen: set[str] = set()
            with _writer(_created(folder), _MEMORY_MANY) as writer:
                for document in documents:
                    if document.record_id in seen:
                        raise InvalidInput(f"Record {document.record_id} was given to the index twice.")
                    seen.add(document.record_id)
                    digest.add(document.record_id, document.version)
                    writer.add_document(**row(document))
                    if progress is not None and len(seen) % _REPORT_EVERY == 0:
                        progress(len(seen))
            if progress is not None:
                progress(len(seen))
            return self._generations.publish(folder, len(seen), digest.hexdigest())


class _Change:
    """Records put in and taken out of a staged copy, and the count and digest that result."""

    def __init__(self, folder: Path, before: Generation, *, fresh: bool) -> None:
        self._index = _created(folder) if fresh else FileStorage(str(folder)).open_index(schema=schema())
        self._digest = ContentDigest(before.digest)
        self.documents = before.documents

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()

    def make(self, new: dict[str, IndexDocument], gone: list[str]) -> None:
        with self._index.searcher() as searcher, _writer(self._index, _MEMORY_FEW) as writer:
            for record_id in (*new, *gone):
                self._take_out(record_id, searcher, writer)
            for document in new.values():
                writer.add_document(**row(document))
                self._digest.add(document.record_id, document.version)
                self.documents += 1

    def _take_out(self, record_id: str, searcher: Any, writer: Any) -> None:
        number = searcher.document_number(record_id=record_id) if searcher.doc_count_all() else None
        if number is None:
            return
        writer.delete_document(number)
        self._digest.remove(record_id, searcher.stored_fields(number)["version"])
        self.documents -= 1


@contextmanager
def _writer(index: Any, megabytes: int) -> Iterator[Any]:
    """A Whoosh writer that commits when all went well and lets go of its files otherwise."""
    writer = index.writer(limitmb=megabytes)
    try:
        yield writer
    except BaseException:
        writer.cancel()
        raise
    writer.commit()


def _created(folder: Path) -> Any:
    return FileStorage(str(folder)).create_index(schema())
