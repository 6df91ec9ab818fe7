"""Size budgets: a file, a function or a view that grows past them wants to be split, not excused.

Complexity has a budget too; ruff checks that one (rule C901, ``max-complexity`` in pyproject.toml).
"""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.source_files import PACKAGE, ROOT, named, parsed, python_files, text_files

FILE_LINES = 300
FUNCTION_LINES = 40
VIEW_LINES = 25
COMPLEXITY = 8
HAND_WRITTEN = {".py", ".html", ".css", ".js"}
GENERATED = PACKAGE / "migrations" / "versions"
"""Alembic writes these, table by table; they are records of what was done and never grow."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _ours(files: tuple[Path, ...]) -> tuple[Path, ...]:
    return tuple(path for path in files if not path.is_relative_to(GENERATED))


def too_long(text: str) -> bool:
    """Whether a file with this text is over the budget."""
    return len(text.splitlines()) > FILE_LINES


def functions_over(tree: ast.Module, budget: int) -> Iterator[str]:
    """Yield "name (n lines)" for each function whose lines from ``def`` to its end exceed ``budget``."""
    for node in ast.walk(tree):
        if isinstance(node, Function):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > budget:
                yield f"{node.name} ({lines} lines)"


def _functions_over_in(files: tuple[Path, ...], budget: int) -> list[str]:
    return [f"{named(path)}: {found}" for path in files for found in functions_over(parsed(path), budget)]


def test_no_file_is_longer_than_its_budget() -> None:
    files = [path for path in _ours(text_files()) if path.suffix in HAND_WRITTEN]
    assert [named(path) for path in files if too_long(path.read_text(encoding="utf-8"))] == []


def test_no_function_is_longer_than_its_budget() -> None:
    assert _functions_over_in(_ours(python_files()), FUNCTION_LINES) == []


def test_views_are_thin() -> None:
    views = tuple(path for path in python_files() if path.is_relative_to(PACKAGE / "web" / "views"))
    assert _functions_over_in(views, VIEW_LINES) == []


def test_ruff_holds_the_complexity_budget_and_nobody_is_excused() -> None:
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    assert lint["mccabe"]["max-complexity"] == COMPLEXITY
    assert "C90" in lint["select"]
    assert not any("C90" in rule for rules in lint["per-file-ignores"].values() for rule in rules)
    excuse = "noqa: " + "C901"
    assert [named(path) for path in python_files() if excuse in path.read_text(encoding="utf-8")] == []


def test_a_file_and_a_function_over_budget_would_be_found() -> None:
    body = "\n".join(["    pass"] * FUNCTION_LINES)
    tree = ast.parse(f"def grown():\n{body}\n\ndef small():\n    pass\n")
    assert list(functions_over(tree, FUNCTION_LINES)) == [f"grown ({FUNCTION_LINES + 1} lines)"]
    assert too_long("\n" * (FILE_LINES + 1))
    assert not too_long("\n" * FILE_LINES)
