"""``evenhand literature check`` and ``rebuild --if-needed``."""

from __future__ import annotations

import json

from sqlalchemy import Engine

from tests.cli.conftest import Installed
from tests.services.literature_files import load, numbered


def test_an_empty_library_and_no_index_agree(installed: Installed) -> None:
    result = installed.run("literature", "check")
    assert (result.exit_code, result.stdout) == (0, "Index and library agree: 0 records.\n")


def test_a_difference_is_told_record_by_record_with_what_to_do_and_mended(installed: Installed, engine: Engine) -> None:
    load(engine, numbered(12))
    found = installed.run("literature", "check")
    assert found.exit_code == 1
    assert found.stdout.startswith("12 of 12 records differ; 0 are indexed.\n")
    assert found.stdout.count("is in the library, but not in the index") == 10
    assert "and 2 more; see --json" in found.stdout
    assert "1 job still waits for the worker" in found.stdout
    assert installed.run("literature", "rebuild", "--if-needed").stdout == "Index 1 holds 12 records.\n"
    assert installed.run("literature", "rebuild", "--if-needed").stdout.startswith("Index and library agree")
    assert installed.run("literature", "check", "--thorough").exit_code == 0


def test_a_refused_index_is_told_in_its_own_words(installed: Installed, engine: Engine) -> None:
    load(engine, numbered(2))
    installed.run("literature", "rebuild")
    for path in installed.runtime.config.index_dir.glob("*/*.toc"):
        path.write_bytes(b"\0" * path.stat().st_size)
    result = installed.run("literature", "check", "--thorough", "--json")
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["agrees"], answer["differences"]) == (1, False, [])
    assert "was changed. The worker builds it anew" in answer["refused"]
