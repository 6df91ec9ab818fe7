"""Which files of the checkout are ours: the subject of the architecture tests."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "inquiry_service"

_NOT_OURS = {".git", ".venv", "__pycache__", "var", "vendor", "corpus", "whoosh", "build", "dist"}
_TEXT_SUFFIXES = {
    ".css", ".html", ".in", ".js", ".md", ".py", ".sh", ".svg", ".toml", ".txt", ".yaml", ".yml",
}
_TEXT_NAMES = {"Makefile", "run", ".editorconfig", ".gitignore"}


def _walk(directory: Path) -> Iterator[Path]:
    for path in sorted(directory.iterdir()):
        if path.is_dir():
            if path.name not in _NOT_OURS and not path.name.endswith("_cache") and path.name != ".hypothesis":
                yield from _walk(path)
        elif path.suffix in _TEXT_SUFFIXES or path.name in _TEXT_NAMES:
            yield path


@cache
def text_files() -> tuple[Path, ...]:
    """Every text file we wrote; vendored code, corpora and generated files are left out."""
    return tuple(_walk(ROOT))


@cache
def python_files() -> tuple[Path, ...]:
    """Every Python file we wrote, tests included."""
    return tuple(path for path in text_files() if path.suffix == ".py")


@cache
def parsed(path: Path) -> ast.Module:
    """Return the syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def named(path: Path) -> str:
    """Return the path as a reader of a failing test wants it: from the root of the checkout."""
    return path.relative_to(ROOT).as_posix()
