"""``evenhand document get``: the archived bytes or nothing, and never without an entry."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import pytest

from inquiry_service.clock import now
from inquiry_service.domain.vocabulary import Lane, ResponseType, Role
from inquiry_service.models.documents import Document
from inquiry_service.models.responses import Response, ResponseVersion
from inquiry_service.store import audit as store
from inquiry_service.store.audit import AuditFilter
from tests import factories
from tests.cli.conftest import Installed

EMAIL = "mi@tests.example"
BYTES = b"%PDF-1.7 the letter as it was archived\n%%EOF\n"


@dataclass(frozen=True)
class Letter:
    """An archived letter: its number, that of its inquiry, the SHA-256 of its bytes."""

    number: str
    inquiry: str
    sha256: str


@pytest.fixture
def letter(installed: Installed, tmp_path: Path) -> Letter:
    """A letter in the archive; ``mi@tests.example`` may take it out."""
    sha256 = installed.runtime.blobs.put(BYTES)
    with installed.runtime.sessions() as session:
        staff = factories.user(session, Role.MI_SPECIALIST, email=EMAIL)
        for role in (Role.FIELD_SALES, Role.INTAKE_AGENT):
            factories.user(session, role, email=f"{role.value}@tests.example")
        made = factories.inquiry(session, factories.actor(session), factories.product_with_label(session),
                                 factories.blob_store(tmp_path))
        response = Response(inquiry_id=made.id, number=f"{made.number}-L1", current_version=1)
        version = ResponseVersion(
            response=response, version=1, type=ResponseType.CUSTOM, lane=Lane.HCP, title="Letter", source="",
            snapshot={}, digest=sha256, author_id=staff.id, author_name=staff.printed_name, saved_at=now())
        session.add(Document(
            number=response.number, version=version, sha256=sha256, size=len(BYTES), pages=1, content_digest=sha256,
            renderer="by hand", rendered_at=now()))
        # Past the check that business rows come with an entry: what made the letter is not the subject here.
        session.commit()
        return Letter(response.number, made.number, sha256)


def _downloads(installed: Installed) -> list[str]:
    with installed.runtime.reading() as session:
        return [row.data["actor"]["name"] for row in store.page(session, AuditFilter(action="document:downloaded"))]


def test_a_letter_is_written_byte_for_byte_and_that_is_on_record(
    installed: Installed, letter: Letter, tmp_path: Path
) -> None:
    for place, number in enumerate((letter.number, letter.inquiry)):
        file = tmp_path / f"{place}.pdf"
        result = installed.run("document", "get", number, "--out", str(file), "--as", EMAIL)
        assert result.exit_code == 0, result.output
        assert result.stdout == f"{letter.number}: {len(BYTES)} bytes, SHA-256 {letter.sha256}\n"
        assert hashlib.sha256(file.read_bytes()).hexdigest() == letter.sha256
        assert len(_downloads(installed)) == place + 1


def test_an_existing_file_stays_as_it_is_and_nothing_is_recorded(
    installed: Installed, letter: Letter, tmp_path: Path
) -> None:
    file = tmp_path / "letter.pdf"
    file.write_text("precious", encoding="utf-8")
    assert "exists already" in installed.one_line(
        "document", "get", letter.number, "--out", str(file), "--as", EMAIL)
    assert file.read_text(encoding="utf-8") == "precious"
    assert _downloads(installed) == []


def test_changed_bytes_are_not_handed_out(installed: Installed, letter: Letter, tmp_path: Path) -> None:
    [stored] = [path for path in installed.runtime.config.blobs_dir.rglob("*") if path.is_file()]
    stored.chmod(0o600)
    stored.write_bytes(BYTES.replace(b"letter", b"forged"))
    file = tmp_path / "letter.pdf"
    installed.one_line("document", "get", letter.number, "--out", str(file), "--as", EMAIL)
    assert not file.exists()
    assert _downloads(installed) == []


@pytest.mark.parametrize("wanted", ["MI-1999-000001", "%", "_" * 14, "", "MI-2026-"])
def test_a_number_that_is_not_there_is_one_line_and_no_file(
    installed: Installed, letter: Letter, tmp_path: Path, wanted: str
) -> None:
    file = tmp_path / "letter.pdf"
    assert "There is no document" in installed.one_line(
        "document", "get", wanted, "--out", str(file), "--as", EMAIL)
    assert not file.exists()


@pytest.mark.parametrize("role", [Role.FIELD_SALES, Role.INTAKE_AGENT])
def test_who_may_not_read_letters_gets_none(
    installed: Installed, letter: Letter, tmp_path: Path, role: Role
) -> None:
    file = tmp_path / "letter.pdf"
    line = installed.one_line(
        "document", "get", letter.number, "--out", str(file), "--as", f"{role.value}@tests.example")
    assert "There is no document" in line
    assert not file.exists()


def test_without_an_account_no_letter_is_taken_out(installed: Installed, letter: Letter, tmp_path: Path) -> None:
    assert "--as EMAIL" in installed.one_line("document", "get", letter.number, "--out", str(tmp_path / "x.pdf"))
    assert _downloads(installed) == []
