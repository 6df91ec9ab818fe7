"""What is written of each record beside its postings: id, version, labels, texts, and where their words stand."""

from __future__ import annotations

import zlib
from array import array
from typing import Any

import numpy as np
from whoosh.util.numeric import byte_to_length, length_to_byte

from inquiry_service.search.embedded.array_file import Array, ArrayFileWriter, narrowest
from inquiry_service.search.embedded.fields import analysed
from inquiry_service.search.embedded.schema import COLUMNS, MARKED

_YEAR_DIGITS = 4


class RecordArrays:
    """The records of one segment while it is written; their texts go to the file at once."""

    def __init__(self, out: ArrayFileWriter) -> None:
        self.out = out
        self.field_lengths: dict[str, int] = {}
        self._length_bytes: dict[str, array[int]] = {}
        self._ids: list[bytes] = []
        self._versions = array("l")
        self._years = array("h")
        self._labels: dict[str, list[str]] = {name: [] for name in COLUMNS if name != "year"}
        self._text_sizes = array("l")
        self._spots = {name: (array("I"), array("I"), array("l", [0])) for name in MARKED}

    def __len__(self) -> int:
        return len(self._ids)

    def add(self, stored: dict[str, Any], lengths: dict[str, int]) -> None:
        """Note one record.

        Args:
            stored: what Whoosh stores of it.
            lengths: number of terms in each of its fields.
        """
        for name, length in lengths.items():
            known = self._length_bytes.setdefault(name, array("B"))
            known.frombytes(bytes(len(self) - len(known)))
            known.append(length_to_byte(length))
            self.field_lengths[name] = self.field_lengths.get(name, 0) + length
        self._ids.append(stored["record_id"].encode())
        self._versions.append(stored["version"])
        self._years.append(_year(stored.get("year", "")))
        for name, values in self._labels.items():
            values.append(stored.get(name, ""))
        self._add_texts(stored)

    def length_bytes(self, field: str) -> Array:
        """Length byte of ``field`` in every record."""
        noted = np.frombuffer(self._length_bytes.get(field, b""), np.uint8)
        return np.pad(noted, (0, len(self) - len(noted)))

    def finish(self) -> None:
        """Write the columns and close the file; a segment without records leaves none."""
        if not len(self):
            self.out.discard()
            return
        self._write()
        self.out.finish({"documents": len(self), "field_lengths": self.field_lengths})

    def _add_texts(self, stored: dict[str, Any]) -> None:
        for name, (starts, widths, ends) in self._spots.items():
            read = analysed(stored.get(name, ""))
            starts.extend(read.starts)
            widths.extend(read.widths)
            ends.append(len(starts))
        full_text = stored.get("fulltext", "")
        packed = zlib.compress(full_text.encode()) if full_text else b""
        for text in (stored.get("title", "").encode(), stored.get("abstract", "").encode(), packed):
            self.out.append(text)
            self._text_sizes.append(len(text))

    def _write(self) -> None:
        out = self.out
        out.add("texts.ends", narrowest(np.concatenate([[0], np.cumsum(self._text_sizes, dtype=np.int64)])))
        for name, spots in self._spots.items():
            for part, numbers in zip(("starts", "widths", "ends"), spots, strict=True):
                out.add(f"{name}.spots.{part}", narrowest(np.array(numbers)))
        ids = np.array(self._ids)
        order = np.argsort(ids, kind="stable").astype(np.int32)
        ranks = np.empty(len(order), np.int32)
        ranks[order] = np.arange(len(order))
        out.add("ids", ids[order])
        out.add("ids.numbers", order)
        out.add("ids.ranks", ranks)
        out.add("versions", np.array(self._versions, np.int32))
        out.add("years", np.array(self._years, np.int16))
        for name, values in self._labels.items():
            codes: dict[str, int] = {}
            coded = np.fromiter((codes.setdefault(value, len(codes)) for value in values), np.int64, len(values))
            out.add(f"{name}.codes", narrowest(coded))
            out.add_bytes(f"{name}.values", [value.encode() for value in codes])


def rounded(length_byte: int) -> int:
    """A field length as Whoosh rounds it."""
    return int(byte_to_length(length_byte))


def _year(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) <= _YEAR_DIGITS else 0
