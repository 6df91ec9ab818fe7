"""The export proves itself offline: honest bundles pass, and whatever is changed in one is found (P11, P18)."""

from __future__ import annotations

import csv
import io
import json
import random
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from inquiry_service.db import session_factory, transaction
from inquiry_service.domain.audit_entry import Reason
from inquiry_service.domain.audit_events import Event
from inquiry_service.errors import IntegrityBroken
from inquiry_service.services import audit
from inquiry_service.services.audit_export import VERIFIER, Manifest, export_zip
from inquiry_service.services.verifier import verify as verifier
from inquiry_service.store import audit as store
from inquiry_service.store.audit import AuditFilter
from tests.services.audit_log import REVIEWER, SPECIALIST, check, disarm, fill, inquiry

CORRUPTED = 300
NOTHING = AuditFilter()
ONE_INQUIRY = AuditFilter(object="MI-2026-000002")


@pytest.fixture
def log(engine: Engine) -> Engine:
    """A log of thirty entries."""
    fill(session_factory(engine), 30)
    return engine


def _export(engine: Engine, filters: AuditFilter = NOTHING) -> tuple[bytes, Manifest]:
    out = io.BytesIO()
    manifest = export_zip(session_factory(engine), out, filters=filters, exporter=REVIEWER)
    return out.getvalue(), manifest


def _unpack(bundle: bytes, folder: Path) -> Path:
    with zipfile.ZipFile(io.BytesIO(bundle)) as archive:
        archive.extractall(folder)
    return folder


