"""What the documents point at is there: files, folders, pictures, headings; the tests and tools they name."""

from __future__ import annotations

import re
from pathlib import Path

from tests.architecture.source_files import ROOT, named, text_files

LINK = re.compile(r"\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")
COMMAND_PATH = re.compile(r"(?<![\w/.<])((?:tests|tools|benchmarks)/[\w./]+)")
MODULE = re.compile(r"-m ((?:tools|benchmarks)\.\w+)")


def targets(text: str) -> list[str]:
    """Return what a Markdown text links to inside the repository."""
    found = (first or second for first, second in LINK.findall(text))
    return [target for target in found if not target.startswith(("http:", "https:", "mailto:"))]


def anchor(heading: str) -> str:
    """Return the anchor that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def missing(document: Path, text: str) -> list[str]:
    """Return the links of ``document`` that lead nowhere."""
    return [target for target in targets(text) if not _leads_somewhere(document, target)]


def _leads_somewhere(document: Path, target: str) -> bool:
    path, _, wanted = target.partition("#")
    file = document.parent / path if path else document
    if not file.exists():
        return False
    headings = re.findall(r"^#+ (.+)$", file.read_text(encoding="utf-8"), re.MULTILINE) if wanted else []
    return not wanted or wanted in map(anchor, headings)


def _documents() -> list[Path]:
    # The notes on test data speak of the repositories that the data come from.
    return [path for path in text_files() if path.suffix == ".md" and "data" not in path.relative_to(ROOT).parts]


def test_every_link_and_picture_of_the_documents_leads_somewhere() -> None:
    broken = [f"{named(path)}: {target}"
              for path in _documents() for target in missing(path, path.read_text(encoding="utf-8"))]
    assert broken == []


def test_every_test_tool_and_benchmark_that_a_document_names_exists() -> None:
    absent = []
    for path in _documents():
        text = path.read_text(encoding="utf-8")
        places = [place.rstrip("./") for place in COMMAND_PATH.findall(text)]
        places += [f"{module.replace('.', '/')}.py" for module in MODULE.findall(text)]
        absent += [f"{named(path)}: {place}" for place in places if not (ROOT / place).exists()]
    assert absent == []


def test_a_broken_link_would_be_found() -> None:
    readme = ROOT / "README.md"
    assert missing(readme, "[a](docs/no-such-page.md) [b](README.md#no-such-heading) ![c](https://example.org/x)") == [
        "docs/no-such-page.md", "README.md#no-such-heading"]
    assert missing(readme, "[start](README.md#start)") == []
