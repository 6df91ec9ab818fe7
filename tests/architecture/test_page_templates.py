"""House rules of the page templates: nothing the Content-Security-Policy forbids, no dead names.

A class, icon or file that does not exist fails silently in a browser, so it fails here instead.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import jinja2
import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = ROOT / "templates" / "web"
STATIC = ROOT / "inquiry_service" / "web" / "static"
TEMPLATES = sorted(PAGES.rglob("*.html"))
SCRIPTS = sorted((STATIC / "js").glob("*.js"))

_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_CLASSES = re.compile(r'\bclass="([^"]*)"')
_JINJA = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_ICON = re.compile(r"\bicon\('([a-z0-9-]+)'")
_STATIC_FILE = re.compile(r"url_for\('static', filename='([^'~]+)'\)")
_LONGEST_SCRIPT = 80


def source(path: Path) -> str:
    """Return a template without its comments."""
    return _COMMENT.sub("", path.read_text(encoding="utf-8"))


def forbidden_parts(text: str) -> list[str]:
    """Return what a policy without 'unsafe-inline' and data: would refuse in this markup."""
    patterns = (
        r"\sstyle=\"[^\"]*\"", r"<style\b", r"<script(?![^>]*\bsrc=)[^>]*>", r"\son[a-z]+=\"",
        r"\bjavascript:", r"\bsrc=\"data:", r"\bhref=\"data:", r"https?://[^\"' ]+\.(?:js|css|woff2)",
    )
    return [found.group(0) for pattern in patterns for found in re.finditer(pattern, text)]


def classes_used(text: str) -> set[str]:
    """Return the class names written out in a template; names built by expressions are left out."""
    names: set[str] = set()
    for value in _CLASSES.findall(text):
        plain = _JINJA.sub("\0", value)
        names |= {name for name in plain.split() if "\0" not in name}
    return names


def classes_defined() -> set[str]:
    """Return every class name that one of the style sheets knows."""
    sheets = [*STATIC.glob("css/*.css"), *STATIC.glob("*.css"), STATIC / "vendor" / "tabler-subset.css"]
    text = "".join(re.sub(r"/\*.*?\*/|url\([^)]*\)", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
                   for path in sheets)
    return set(re.findall(r"\.(-?[_a-zA-Z][\w-]*)", text))


def icons_in_sprite() -> set[str]:
    """Return the names of the Tabler icons in the sprite."""
    root = ET.parse(STATIC / "icons.svg").getroot()  # noqa: S314 - our own file
    return {symbol.get("id", "")[2:] for symbol in root if symbol.get("id", "").startswith("i-")}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PAGES)))
def test_a_page_template_holds_nothing_that_the_content_security_policy_refuses(path: Path) -> None:
    assert forbidden_parts(source(path)) == []


@pytest.mark.parametrize("markup", [
    '<p style="color:red">', "<style>", "<script>x()</script>", '<a onclick="x()">', '<img src="data:x">',
    '<a href="javascript:x()">', '<script src="https://cdn.example/x.js">',
])
def test_inline_code_and_foreign_files_are_noticed(markup: str) -> None:
    assert forbidden_parts(markup)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(PAGES)))
def test_every_class_in_a_page_template_is_known_to_a_style_sheet(path: Path) -> None:
    assert classes_used(source(path)) - classes_defined() == set()


def test_a_class_that_no_style_sheet_knows_is_noticed() -> None:
    assert classes_used('<p class="btn {{ more }} col-md-6">') - classes_defined() == {"col-md-6"}


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    named = {name for path in TEMPLATES for name in _ICON.findall(source(path))}
    assert named
    assert named - icons_in_sprite() == set()


def test_every_static_file_named_in_a_template_exists() -> None:
    named = {name for path in TEMPLATES for name in _STATIC_FILE.findall(source(path))}
    assert named
    assert [name for name in sorted(named) if not (STATIC / name).is_file()] == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_our_own_scripts_stay_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= _LONGEST_SCRIPT


def test_every_page_template_compiles() -> None:
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(PAGES), autoescape=True)
    for name in ("tojson", "moment", "day"):
        environment.filters.setdefault(name, str)
    for path in TEMPLATES:
        environment.get_template(str(path.relative_to(PAGES)))


def test_the_style_guide_renders_every_macro_and_escapes_what_it_is_given() -> None:
    environment = jinja2.Environment(loader=jinja2.FileSystemLoader(PAGES), autoescape=True)
    environment.globals.update(url_for=lambda _, filename: f"/static/{filename}", csrf_token=lambda: "token")
    viewer = {"printed_name": "<b>Reviewer</b>", "roles": ["Medical reviewer"], "initials": "MR"}
    page = environment.get_template("styleguide.html").render(viewer=viewer, demo=True)
    assert "&lt;b&gt;Reviewer&lt;/b&gt;" in page
    assert "<b>Reviewer</b>" not in page
    assert "Demonstration data" in page
    assert page.count("<h1") == 1
