"""The import contracts of pyproject.toml hold, and they would notice a wrong import."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

from importlinter.api import read_configuration

from tests.architecture.source_files import PACKAGE, ROOT, parsed

EDGES = {"web", "api", "cli"}


def _lint_imports(directory: Path) -> subprocess.CompletedProcess[str]:
    # A process of its own: the linter puts the directory on its import path.
    command = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(cache_dir=None))"
    return subprocess.run(
        [sys.executable, "-c", command],
        cwd=directory, capture_output=True, text=True, check=False, timeout=120,
    )


def test_the_import_contracts_hold() -> None:
    done = _lint_imports(ROOT)
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_import_that_goes_up_would_break_the_contract(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(PACKAGE, tmp_path / PACKAGE.name, ignore=shutil.ignore_patterns("__pycache__", "static"))
    clock = tmp_path / PACKAGE.name / "clock.py"
    with clock.open("a", encoding="utf-8") as file:
        file.write("\nimport inquiry_service.services\n")
    done = _lint_imports(tmp_path)
    assert done.returncode != 0
    assert "inquiry_service.clock -> inquiry_service.services" in done.stdout


def test_every_part_of_the_package_has_its_layer_and_the_edges_get_no_tables() -> None:
    contracts = {contract["name"]: contract for contract in read_configuration()["contracts_options"]}
    layers = [contract for contract in contracts.values() if contract["type"] == "layers"]
    assert layers
    assert [contract["name"] for contract in layers if contract["exhaustive"] not in (True, "True", "true")] == []
    protected = [contract for contract in contracts.values() if contract["type"] == "protected"]
    assert {module for contract in protected for module in contract["protected_modules"]} == {
        "inquiry_service.models", "sqlalchemy", "whoosh", "weasyprint",
    }
    allowed = {module.split(".")[1] for contract in protected for module in contract["allowed_importers"]}
    assert allowed.isdisjoint(EDGES)


def test_the_configuration_imports_nothing_of_ours() -> None:
    imported = {
        name.name if isinstance(node, ast.Import) else node.module or ""
        for node in ast.walk(parsed(ROOT / "config.py"))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in node.names
    }
    assert imported
    assert not {name for name in imported if name.split(".")[0] in {"inquiry_service", "tools", "tests"}}
