"""Reading content folders: what is refused, and with which words."""

from __future__ import annotations

from pathlib import Path

import pytest

from inquiry_service.errors import InvalidInput
from inquiry_service.services.content_files import read_folder, read_version

META = """\
kind = "block"
title = "A block"
market = "US"
language = "en-US"
lane = "hcp"
owner = "Content"
approved_by = "Medical review"
approved_at = 2026-11-02T15:00:00Z
effective_from = 2026-11-02
review_due = 2027-11-02
expires = 2028-11-01
change_summary = "First version."
"""


def _folder(tmp_path: Path, meta: str, *, name: str = "a-block/v1") -> Path:
    path = tmp_path / name
    path.mkdir(parents=True)
    (path / "template.md").write_text("Text.\n")
    (path / "meta.toml").write_text(meta)
    return path


def test_a_folder_is_read_with_its_number_and_hash(tmp_path: Path) -> None:
    file = read_version(_folder(tmp_path, META, name="a-block/v12"))
    assert (file.key, file.version, file.name, len(file.sha256)) == ("a-block", 12, "a-block/v12", 64)


@pytest.mark.parametrize(("old", "new", "reason"), [
    ('owner = "Content"\n', "", "the entry owner is missing"),
    ('lane = "hcp"', 'lane = "sales"', "sales is not one of"),
    ('kind = "block"', 'kind = "poem"', "the kind poem is unknown"),
    ('title = "A block"', "title = 7", "the entry title must be str"),
    ('owner = "Content"', 'owner = "Content"\nprice = 5', "the entry price is unknown"),
    ("2027-11-02", "2026-10-01", "must follow each other"),
    ("2028-11-01", "2029-11-01", "at the latest two years"),
    ("15:00:00Z", "15:00:00", "approved_at needs a time zone"),
    ('kind = "block"', "kind = ", "meta.toml cannot be read"),
])
def test_unusable_meta_data_is_refused_with_the_folder_and_the_reason(
    tmp_path: Path, old: str, new: str, reason: str
) -> None:
    path = _folder(tmp_path, META.replace(old, new))
    with pytest.raises(InvalidInput, match=reason) as refused:
        read_version(path)
    assert refused.value.message.startswith("a-block/v1: ")


def test_other_folders_are_no_versions(tmp_path: Path) -> None:
    _folder(tmp_path, META, name="a-block/v0")
    _folder(tmp_path, META, name="b-block/v1")
    assert [file.name for file in read_folder(tmp_path)] == ["b-block/v1"]
    with pytest.raises(InvalidInput, match="name the folder key/v1"):
        read_version(tmp_path / "a-block" / "v0")


def test_a_missing_template_is_named(tmp_path: Path) -> None:
    path = _folder(tmp_path, META)
    (path / "template.md").unlink()
    with pytest.raises(InvalidInput, match=r"a-block/v1: template\.md cannot be read"):
        read_version(path)
