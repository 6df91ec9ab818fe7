"""Files that come compressed: one file is unpacked within a limit, anything else is refused with what to do."""

from __future__ import annotations

import gzip
import io
import zipfile

import pytest

from inquiry_service.bibliography import container, formats
from inquiry_service.errors import InvalidInput
from tests.unit.bibliography.samples import records_of

RIS = b"TY  - JOUR\nTI  - A trial\nER  - \n"


def archive(**files: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    "data", [gzip.compress(RIS), archive(export=RIS), archive(export=RIS, **{"__MACOSX/x": b"x"})],
    ids=["gzip", "zip", "zip of a Mac"],
)
def test_a_compressed_file_is_read_like_the_file_in_it(data: bytes) -> None:
    assert records_of(data)[0].title == "A trial"
    assert formats.inspect(data, "x").format == "ris"


@pytest.mark.parametrize(
    ("data", "hint"),
    [(gzip.compress(RIS * 50)[:60], "compressed and damaged"), (archive(a=RIS, b=RIS), "archive of 2 files"),
     (archive(a=RIS)[:40], "damaged ZIP"), (archive(), "archive of 0 files"),
     (archive(a=archive(b=RIS)), "compressed file")],
    ids=["cut gzip", "two files", "cut zip", "no file", "zip in a zip"],
)  # fmt: skip
def test_other_archives_are_refused_with_the_reason(data: bytes, hint: str) -> None:
    with pytest.raises(InvalidInput, match=hint):
        formats.read(data, "export.zip")


@pytest.mark.parametrize("pack", [gzip.compress, lambda data: archive(export=data)])
def test_what_unpacks_beyond_the_limit_is_refused(pack: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(container, "MAX_UNPACKED", 1000)
    assert callable(pack)
    with pytest.raises(InvalidInput, match="unpacks to more than"):
        formats.read(pack(RIS * 100), "export.gz")
