"""The third-party files in the tree are those on record, and their licences are shipped with them."""

from __future__ import annotations

import hashlib
import tomllib
from pathlib import Path
from typing import Any

import pytest

from tools import sprite, style_subset

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "inquiry_service" / "web" / "static" / "vendor"
RECORD: dict[str, Any] = tomllib.loads((ROOT / "tools" / "assets.toml").read_text(encoding="utf-8"))
FILES = [
    entry for package in RECORD["package"] for kind in ("file", "sprite") for entry in package.get(kind, ())
]


def differs_from_record(path: Path, sha256: str) -> bool:
    """Say whether a file is not byte for byte the one whose checksum is on record."""
    return hashlib.sha256(path.read_bytes()).hexdigest() != sha256


@pytest.mark.parametrize("entry", FILES, ids=[entry["to"] for entry in FILES])
def test_a_vendored_file_is_the_one_on_record(entry: dict[str, Any]) -> None:
    assert not differs_from_record(ROOT / entry["to"], entry["sha256"])


def test_one_changed_byte_in_a_vendored_file_is_noticed(tmp_path: Path) -> None:
    entry = next(entry for entry in FILES if entry["to"].endswith("htmx.min.js"))
    changed = tmp_path / "htmx.min.js"
    changed.write_bytes((ROOT / entry["to"]).read_bytes().replace(b"htmx", b"htmy", 1))
    assert differs_from_record(changed, entry["sha256"])


def test_nothing_lies_among_the_vendored_files_that_is_not_on_record() -> None:
    recorded = {ROOT / entry["to"] for entry in FILES} | {VENDOR / "LICENSES.txt"}
    found = {path for path in [*VENDOR.rglob("*"), *(ROOT / "tests" / "vendor").rglob("*")] if path.is_file()}
    assert found - recorded == set()


def test_every_vendored_package_has_its_licence_in_the_tree() -> None:
    text = (VENDOR / "LICENSES.txt").read_text(encoding="utf-8")
    for package in RECORD["package"]:
        heading = f"{package['name']} {package['version']} ({package['licence']})"
        assert heading in text


def test_vendored_licences_are_ones_the_project_accepts() -> None:
    shipped = {package["licence"] for package in RECORD["package"] if package["name"] != "axe-core"}
    assert shipped <= {"MIT", "0BSD", "OFL-1.1"}


def test_every_package_is_pinned_to_one_tarball() -> None:
    for package in RECORD["package"]:
        assert package["version"][0].isdigit()
        assert package["integrity"].startswith("sha512-")


SHEET = """/*! Example, MIT */
:root{--used:red;--through:var(--used);--unused:blue}
p{margin:0}
.keep{color:var(--through)}
.keep.drop,.keep:hover{color:green}
.drop{color:black}
.keep{background-image:url("data:image/svg+xml,x");padding:1px!important}
@media print{.drop{display:none}.keep{display:block}}
@keyframes spin{to{rotate:1turn}}
"""


def test_a_style_subset_keeps_wanted_classes_and_what_they_need() -> None:
    text = style_subset.subset(SHEET, frozenset({"keep"}))
    for kept in ("Example, MIT", "p {", "--used: red", "--through: var(--used)", ".keep:hover {",
                 "padding: 1px!important", "@media print"):
        assert kept in text


def test_a_style_subset_drops_other_classes_unused_properties_and_data_addresses() -> None:
    text = style_subset.subset(SHEET, frozenset({"keep"}))
    for dropped in (".drop", "--unused", "data:", "keyframes"):
        assert dropped not in text


def test_a_sprite_has_one_symbol_per_drawing_and_keeps_our_own() -> None:
    drawing = (
        b'<svg xmlns="http://www.w3.org/2000/svg">'
        b'<path stroke="none" d="M0 0h24v24H0z"/><path d="M1 1"/></svg>'
    )
    own = b'<svg xmlns="http://www.w3.org/2000/svg"><symbol id="s-own" viewBox="0 0 14 14"/></svg>'
    text = sprite.build({"search": drawing}, own).decode()
    assert 'id="i-search"' in text
    assert 'id="s-own"' in text
    assert "M0 0h24v24H0z" not in text