def _run(*arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-I", str(VERIFIER / "verify.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.mark.parametrize(("filters", "words"), [
    (NOTHING, "no entry was changed, left out, added or moved"),
    (ONE_INQUIRY, "every entry here stands unchanged at its place in the tree"),
], ids=["whole", "extract"])
def test_an_honest_bundle_is_proved_offline_as_zip_and_as_folder(
    log: Engine, tmp_path: Path, filters: AuditFilter, words: str
) -> None:
    bundle, manifest = _export(log, filters)
    file = tmp_path / "export.zip"
    file.write_bytes(bundle)
    for path in (file, _unpack(bundle, tmp_path / "unpacked")):
        code, said = _run(str(path))
        assert code == 0
        assert said.startswith(f"OK  {manifest.entries} entries of log evenhand/1")
        assert words in said
        assert "Not proved:" in said


def test_the_verifier_in_the_bundle_is_the_one_that_is_tested(log: Engine, tmp_path: Path) -> None:
    folder = _unpack(_export(log)[0], tmp_path / "unpacked")
    assert (folder / "verify.py").read_bytes() == (VERIFIER / "verify.py").read_bytes()
    assert "inquiry_service" not in (folder / "verify.py").read_text(encoding="utf-8")


def test_manifest_table_and_entries_count_alike(log: Engine, tmp_path: Path) -> None:
    bundle, manifest = _export(log, ONE_INQUIRY)
    folder = _unpack(bundle, tmp_path / "unpacked")
    lines = (folder / "entries.jsonl").read_bytes().splitlines()
    with (folder / "entries.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    written = json.loads((folder / "manifest.json").read_bytes())
    assert manifest.entries == len(lines) == len(rows) == written["entries"] > 0
    assert [json.loads(line)["seq"] for line in lines] == [int(row["seq"]) for row in rows]
    assert written["filters"] == {"object": "MI-2026-000002"}
    assert written["exporter"] == {"id": "u-rev", "name": "Reviewer 1", "role": "content_owner, medical_reviewer"}
    assert written["files"].keys() == {"README.txt", "verify.py", "entries.jsonl", "entries.csv", "tree.json"}
    for name, facts in written["files"].items():
        assert facts["sha256"] == sha256((folder / name).read_bytes()).hexdigest()


def test_cells_that_look_like_formulas_are_defused_and_the_entry_keeps_the_text(log: Engine, tmp_path: Path) -> None:
    with transaction(session_factory(log)) as session:
        audit.record(session, SPECIALIST, Event.INQUIRY_COMMENTED, inquiry(9), reason=Reason("other", "=cmd()"))
    folder = _unpack(_export(log, AuditFilter(action="inquiry:commented"))[0], tmp_path / "unpacked")
    assert "\"'=cmd()\"" in (folder / "entries.csv").read_text(encoding="utf-8")
    [line] = (folder / "entries.jsonl").read_bytes().splitlines()
    assert json.loads(line)["reason"]["text"] == "=cmd()"


def test_the_export_is_an_entry_with_what_was_exported(log: Engine) -> None:
    bundle, manifest = _export(log, ONE_INQUIRY)
    with session_factory(log)() as session:
        entry = store.page(session, NOTHING, limit=1)[0].data
    assert (entry["action"], entry["actor"]["name"]) == ("audit:exported", "Reviewer 1")
    assert entry["changes"]["entries"]["new"] == manifest.entries
    assert entry["changes"]["filters"]["new"] == {"object": "MI-2026-000002"}
    assert entry["changes"]["tree_root"]["new"] == manifest.tree["root"]
    assert check(log).size == 31
    assert len(bundle) > 1000


def test_an_earlier_checkpoint_is_compared(log: Engine, tmp_path: Path) -> None:
    before = check(log)
    fill(session_factory(log), 5, seed=9)
    file = tmp_path / "export.zip"
    file.write_bytes(_export(log)[0])
    code, said = _run(str(file), "--checkpoint", f"{before.size}:{before.root}")
    assert (code, "the 30 entries of your checkpoint" in said) == (0, True)
    code, said = _run(str(file), "--checkpoint", f"{before.size}:{'0' * 64}")
    assert (code, said.startswith("WRONG  root at size 30: expected 000")) == (1, True)
    code, said = _run(str(file), "--checkpoint", f"99:{before.root}")
    assert (code, said) == (1, "WRONG  99 entries at the checkpoint, only 35 here\n")
    file.write_bytes(_export(log, ONE_INQUIRY)[0])
    code, said = _run(str(file), "--checkpoint", f"{before.size}:{before.root}")
    assert (code, "ask for the whole log" in said) == (1, True)


def test_an_extract_without_one_of_an_objects_entries_says_so(log: Engine, tmp_path: Path) -> None:
    with transaction(session_factory(log)) as session:
        for event in (Event.INQUIRY_TRIAGED, Event.INQUIRY_ASSIGNED, Event.INQUIRY_TRIAGED):
            audit.record(session, SPECIALIST, event, inquiry(77))
    file = tmp_path / "export.zip"
    file.write_bytes(_export(log, AuditFilter(object="MI-2026-000077"))[0])
    assert "for 1 of 1 objects none before" in _run(str(file))[1]
    file.write_bytes(_export(log, AuditFilter(action="inquiry:triaged"))[0])
    assert "for 0 of 1 objects none before" in _run(str(file))[1]


def test_an_export_of_a_broken_log_fails_where_verification_fails(log: Engine, tmp_path: Path) -> None:
    disarm(log)
    with log.begin() as connection:
        connection.execute(text("UPDATE audit_entry SET leaf_hash = actor_id WHERE seq = 12"))
    with pytest.raises(IntegrityBroken, match="audit entry 12"):
        check(log)
    with pytest.raises(IntegrityBroken):
        _export(log)
    with pytest.raises(IntegrityBroken):
        _export(log, ONE_INQUIRY)


def _reseal(files: dict[str, bytes]) -> dict[str, bytes]:
    """Make the manifest fit again, as a careful forger would."""
    manifest = json.loads(files["manifest.json"])
    for name in manifest["files"]:
        manifest["files"][name] = {"sha256": sha256(files[name]).hexdigest(), "bytes": len(files[name])}
    return {**files, "manifest.json": json.dumps(manifest).encode()}


def _corrupt(files: dict[str, bytes], dice: random.Random) -> dict[str, bytes]:
    name = dice.choice(["entries.jsonl", "entries.csv", "tree.json"])
    data = bytearray(files[name])
    place = dice.randrange(len(data))
    kind = dice.choice(["flip", "cut", "double line", "drop line"])
    if kind == "flip":
        data[place] ^= 1 << dice.randrange(8)
    elif kind == "cut":
        del data[place:]
    else:
        lines = bytes(data).splitlines(keepends=True)
        line = dice.randrange(len(lines))
        lines[line:line + 1] = [lines[line]] * 2 if kind == "double line" else []
        data = bytearray(b"".join(lines))
    return {**files, name: bytes(data)}


def _passes(files: dict[str, bytes], folder: Path) -> bool:
    for name, data in files.items():
        (folder / name).write_bytes(data)
    try:
        verifier.verify(str(folder))
    except Exception:  # noqa: BLE001 (main() reports each of them as WRONG)
        return False
    return True


@pytest.mark.parametrize("backend", ["sqlite"])
@pytest.mark.parametrize("filters", [NOTHING, ONE_INQUIRY], ids=["whole", "extract"])
def test_no_corrupted_bundle_passes_even_with_a_fitting_manifest(
    log: Engine, tmp_path: Path, filters: AuditFilter
) -> None:
    folder = _unpack(_export(log, filters)[0], tmp_path / "unpacked")
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    honest_tree = json.loads(files["tree.json"])
    dice, passed = random.Random(3), []
    for number in range(CORRUPTED):
        corrupted = _corrupt(files, dice)
        if _passes(_reseal(corrupted) if number % 2 else corrupted, folder):
            passed.append(corrupted)
    # White space and the case of a hexadecimal digit in tree.json may change without changing what it says.
    harmless = [case for case in passed if json.loads(case["tree.json"].lower()) == honest_tree]
    assert len(passed) == len(harmless) <= CORRUPTED // 20
    assert all(case[name] == files[name] for case in harmless for name in ("entries.jsonl", "entries.csv"))
    assert _passes(files, folder)
    assert _passes(_reseal(files), folder)


@pytest.mark.parametrize("kind", ["missing", "extra"])
def test_a_bundle_with_another_list_of_files_is_refused(log: Engine, tmp_path: Path, kind: str) -> None:
    folder = _unpack(_export(log)[0], tmp_path / "unpacked")
    if kind == "missing":
        (folder / "entries.csv").unlink()
    else:
        (folder / "more.txt").write_text("hello", encoding="utf-8")
    code, said = _run(str(folder))
    assert (code, said.startswith("WRONG  the list of files: expected")) == (1, True)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 not a zip", b"{}"], ids=["empty", "broken", "json"])
def test_a_file_that_is_no_bundle_is_refused_in_words(tmp_path: Path, data: bytes) -> None:
    file = tmp_path / "export.zip"
    file.write_bytes(data)
    code, said = _run(str(file))
    assert (code, said.startswith("WRONG  the bundle cannot be read: ")) == (1, True)
