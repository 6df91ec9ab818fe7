"""The report of an import that stays: one canonical text, its digest in the audit log, signatures on the digest.

The text is RFC 8785 JSON, written piece by piece: a report of 20,000 records never lies in memory as a whole.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.canonical import UNLIMITED, canonical_bytes
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import ImportState, SignatureMeaning
from inquiry_service.errors import IntegrityBroken, Refused
from inquiry_service.models.literature_imports import ImportItem, ImportRun
from inquiry_service.models.signatures import Signature
from inquiry_service.services import audit, signatures
from inquiry_service.services.access import require
from inquiry_service.services.audit_csv import row as csv_row
from inquiry_service.services.signatures import Components, Signable
from inquiry_service.store import literature_imports as store
from inquiry_service.store import responses as signature_store

SIGNED_TYPE = "import_run"
FORMAT = "evenhand/import-report/1"
_COLUMNS = ("record", "outcome", "reason", "identifier", "title", "record_id", "checked_as", "choice")
_ENDED = (ImportState.FINISHED, ImportState.CANCELLED)


def close(session: Session, actor: Actor, run: ImportRun, state: ImportState) -> None:
    """End a locked import: fix its report, and its digest in the row and in the audit log.

    Raises:
        IntegrityBroken: the counts do not add up; nothing is ended.
    """
    if run.read != run.created + run.updated + run.duplicate + run.rejected:
        raise IntegrityBroken("The counts of the import do not add up.", expected=run.read)
    run.state, run.finished_at, run.failure = state, now(), ""
    session.flush()
    run.report_sha256 = _digest(session, run)
    event = (Event.LITERATURE_IMPORT_FINISHED if state is ImportState.FINISHED
             else Event.LITERATURE_IMPORT_STOPPED)
    audit.record(session, actor, event, run, label=run.file_name, changes={
        **{name: (None, count) for name, count in counts(run).items()}, "report_sha256": (None, run.report_sha256)})


def counts(run: ImportRun) -> dict[str, int]:
    """Return the counts of an import; ``read`` is the sum of the four that follow it."""
    total = run.read if run.total is None else run.total
    return {"read": run.read, "created": run.created, "updated": run.updated, "duplicate": run.duplicate,
            "rejected": run.rejected, "not_read": max(0, total - run.read)}


def has_ended(run: ImportRun) -> bool:
    """Say whether an import has its final report."""
    return run.state in _ENDED and bool(run.report_sha256)


def verify(session: Session, run: ImportRun) -> None:
    """Prove that the stored report is still the one whose digest was recorded.

    Raises:
        IntegrityBroken: a count, a line or anything else in it is another than it was.
    """
    got = _digest(session, run)
    if got != run.report_sha256:
        raise IntegrityBroken("This report is not what was recorded when the import ended.",
                              expected=run.report_sha256, got=got)


def json_pieces(session: Session, run: ImportRun) -> Iterator[bytes]:
    """Yield the report for download: the canonical text, its digest, and the signatures on it."""
    signed = [_signature(signature) for signature in signatures_on(session, run)]
    yield b'{"report":'
    yield from _canonical(session, run)
    yield b',"report_sha256":' + canonical_bytes(run.report_sha256)
    yield b',"signatures":' + canonical_bytes(signed, limit=UNLIMITED) + b"}\n"


def csv_lines(session: Session, run: ImportRun) -> Iterator[str]:
    """Yield the report as CSV that a spreadsheet shows and never runs: what it is about, signatures, each record."""
    yield "\ufeff" + csv_row(("Import report", run.file_name))
    for name, value in (*_head(run).items(), ("report_sha256", run.report_sha256)):
        if isinstance(value, Mapping):
            yield from (csv_row((f"{name}: {key}", one)) for key, one in value.items())
        else:
            yield csv_row((name, ", ".join(value) if isinstance(value, list) else value))
    for signature in signatures_on(session, run):
        void = f" (void: {signature.voided_reason})" if signature.voided_at else ""
        yield csv_row(("signature", signatures.manifestation(signature) + void))
    yield csv_row(())
    yield csv_row(_COLUMNS)
    for portion in store.every_item(session, run.id):
        yield from (csv_row(_item(item)[name] for name in _COLUMNS) for item in portion)


def prepare_signing(session: Session, actor: Actor, run: ImportRun) -> tuple[Signable, str]:
    """Return what will be signed and the ticket for the sign form.

    Raises:
        Forbidden: the right is missing; Refused: the import has not ended, or this person has signed;
        IntegrityBroken: the report is not what was recorded.
    """
    signable = _signable(session, actor, run)
    return signable, signatures.issue_ticket(session, actor, signable, SignatureMeaning.IMPORT_CHECK)


def sign(session: Session, actor: Actor, run: ImportRun, typed: Components) -> Signature:
    """Sign a finished report; call it first in the unit of work, for a refusal rolls it back.

    Raises:
        as :func:`prepare_signing`; SignatureRefused, Locked: the components.
    """
    return signatures.sign(session, actor, _signable(session, actor, run), SignatureMeaning.IMPORT_CHECK, typed)


def signatures_on(session: Session, run: ImportRun) -> list[Signature]:
    """Return the signatures on a report, the oldest first."""
    return signature_store.signatures_of(session, SIGNED_TYPE, run.id)


def _signable(session: Session, actor: Actor, run: ImportRun) -> Signable:
    require(actor, Permission.LITERATURE_IMPORT)
    if not has_ended(run):
        raise Refused("Only the report of an import that has ended can be signed.")
    if any(signature.user_id == actor.user_id and signature.is_valid for signature in signatures_on(session, run)):
        raise Refused("You have signed this report already.")
    verify(session, run)
    return Signable(SIGNED_TYPE, run.id, 1, run.report_sha256, f"Import report of {run.file_name}", "")


def _digest(session: Session, run: ImportRun) -> str:
    sha256 = hashlib.sha256()
    for piece in _canonical(session, run):
        sha256.update(piece)
    return sha256.hexdigest()


def _canonical(session: Session, run: ImportRun) -> Iterator[bytes]:
    """The canonical JSON of the head with its items, whose names sort before and after "items"."""
    head = _head(run)
    yield b"{"
    for number, name in enumerate(sorted([*head, "items"])):
        yield (b"," if number else b"") + canonical_bytes(name) + b":"
        if name == "items":
            yield from _array(_item(item) for portion in store.every_item(session, run.id) for item in portion)
        else:
            yield canonical_bytes(head[name], limit=UNLIMITED)
    yield b"}"


def _array(values: Iterable[Any]) -> Iterator[bytes]:
    yield b"["
    for number, value in enumerate(values):
        yield (b"," if number else b"") + canonical_bytes(value, limit=UNLIMITED)
    yield b"]"


def _head(run: ImportRun) -> dict[str, Any]:
    return {
        "counts": counts(run), "encoding": run.encoding, "encoding_note": run.encoding_note,
        "file": run.file_name, "file_format": run.format, "file_sha256": run.file_sha256,
        "finished_at": run.finished_at, "imported_by": run.imported_by, "mapping": run.mapping,
        "products": run.products, "report": FORMAT, "run_id": run.id, "started_at": run.started_at,
        "state": run.state.value,
    }


def _item(item: ImportItem) -> dict[str, Any]:
    return {
        "record": item.position, "outcome": item.outcome.value if item.outcome else "not_read",
        "reason": item.reason, "identifier": item.identifier, "title": item.title,
        "record_id": item.record_id if item.outcome else None,
        "checked_as": item.finding.value if item.finding else None, "choice": item.choice,
        "details": item.details,
    }


def _signature(signature: Signature) -> dict[str, Any]:
    return {
        "number": signature.number, "name": signature.printed_name, "title": signature.title,
        "role": signature.role, "meaning": signature.meaning.label, "signed_at": signature.signed_at,
        "digest": signature.digest, "words": signatures.manifestation(signature),
        "void": signature.voided_reason if signature.voided_at else None,
    }
