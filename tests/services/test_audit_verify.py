"""Verification: honest logs pass, and no changed byte, row, order or length goes unnoticed (P3)."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from inquiry_service.db import create_engine_for, session_factory
from inquiry_service.domain.audit_entry import LOG, check_entry, index_columns
from inquiry_service.domain.merkle import Frontier, leaf_hash
from inquiry_service.errors import IntegrityBroken
from inquiry_service.models.audit_triggers import drop_statements
from inquiry_service.services.audit_verify import verify, verify_and_record
from inquiry_service.store import audit as store
from inquiry_service.store.audit import AuditFilter
from tests.services.audit_log import SPECIALIST, check, disarm, fill, record_one, scalar

MUTATIONS = 2400
TABLES = ("audit_entry", "audit_head", "audit_personal")


@pytest.fixture
def log(engine: Engine) -> Engine:
    """A log of forty entries whose triggers were dropped by somebody with the owner's rights."""
    fill(session_factory(engine), 40)
    disarm(engine)
    return engine


def _execute(engine: Engine, *statements: str) -> None:
    with engine.begin() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_an_honest_log_verifies_and_the_report_says_so(log: Engine) -> None:
    report = check(log)
    assert report.size == 40
    assert report.root == scalar(log, "SELECT root FROM audit_head")
    assert report.summary.startswith(f"40 entries intact, head {report.root[:8]}…{report.root[-4:]}, checked 2")


def test_an_empty_log_verifies(engine: Engine) -> None:
    assert check(engine).size == 0


def test_honest_logs_raise_no_alarm(engine: Engine) -> None:
    for seed in range(40):
        fill(session_factory(engine), 2, seed)
        assert check(engine).size == seed * 2 + 2


def test_progress_is_told_batch_by_batch(log: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "BATCH", 15)
    seen: list[tuple[int, int]] = []
    with session_factory(log)() as session:
        verify(session, lambda done, size: seen.append((done, size)))
    assert seen == [(15, 40), (30, 40), (40, 40)]


@pytest.mark.parametrize(("statements", "seq", "where"), [
    (["UPDATE audit_entry SET actor_name = 'X' WHERE seq = 5"], 5, "column actor_name"),
    (["UPDATE audit_entry SET leaf_hash = repeat('0', 64) WHERE seq = 6"], 6, "leaf_hash"),
    (["DELETE FROM audit_entry WHERE seq = 7"], 7, "number"),
    (["DELETE FROM audit_entry WHERE seq >= 38"], 38, "number"),
    (["DELETE FROM audit_entry"], 0, "number"),
    (["UPDATE audit_entry SET seq = 100 WHERE seq = 8", "UPDATE audit_entry SET seq = 8 WHERE seq = 9",
      "UPDATE audit_entry SET seq = 9 WHERE seq = 100"], 8, "seq"),
    (["UPDATE audit_entry SET log = 'other' WHERE seq = 10"], 10, "number"),
    (["UPDATE audit_entry SET log = 'other' WHERE seq = 39"], 39, "number"),
    (["UPDATE audit_entry SET seq = seq + 1000 WHERE seq = 39"], 39, "number"),
    (["DELETE FROM audit_entry WHERE seq = 39", "UPDATE audit_head SET size = 39"], 38, "frontier of the head"),
    (["UPDATE audit_head SET size = 39"], 38, "frontier of the head"),
    (["UPDATE audit_head SET size = 41"], 40, "number"),
    (["UPDATE audit_head SET root = repeat('0', 64)"], 39, "root of the head"),
    (["UPDATE audit_head SET frontier = ''"], 39, "frontier of the head"),
    (["UPDATE audit_head SET log = 'other'"], 0, "head of the log"),
    (["DELETE FROM audit_head", "DELETE FROM audit_entry"], 0, "head of the log"),
    (["UPDATE audit_head SET size = 0, frontier = '', root = 'x'"], 0, "root of the head"),
    (["INSERT INTO audit_personal SELECT log, 99, path, subject, key, value FROM audit_personal LIMIT 1"], 99,
     "personal values"),
])
def test_the_first_wrong_entry_is_named(log: Engine, statements: list[str], seq: int, where: str) -> None:
    if log.dialect.name == "sqlite":
        statements = [sql.replace("repeat('0', 64)", f"'{'0' * 64}'") for sql in statements]
    _execute(log, *statements)
    with pytest.raises(IntegrityBroken) as refusal:
        check(log)
    assert (refusal.value.data["seq"], refusal.value.data["where"]) == (seq, where)
    assert refusal.value.message.startswith(f"audit entry {seq}: {where} is wrong: expected ")


