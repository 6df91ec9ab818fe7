"""Writing new generations of the index: records put in and taken out, or everything built anew."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage

from inquiry_service.errors import InvalidInput
from inquiry_service.search.embedded.bulk import build
from inquiry_service.search.embedded.content_digest import ContentDigest
from inquiry_service.search.embedded.generations import NEVER_BUILT, Generations
from inquiry_service.search.embedded.manifest import Files, Manifest
from inquiry_service.search.embedded.merging import Merging
from inquiry_service.search.embedded.reading import SEGMENTS, Opened, Reading
from inquiry_service.search.embedded.schema import schema
from inquiry_service.search.embedded.segment_writing import ArrayWriter, segment_of_side_file
from inquiry_service.search.embedded.word_files import counted as words_counted
from inquiry_service.search.embedded.word_files import write_all, write_more
from inquiry_service.search.port import Generation, IndexDocument, Progress
from inquiry_service.search.words.facts import Facts

_REPORT_EVERY = 50


class Writing:
    """The one writer. Each call publishes one generation, or none if it fails.

    Args:
        reading: tells where the records lie that are replaced.
        longest_wait: seconds to wait for another writer.
    """

    def __init__(self, generations: Generations, reading: Reading, longest_wait: float) -> None:
        self._generations = generations
        self._reading = reading
        self._longest_wait = longest_wait

    def apply(self, upserts: Iterable[IndexDocument], deletes: Iterable[str]) -> Generation:
        """A generation that differs from the current one by these records; the last of equal ids counts."""
        new = {document.record_id: document for document in upserts}
        gone = [record_id for record_id in dict.fromkeys(deletes) if record_id not in new]
        with self._generations.writing(self._longest_wait):
            before = self._reading.current()
            if not new and not gone:
                return before.generation if before else NEVER_BUILT
            with self._generations.staging(before.name if before else None) as folder:
                change = _Change(folder, before)
                change.make(new, gone)
                return self._generations.publish(folder, change.documents, change.digest, change.kept)

    def rebuild(self, documents: Iterable[IndexDocument], progress: Progress | None) -> Generation:
        """A generation made of ``documents`` alone; whatever lay there before is not even read."""
        with self._generations.writing(self._longest_wait), self._generations.staging(None) as folder:
            counted = _Counted(documents, progress)
            facts = Facts()
            segments = build(folder, words_counted(counted, facts))
            _list_segments(folder, segments)
            write_all(folder, facts, counted.documents)
            if progress is not None:
                progress(counted.documents)
            return self._generations.publish(folder, counted.documents, counted.digest.hexdigest())


class _Counted:
    """Documents passed on, counted and checked on their way."""

    def __init__(self, documents: Iterable[IndexDocument], progress: Progress | None) -> None:
        self._source = documents
        self._progress = progress
        self._seen: set[str] = set()
        self.digest = ContentDigest()

    @property
    def documents(self) -> int:
        return len(self._seen)

    def __iter__(self) -> Iterator[IndexDocument]:
        for document in self._source:
            if document.record_id in self._seen:
                raise InvalidInput(f"Record {document.record_id} was given to the index twice.")
            self._seen.add(document.record_id)
            self.digest.add(document.record_id, document.version)
            if self._progress is not None and len(self._seen) % _REPORT_EVERY == 0:
                self._progress(len(self._seen))
            yield document


class _Change:
    """Records put in and taken out of a staged copy, and the count and digest that result."""

    def __init__(self, folder: Path, before: Opened | None) -> None:
        self._folder = folder
        self._before = before
        generation = before.generation if before else NEVER_BUILT
        self._digest = ContentDigest(generation.digest)
        self.documents = generation.documents

    @property
    def digest(self) -> str:
        return self._digest.hexdigest()

    @property
    def kept(self) -> Files:
        """The files that a change leaves as they are, if they stay at all."""
        files = self._before.manifest.files if self._before else {}
        return {name: facts for name, facts in files.items() if name != SEGMENTS}

    def make(self, new: dict[str, IndexDocument], gone: list[str]) -> None:
        manifest = self._before.manifest if self._before else None
        merging = Merging(lambda segment: manifest.check(f"{segment.segment_id()}.seg") if manifest else None)
        with _writer(self._folder, manifest, merging) as writer:
            self._take_out([*new, *gone], writer)
            for document in new.values():
                writer.add(document)
                self._digest.add(document.record_id, document.version)
                self.documents += 1
        _list_segments(self._folder, merging.segments)
        self._tell(new)

    def _tell(self, new: dict[str, IndexDocument]) -> None:
        """Note what records tell about words that were not there before."""
        before = self._before
        facts = Facts()
        for record_id, document in new.items():
            if before is None or not len(before.snapshot.numbers([record_id])):
                facts.add(document)
        if before is None:
            write_all(self._folder, facts, len(new))
        else:
            write_more(self._folder, facts, list(before.manifest.files), before.manifest.content)

    def _take_out(self, record_ids: list[str], writer: Any) -> None:
        if self._before is None:
            return
        snapshot = self._before.snapshot
        for number in snapshot.numbers(record_ids).tolist():
            writer.delete_document(number)
            segment, own = snapshot.place(number)
            self._digest.remove(segment.record_id(own), segment.version(own))
            self.documents -= 1


@contextmanager
def _writer(folder: Path, base: Manifest | None, merging: Merging) -> Iterator[Any]:
    """A Whoosh writer that commits when all went well and lets go of its files otherwise.

    The table of contents is all that Whoosh reads here; a segment's file only if it is merged.
    """
    storage = FileStorage(str(folder))
    if base is None:
        index = storage.create_index(schema())
    else:
        for name in base.files:
            if name.endswith(".toc"):
                base.check(name)
        index = storage.open_index(schema=schema())
    writer = ArrayWriter(index, folder)
    try:
        yield writer
        writer.commit(mergetype=merging)
    except BaseException:
        writer.cancel()
        raise


def _list_segments(folder: Path, segments: list[Any]) -> None:
    """Write down the segments and their deleted records, and remove the arrays of segments that are no more."""
    names = {segment.segment_id() for segment in segments}
    for path in folder.glob("SIDE_*"):
        if segment_of_side_file(path) not in names:
            path.unlink()
    listed = [
        {"segment": segment.segment_id(), "deleted": sorted(segment.deleted_docs())} for segment in segments
    ]
    (folder / SEGMENTS).unlink(missing_ok=True)
    (folder / SEGMENTS).write_text(json.dumps(listed), encoding="ascii")
