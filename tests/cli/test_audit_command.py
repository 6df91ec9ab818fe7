"""``evenhand audit``: the verdict as an exit code, the first wrong entry by name, an export that proves itself."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from inquiry_service.services.audit_export import VERIFIER
from inquiry_service.store import audit as store
from inquiry_service.store.audit import AuditFilter
from tests.cli.conftest import Installed
from tests.services.audit_log import disarm, fill


@pytest.fixture
def log(installed: Installed) -> Installed:
    """An installation with a log of some thirty entries."""
    fill(installed.runtime.sessions, 30)
    return installed


def _newest(installed: Installed) -> dict[str, object]:
    with installed.runtime.reading() as session:
        return store.page(session, AuditFilter(), limit=1)[0].data


def _size(installed: Installed) -> int:
    with installed.runtime.reading() as session:
        return store.head(session).size


def _tamper(engine: Engine, statement: str) -> None:
    disarm(engine)
    with engine.begin() as connection:
        connection.execute(text(statement))


def _offline(file: Path) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, "-I", str(VERIFIER / "verify.py"), str(file)], capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def test_an_intact_log_is_code_0_and_the_verification_is_recorded(log: Installed) -> None:
    size = _size(log)
    result = log.run("audit", "verify")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{size} entries intact, head ")
    assert _newest(log)["action"] == "audit:verified"


def test_the_verdict_for_machines(log: Installed) -> None:
    size = _size(log)
    result = log.run("audit", "verify", "--json")
    with log.runtime.reading() as session:
        before = store.entry(session, size)
    said = json.loads(result.stdout)
    assert (said["intact"], said["entries"]) == (True, size)
    assert before
    assert before.data["changes"]["root"]["new"] == said["root"]


@pytest.mark.parametrize(("statement", "words"), [
    ("UPDATE audit_entry SET role = 'auditor' WHERE seq = 12", "audit entry 12: column role is wrong"),
    ("DELETE FROM audit_entry WHERE seq = 7", "audit entry 7: number is wrong"),
    ("UPDATE audit_head SET root = entry_id FROM audit_entry WHERE seq = 1", "root of the head is wrong"),
])
def test_a_tampered_log_is_code_1_and_one_line_that_names_the_entry(
    log: Installed, engine: Engine, statement: str, words: str
) -> None:
    _tamper(engine, statement)
    assert words in log.one_line("audit", "verify")


def test_for_machines_a_tampered_log_is_code_1_too(log: Installed, engine: Engine) -> None:
    _tamper(engine, "UPDATE audit_entry SET role = 'auditor' WHERE seq = 12")
    result = log.run("audit", "verify", "--json")
    assert result.exit_code == 1
    said = json.loads(result.stdout)
    assert (said["intact"], said["first_wrong_entry"], said["where"]) == (False, 12, "column role")


def test_the_export_proves_itself_offline_and_is_recorded(log: Installed, tmp_path: Path) -> None:
    size, file = _size(log), tmp_path / "log.zip"
    result = log.run("audit", "export", "--out", str(file))
    assert result.exit_code == 0
    assert result.stdout.startswith(f"{size} entries written to {file}")
    code, said = _offline(file)
    assert (code, said.startswith(f"OK  {size} entries of log evenhand/1")) == (0, True)
    assert _newest(log)["action"] == "audit:exported"


def test_the_offline_verifier_finds_what_was_changed_in_the_export(log: Installed, tmp_path: Path) -> None:
    file, forged = tmp_path / "log.zip", tmp_path / "forged.zip"
    assert log.run("audit", "export", "--out", str(file)).exit_code == 0
    with zipfile.ZipFile(file) as honest, zipfile.ZipFile(forged, "w") as changed:
        for name in honest.namelist():
            data = honest.read(name)
            changed.writestr(name, data.replace(b"Reviewer 1", b"Reviewer 2") if name == "entries.jsonl" else data)
    code, said = _offline(forged)
    assert (code, said.startswith("WRONG  ")) == (1, True)


def test_an_existing_file_is_never_overwritten(log: Installed, tmp_path: Path) -> None:
    file, size = tmp_path / "log.zip", _size(log)
    file.write_text("precious", encoding="utf-8")
    assert "exists already" in log.one_line("audit", "export", "--out", str(file))
    assert file.read_text(encoding="utf-8") == "precious"
    assert _size(log) == size


def test_an_export_that_fails_leaves_no_file_and_no_entry(log: Installed, engine: Engine, tmp_path: Path) -> None:
    _tamper(engine, "DELETE FROM audit_entry WHERE seq = 7")
    assert "run the verification" in log.one_line("audit", "export", "--out", str(tmp_path / "log.zip"))
    assert list(tmp_path.glob("*.zip")) == []
    assert _newest(log)["action"] != "audit:exported"


def test_a_directory_that_does_not_exist_is_one_line(log: Installed, tmp_path: Path) -> None:
    assert "No such file or directory" in log.one_line("audit", "export", "--out", str(tmp_path / "no" / "log.zip"))


def test_without_a_database_the_line_says_what_to_do(installed: Installed, tmp_path: Path) -> None:
    nowhere = Installed(installed.runtime, installed.environment | {
        "EVENHAND_DATABASE_URL": f"sqlite:///{tmp_path / 'nothing.db'}"})
    assert "evenhand init" in nowhere.one_line("audit", "verify")
    assert "evenhand init" in nowhere.one_line("audit", "export", "--out", str(tmp_path / "log.zip"))
    assert not (tmp_path / "log.zip").exists()