def test_of_two_wrong_entries_the_first_is_named(log: Engine) -> None:
    _execute(log, "UPDATE audit_entry SET role = 'x' WHERE seq = 30", "DELETE FROM audit_entry WHERE seq = 20",
             "UPDATE audit_entry SET at = 'x' WHERE seq = 10")
    with pytest.raises(IntegrityBroken, match="audit entry 10: column at"):
        check(log)


def test_an_altered_personal_value_is_found_and_an_erased_one_is_not(log: Engine) -> None:
    seq = scalar(log, "SELECT min(seq) FROM audit_personal")
    _execute(log, f"UPDATE audit_personal SET value = '\"bob@example.org\"' WHERE seq = {seq}")
    with pytest.raises(IntegrityBroken, match=f"audit entry {seq}: personal value email.new"):
        check(log)
    _execute(log, f"DELETE FROM audit_personal WHERE seq = {seq}")
    assert check(log).size == 40


def test_an_altered_entry_with_a_new_leaf_hash_is_found_by_the_tree(log: Engine) -> None:
    with session_factory(log)() as session:
        row = store.page(session, AuditFilter(), before=21, limit=1)[0]
    forged = row.entry.replace(b'"v":1', b'"v":1').replace(b'"app_version":"', b'"app_version":"9')
    with log.begin() as connection:
        connection.execute(
            text("UPDATE audit_entry SET entry = :entry, leaf_hash = :leaf WHERE seq = 20"),
            {"entry": forged, "leaf": leaf_hash(forged).hex()})
    with pytest.raises(IntegrityBroken, match="frontier of the head"):
        check(log)


def _rewrite(connection: sqlite3.Connection, change: bytes) -> None:
    """Play the owner of the file: alter entry 20, then recompute leaf, frontier and root."""
    frontier = Frontier()
    for seq, entry in connection.execute("SELECT seq, entry FROM audit_entry ORDER BY seq").fetchall():
        data = entry.replace(b'"app_version":"', b'"app_version":"' + change) if seq == 20 else entry
        leaf = leaf_hash(data)
        frontier.append(leaf)
        connection.execute("UPDATE audit_entry SET entry = ?, leaf_hash = ? WHERE seq = ?", (data, leaf.hex(), seq))
    connection.execute("UPDATE audit_head SET frontier = ?, root = ?", (frontier.to_text(), frontier.root.hex()))


def test_a_whole_rewrite_changes_the_root_and_only_a_noted_root_shows_it(sqlite_log: Path) -> None:
    before = _check_file(sqlite_log)
    with sqlite3.connect(sqlite_log) as connection:
        _rewrite(connection, b"9")
    after = _check_file(sqlite_log)
    assert after.size == before.size
    assert after.root != before.root


def test_a_rewrite_that_breaks_the_shape_of_an_entry_is_refused_not_crashed_on(sqlite_log: Path) -> None:
    with sqlite3.connect(sqlite_log) as connection:
        _rewrite(connection, b'x","extra":"')
    with pytest.raises(IntegrityBroken, match="audit entry 20"):
        _check_file(sqlite_log)


@pytest.fixture
def sqlite_log(tmp_path: Path, migrated_sqlite: Path) -> Path:
    """A SQLite file with 22 entries and no triggers, written to only by the test."""
    file = tmp_path / "intruder.db"
    file.write_bytes(migrated_sqlite.read_bytes())
    engine = create_engine_for(f"sqlite:///{file}")
    fill(session_factory(engine), 22)
    engine.dispose()
    with sqlite3.connect(file) as connection:
        for statement in drop_statements("sqlite"):
            connection.execute(statement)
        connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    return file


