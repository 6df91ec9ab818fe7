"""The export of what is shown: the same entries in page, table and file, proved offline, itself on record."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from inquiry_service.domain.vocabulary import Role
from inquiry_service.services.audit_export import VERIFIER
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import audit as store
from inquiry_service.store.audit import AuditFilter
from tests.services.audit_log import fill
from tests.web.browser import Browser
from tests.web.conftest import BrowserOf

SHOWN = ({}, {"object": "MI-2026-000003"}, {"type": "question", "actor": "u-mi"}, {"object": "no such thing"})


@pytest.fixture
def auditor(runtime: Runtime, browser_of: BrowserOf) -> Browser:
    """An auditor's browser on a log of some sixty entries."""
    fill(runtime.sessions, 60)
    return browser_of(Role.AUDITOR)


def _taken(response: TestResponse) -> bytes:
    with response:
        return response.get_data()


def test_page_confirmation_table_and_file_hold_the_same_entries(auditor: Browser) -> None:
    for asked in SHOWN:
        page = auditor.get("audit.explorer", **asked).text
        said = re.search(r"Export (\d+) entr", page)
        assert said
        confirmation = auditor.get("audit.export_check", **asked).text
        assert f"<dd>{said[1]} of " in confirmation
        archive = zipfile.ZipFile(io.BytesIO(_taken(auditor.post("audit.export", asked, expect=200))))
        lines = [json.loads(line)["seq"] for line in archive.read("entries.jsonl").splitlines()]
        rows = list(csv.DictReader(io.StringIO(archive.read("entries.csv").decode("utf-8-sig"))))
        manifest = json.loads(archive.read("manifest.json"))
        assert lines == [int(row["seq"]) for row in rows]
        assert manifest["entries"] == len(lines)
        # Exporting the whole log comes after the entries that this test itself made.
        assert len(lines) == int(said[1])
        numbers = [int(number) for number in re.findall(r'id="twist-(\d+)"', page)]
        assert lines[::-1][: len(numbers)] == numbers


def test_the_whole_log_and_an_extract_are_proved_offline(auditor: Browser, tmp_path: Path) -> None:
    for number, asked in enumerate(SHOWN[:2]):
        file = tmp_path / f"{number}.zip"
        file.write_bytes(_taken(auditor.post("audit.export", asked, expect=200)))
        done = subprocess.run(
            [sys.executable, "-I", str(VERIFIER / "verify.py"), str(file)], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout[:4]) == (0, "OK  ")


def test_the_name_of_the_file_tells_when_and_how_much(auditor: Browser, runtime: Runtime) -> None:
    with runtime.reading() as session:
        size = store.head(session).size
    with auditor.post("audit.export", expect=200) as response:
        whole = response.headers["Content-Disposition"]
        assert response.mimetype == "application/zip"
        assert int(response.headers["Content-Length"]) == len(response.get_data())
    assert re.search(rf"evenhand-audit-20\d\d-\d\d-\d\dT\d{{4}}Z-{size}-entries\.zip", whole)
    with auditor.post("audit.export", {"type": "question"}, expect=200) as response:
        assert re.search(rf"Z-\d+-of-{size + 1}-entries\.zip", response.headers["Content-Disposition"])


def test_the_export_is_on_record_with_its_filters_before_it_is_handed_out(
    auditor: Browser, runtime: Runtime
) -> None:
    auditor.post("audit.export", {"object": "MI-2026-000003"}, expect=200).close()
    with runtime.reading() as session:
        entry = store.page(session, AuditFilter(), limit=1)[0].data
    assert (entry["action"], entry["actor"]["role"]) == ("audit:exported", "auditor")
    assert entry["changes"]["filters"]["new"] == {"object": "MI-2026-000003"}
    assert entry["request_id"]


def test_looking_at_the_confirmation_leaves_no_entry(auditor: Browser, runtime: Runtime) -> None:
    with runtime.reading() as session:
        before = store.head(session).size
    auditor.get("audit.export_check", type="question")
    with runtime.reading() as session:
        assert store.head(session).size == before


@pytest.mark.parametrize("sent", [
    {"since": "soon"}, {"actor": "no-such-id"}, {"since": "2026-11-24", "until": "2026-11-23"},
])
def test_filters_that_cannot_be_read_export_nothing(auditor: Browser, sent: dict[str, str]) -> None:
    assert "Nothing was exported." in auditor.post("audit.export", sent, expect=422).text


def test_a_foreign_field_or_a_missing_token_exports_nothing(auditor: Browser) -> None:
    auditor.post("audit.export", {"acton": "signature"}, expect=400)
    auditor.post("audit.export", expect=400, token="")
