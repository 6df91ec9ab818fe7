"""Arrays in a file: written once, mapped into memory, verified block by block when first touched.

    SIDE_<segment>.arrays      the arrays one after the other, in raw bytes; nothing in it can run
    SIDE_<segment>.contents    JSON: where each array lies, the SHA-256 of each block, a few facts

The contents file is short and verified as a whole. The arrays may be hundreds of megabytes, of which a search
touches a few: so each block is hashed when it is needed for the first time, and none is used before that.
Mapped pages are shared by all processes of a machine, and given back to it when memory is short.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]

ARRAYS, CONTENTS = ".arrays", ".contents"
_BLOCK = 1 << 17
_DIGEST = 32
_ALIGNED = 8
_START = b"EVENHAND"


class ArrayFileWriter:
    """Writes the two files.

    Args:
        stem: path of both files without their endings.
    """

    def __init__(self, stem: Path) -> None:
        self._stem = stem
        self._stream = open(stem.with_name(stem.name + ARRAYS), "xb")  # noqa: SIM115 (closed in finish or discard)
        self._stream.write(_START)
        self._arrays: dict[str, tuple[str, int, int]] = {}

    def add(self, name: str, array: Array) -> None:
        """Append one array of one dimension."""
        self._align()
        self._arrays[name] = (array.dtype.str, self._stream.tell(), len(array))
        self._stream.write(np.ascontiguousarray(array).data)

    def add_bytes(self, name: str, pieces: Sequence[bytes]) -> None:
        """Append one array of bytes, and beside it where each piece ends."""
        self.add(name, np.frombuffer(b"".join(pieces), np.uint8))
        ends = np.cumsum([0, *map(len, pieces)], dtype=np.int64)
        self.add(f"{name}.ends", narrowest(ends))

    def append(self, piece: bytes) -> None:
        """Append bytes to the array that :meth:`finish_appending` will name; no other may come between."""
        self._stream.write(piece)

    def finish_appending(self, name: str) -> None:
        """Name what was appended since the beginning of the file."""
        start = len(_START)
        self._arrays[name] = (np.dtype(np.uint8).str, start, self._stream.tell() - start)

    def finish(self, facts: Mapping[str, Any]) -> None:
        """Close the arrays, hash them, write the contents."""
        self._stream.close()
        with open(self._stream.name, "rb") as stream:
            blocks = [hashlib.sha256(block).hexdigest() for block in iter(lambda: stream.read(_BLOCK), b"")]
        contents = {"arrays": self._arrays, "blocks": "".join(blocks), "facts": dict(facts)}
        self._stem.with_name(self._stem.name + CONTENTS).write_text(json.dumps(contents), encoding="ascii")

    def discard(self) -> None:
        """Remove what was written."""
        self._stream.close()
        os.unlink(self._stream.name)

    def _align(self) -> None:
        self._stream.write(bytes(-self._stream.tell() % _ALIGNED))


def narrowest(array: Array) -> Array:
    """Whole numbers from 0 on in the smallest type that holds them."""
    return array.astype(np.min_scalar_type(int(array.max(initial=0))))


class ArrayFile:
    """Reads the two files; safe to share between threads.

    Args:
        path: the file of arrays; mapped now, so that it may be unlinked later.
        contents: the other file's bytes, verified.
        distrust: called with a reason when a block is not what was written; raises.

    Raises:
        OSError: the file cannot be opened; links are never followed.
    """

    def __init__(self, path: Path, contents: bytes, distrust: Callable[[str], NoReturn]) -> None:
        parsed = json.loads(contents)
        self.facts: dict[str, Any] = parsed["facts"]
        self._distrust = distrust
        self._name = path.name
        self._digests = bytes.fromhex(parsed["blocks"])
        self._verified = bytearray(len(self._digests) // _DIGEST)
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            self._bytes = memoryview(mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ))
        except ValueError:
            self._distrust(f"{path.name} is empty")
        finally:
            os.close(descriptor)
        self._arrays = {
            name: (np.frombuffer(self._bytes, dtype, count, offset), offset)
            for name, (dtype, offset, count) in parsed["arrays"].items()
        }

    def __contains__(self, name: str) -> bool:
        return name in self._arrays

    def part(self, name: str, start: int, stop: int) -> Array:
        """The elements ``start`` up to ``stop`` of an array.

        Raises:
            IndexUntrusted: the file was changed.
        """
        array, offset = self._arrays[name]
        width = array.itemsize
        self._verify(offset + start * width, offset + stop * width)
        return array[start:stop]

    def whole(self, name: str) -> Array:
        """All of an array.

        Raises:
            IndexUntrusted: the file was changed.
        """
        return self.part(name, 0, len(self._arrays[name][0]))

    def strings(self, name: str) -> list[str]:
        """What was written by ``add_bytes``, as text."""
        joined, ends = self.whole(name).tobytes(), self.whole(f"{name}.ends").tolist()
        return [joined[start:end].decode() for start, end in pairwise(ends)]

    def _verify(self, start: int, stop: int) -> None:
        first, last = start // _BLOCK, max(start, stop - 1) // _BLOCK
        while (block := self._verified.find(0, first, last + 1)) >= 0:
            found = hashlib.sha256(self._bytes[block * _BLOCK : (block + 1) * _BLOCK]).digest()
            if found != self._digests[block * _DIGEST : (block + 1) * _DIGEST]:
                self._distrust(f"{self._name} was changed")
            self._verified[block] = 1
            first = block + 1