def _check_file(file: Path) -> Any:
    engine = create_engine_for(f"sqlite:///{file}")
    try:
        return check(engine)
    finally:
        engine.dispose()


def _cells(connection: sqlite3.Connection) -> list[tuple[str, int, str, Any]]:
    cells = []
    for table in TABLES:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        for row in connection.execute(f"SELECT rowid, * FROM {table}").fetchall():
            cells += [(table, row[0], name, value) for name, value in zip(columns, row[1:], strict=True)]
    return cells


def _flipped(dice: random.Random, value: Any) -> Any:
    """Return ``value`` with one byte changed, in the type in which it is stored; None where there is no byte."""
    if isinstance(value, int):
        return value ^ 1 << dice.randrange(8)
    data = bytearray(value.encode("utf-8") if isinstance(value, str) else value)
    if not data:
        return "x"
    data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return bytes(data)


def _notices(engine: Engine) -> bool:
    try:
        check(engine)
    except IntegrityBroken as found:
        return isinstance(found.data["seq"], int)
    return False


def test_no_flipped_byte_in_any_column_of_any_row_is_missed(sqlite_log: Path) -> None:
    dice, missed, tried = random.Random(7), [], 0
    engine = create_engine_for(f"sqlite:///{sqlite_log}")
    raw = sqlite3.connect(sqlite_log, isolation_level=None)
    cells = _cells(raw)
    assert {cell[0] for cell in cells} == set(TABLES)
    while tried < MUTATIONS:
        table, rowid, column, value = dice.choice(cells)
        new = _flipped(dice, value)
        cast = "CAST(? AS TEXT)" if isinstance(value, str) else "?"
        try:
            raw.execute(f"UPDATE {table} SET {column} = {cast} WHERE rowid = ?", (new, rowid))
        except sqlite3.IntegrityError:
            continue  # The key of the table refuses it before anybody has to look.
        tried += 1
        if not _notices(engine):
            missed.append((table, rowid, column, value, new))
        raw.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (value, rowid))
    raw.close()
    assert missed == []
    assert check(engine).size == 22
    engine.dispose()


def test_the_columns_of_an_untouched_entry_match_so_the_comparison_is_not_vacuous(session: Session) -> None:
    record_one(session)
    session.commit()
    [row] = store.stored_rows(session, 0, 1)
    expected = index_columns(check_entry(row.entry, 0))
    assert {name: getattr(row, name) for name in expected} == expected
    assert set(row._fields) == {*expected, "log", "seq", "entry", "leaf_hash"}
    assert row.log == LOG


def test_a_verification_is_an_entry_of_its_own(engine: Engine) -> None:
    factory = session_factory(engine)
    fill(factory, 3)
    report = verify_and_record(factory, SPECIALIST)
    with factory() as session:
        entry = store.page(session, AuditFilter(), limit=1)[0].data
    assert (report.size, entry["action"], entry["changes"]["size"]["new"]) == (3, "audit:verified", 3)


def test_a_failed_verification_is_an_entry_too(log: Engine) -> None:
    _execute(log, "UPDATE audit_entry SET role = 'x' WHERE seq = 4")
    factory = session_factory(log)
    with pytest.raises(IntegrityBroken, match="audit entry 4: column role"):
        verify_and_record(factory, SPECIALIST)
    with factory() as session:
        entry = store.page(session, AuditFilter(), limit=1)[0].data
    assert entry["action"] == "audit:verification_failed"
    assert entry["changes"]["first_wrong_entry"]["new"] == 4


def test_a_damaged_head_is_reported_even_though_nothing_can_be_recorded(log: Engine) -> None:
    _execute(log, "UPDATE audit_head SET frontier = 'zz'")
    with pytest.raises(IntegrityBroken, match="frontier of the head"):
        verify_and_record(session_factory(log), SPECIALIST)
