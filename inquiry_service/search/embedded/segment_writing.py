"""Whoosh's segments, and the arrays of each written beside it in the same pass.

Whoosh's codec is told every document, and every term with its postings in order, whether they come from new
records or from segments that are merged. ``ArrayCodec`` is that codec listening in: what Whoosh stores and what
the arrays hold is the same by construction. Whoosh's own codec reads what was written.
"""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import Any

import numpy as np
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3PerDocWriter, W3Segment
from whoosh.writing import SegmentWriter

from inquiry_service.search.embedded.array_file import Array, ArrayFileWriter, narrowest
from inquiry_service.search.embedded.record_arrays import RecordArrays, rounded
from inquiry_service.search.embedded.schema import SCORED, row
from inquiry_service.search.embedded.term_pool import TermPool, TermPostings
from inquiry_service.search.port import IndexDocument

_BLOCK = 128
"""Postings of one block, Whoosh's own default."""
_COMPRESSION = 3
_WORTH_COMPRESSING = 16
"""Postings below which compressing a block takes longer than writing it, and gains nothing."""


def side_stem(folder: Path, segment_id: str) -> Path:
    """Path of a segment's two files of arrays without their endings."""
    return folder / f"SIDE_{segment_id}"


def segment_of_side_file(path: Path) -> str:
    """The segment that a file named by :func:`side_stem` belongs to."""
    return path.name.removeprefix("SIDE_").partition(".")[0]


class ArrayWriter(SegmentWriter):
    """Whoosh's writer of one segment, with our codec and pool.

    Args:
        index: a Whoosh index in ``folder``.
        folder: where the arrays go.
    """

    def __init__(self, index: Any, folder: Path) -> None:
        # Whoosh's own lock is left alone: the generations have one for the whole directory.
        super().__init__(index, _lk=False, codec=ArrayCodec(folder))
        self.pool = TermPool()

    def add(self, document: IndexDocument) -> None:
        """Whoosh's ``add_document``, without a tuple per posting."""
        self.perdocwriter.start_doc(self.docnum)
        for name, value in sorted(row(document).items()):
            field = self.schema[name]
            length = 0
            if field.indexed:
                places = field.places(value)
                self.pool.add_places(name, self.docnum, places)
                length = sum(map(len, places.values()))
            self.perdocwriter.add_field(name, field, value if field.stored else None, length)
        self.perdocwriter.finish_doc()
        self._added = True
        self.docnum += 1

    def finish(self) -> Any:
        """Write the segment without listing it anywhere.

        Returns:
            Whoosh's segment.
        """
        segment = self._finalize_segment()
        self._finish()
        return segment


class ArrayCodec(W3Codec):
    """Whoosh's own codec, which also writes the arrays.

    Args:
        folder: where they go.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__(blocklimit=_BLOCK)
        self._folder = folder
        self._records: dict[str, RecordArrays] = {}

    def new_segment(self, storage: Any, indexname: str) -> Any:
        """A segment that names Whoosh's own codec as the one to read it."""
        return W3Segment(W3Codec(), indexname)

    def per_document_writer(self, storage: Any, segment: Any) -> Any:
        """Whoosh calls it before :meth:`field_writer`."""
        name = segment.segment_id()
        self._records[name] = RecordArrays(ArrayFileWriter(side_stem(self._folder, name)))
        return _DocumentWriter(self, storage, segment, self._records[name])

    def field_writer(self, storage: Any, segment: Any) -> Any:
        """Whoosh closes it last."""
        return _FieldWriter(self, storage, segment, self._records[segment.segment_id()])


