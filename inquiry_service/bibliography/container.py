"""The stream in which a literature file lies: given as bytes, as a file, through a pipe, or compressed.

PubMed offers its yearly files as ``.xml.gz``, and mail programs zip attachments; a container of one file is
opened, within a size limit that keeps a decompression bomb from filling the disk.
"""

from __future__ import annotations

import gzip
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, cast

from inquiry_service.errors import InvalidInput

MAX_UNPACKED = 2 << 30
"""Bytes of an unpacked file; PubMed's largest yearly file has about 300 MB."""

_CHUNK = 1 << 20
_IN_MEMORY = 4 << 20
_GZIP, _ZIP = b"\x1f\x8b\x08", (b"PK\x03\x04", b"PK\x05\x06")
# Office files are ZIP archives, too, but not containers of a literature file.
_OFFICE_ENTRIES = ("[Content_Types].xml", "mimetype")


@contextmanager
def opened(data: bytes | BinaryIO, filename: str) -> Iterator[BinaryIO]:
    """Open a file as a seekable stream at its beginning; the caller's own stream stays open.

    Args:
        data: bytes, or a binary stream, which is read from where it stands.
        filename: for messages only.

    Raises:
        InvalidInput: it is compressed and damaged, encrypted, too large, or holds more than one file.
    """
    with seekable(data) as stream:
        start = stream.tell()
        magic = stream.read(4)
        stream.seek(start)
        if magic.startswith(_GZIP):
            with _unpacked(gzip.GzipFile(fileobj=stream), filename) as content:
                yield content
        elif magic in _ZIP and (name := _only_file(stream, filename)):
            with zipfile.ZipFile(stream) as archive, _unpacked(_entry(archive, name, filename), filename) as content:
                yield content
        else:
            yield stream


@contextmanager
def seekable(data: bytes | BinaryIO) -> Iterator[BinaryIO]:
    """Give ``data`` as a stream that can be read twice; of a pipe, a copy that goes to disk when it grows."""
    if isinstance(data, bytes):
        yield BytesIO(data)
    elif data.seekable():
        yield data
    else:
        with SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
            shutil.copyfileobj(data, copy, _CHUNK)
            copy.seek(0)
            yield cast(BinaryIO, copy)


@contextmanager
def _unpacked(source: IO[bytes] | gzip.GzipFile, filename: str) -> Iterator[BinaryIO]:
    with SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
        try:
            left = MAX_UNPACKED
            while chunk := source.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise InvalidInput(f"“{filename}” unpacks to more than {MAX_UNPACKED >> 30} GB; it was not read.")
                copy.write(chunk)
        except (OSError, EOFError, zlib.error, zipfile.BadZipFile) as error:
            raise InvalidInput(f"“{filename}” is compressed and damaged ({error}). Export or send it again.") from error
        copy.seek(0)
        yield cast(BinaryIO, copy)


def _only_file(stream: BinaryIO, filename: str) -> str:
    """The one file in a ZIP archive; "" when the archive is an Office file, which is no container."""
    start = stream.tell()
    try:
        names = [entry.filename for entry in zipfile.ZipFile(stream).infolist() if not entry.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise InvalidInput(f"“{filename}” is a damaged ZIP archive ({error}). Export or send it again.") from error
    finally:
        stream.seek(start)
    names = [name for name in names if not name.startswith("__MACOSX/")]
    if any(name in _OFFICE_ENTRIES for name in names):
        return ""
    if len(names) != 1:
        raise InvalidInput(f"“{filename}” is an archive of {len(names)} files. Unpack it and import them one by one.")
    return names[0]


def _entry(archive: zipfile.ZipFile, name: str, filename: str) -> IO[bytes]:
    try:
        return archive.open(name)
    except (RuntimeError, NotImplementedError, zipfile.BadZipFile) as error:
        raise InvalidInput(f"“{filename}” cannot be unpacked ({error}). Unpack it yourself.") from error