class _DocumentWriter(W3PerDocWriter):
    """Listens to what is stored of each document."""

    def __init__(self, codec: Any, storage: Any, segment: Any, records: RecordArrays) -> None:
        super().__init__(codec, storage, segment)
        self._records = records
        self._stored: dict[str, Any] = {}
        self._lengths: dict[str, int] = {}

    def add_field(self, fieldname: str, fieldobj: Any, value: Any, length: int) -> None:
        scored = fieldname in SCORED
        super().add_field(fieldname, fieldobj, value, length if scored else 0)
        if value is not None:
            self._stored[fieldname] = value
        if scored and length:
            self._lengths[fieldname] = length

    def finish_doc(self) -> None:
        # Whoosh also calls it when closing, outside of any document.
        if self._indoc:
            self._records.add(self._stored, self._lengths)
            self._stored, self._lengths = {}, {}
        super().finish_doc()

    def close(self) -> None:
        self._records.out.finish_appending("texts")
        super().close()


class _FieldWriter(W3FieldWriter):
    """Writes each term's postings twice: in Whoosh's blocks, and as arrays."""

    def __init__(self, codec: Any, storage: Any, segment: Any, records: RecordArrays) -> None:
        super().__init__(codec, storage, segment)
        self._records = records

    def add_postings(self, schema: Any, lengths: Any, items: TermPool) -> None:
        for name in items.fields():
            self.start_field(name, schema[name])
            length_bytes = self._records.length_bytes(name)
            arrays = _FieldArrays(has_positions=name in SCORED)
            for term, postings in items.take(name):
                self.start_term(term)
                self._add_blocks(postings, length_bytes[postings.numbers], has_positions=name in SCORED)
                self.finish_term()
                arrays.add(term, postings)
            self.finish_field()
            arrays.write(name, self._records.out, length_bytes)

    def close(self) -> None:
        super().close()
        self._records.finish()

    def _add_blocks(self, postings: TermPostings, length_bytes: Array, *, has_positions: bool) -> None:
        """What Whoosh's ``add_posting`` does, a block at a time."""
        out = self._postwriter
        out._compression = _COMPRESSION if len(postings.numbers) >= _WORTH_COMPRESSING else 0
        at = 0
        for start in range(0, len(postings.numbers), _BLOCK):
            if start:
                out._write_block()
            out._ids = postings.numbers[start : start + _BLOCK]
            if not has_positions:
                out._weights = array("f", [1.0]) * len(out._ids)
                out._maxweight = 1.0
                continue
            counts = postings.counts[start : start + _BLOCK].tolist()
            ends = [at := at + count for count in counts]
            out._weights = array("f", counts)
            out._maxweight = float(max(counts))
            out._values = [
                postings.places[end - count : end].tobytes() for end, count in zip(ends, counts, strict=True)
            ]
            own = length_bytes[start : start + _BLOCK].tolist()
            out._minlength, out._maxlength = rounded(min(own)), rounded(max(own))


class _FieldArrays:
    """The postings of one field while they come in."""

    def __init__(self, *, has_positions: bool) -> None:
        self._has_positions = has_positions
        self._terms: list[bytes] = []
        self._starts = array("l", [0])
        self._first_places = array("l", [0])
        self._numbers = array("I")
        self._counts = array("I")
        self._places = array("I")

    def add(self, term: bytes, postings: TermPostings) -> None:
        self._terms.append(term)
        self._numbers.extend(postings.numbers)
        self._starts.append(len(self._numbers))
        if self._has_positions:
            self._counts.extend(postings.counts)
            self._places.extend(postings.places)
            self._first_places.append(len(self._places))

    def write(self, name: str, out: ArrayFileWriter, length_bytes: Array) -> None:
        numbers = np.array(self._numbers)
        out.add_bytes(f"{name}.terms", self._terms)
        out.add(f"{name}.starts", narrowest(np.array(self._starts)))
        out.add(f"{name}.numbers", narrowest(numbers))
        if self._has_positions:
            out.add(f"{name}.counts", narrowest(np.array(self._counts)))
            out.add(f"{name}.lengths", length_bytes[numbers])
            out.add(f"{name}.places", narrowest(np.array(self._places)))
            out.add(f"{name}.first_places", narrowest(np.array(self._first_places)))
