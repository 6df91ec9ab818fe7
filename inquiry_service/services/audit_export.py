"""The audit export: one zip that proves itself offline (R84, R106).

It holds the exact bytes of the entries, the same as CSV for reading, the tree (or a proof for each
entry when filters narrow), a manifest with the SHA-256 of every file, and the verifier. Entries are
streamed; the size of the log is fixed at the start, so what is appended meanwhile stays out.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.db import SessionFactory, transaction
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import LOG, ObjectRef
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.canonical import instant
from inquiry_service.domain.merkle import Tree, inclusion_proof
from inquiry_service.errors import IntegrityBroken
from inquiry_service.services import audit_csv
from inquiry_service.services.audit import record
from inquiry_service.store import audit as store
from inquiry_service.store.audit import AuditFilter
from inquiry_service.version import __version__

FORMAT = "evenhand-audit-export/1"
VERIFIER = Path(__file__).parent / "verifier"


@dataclass(frozen=True)
class Manifest:
    """What a bundle contains, as written into ``manifest.json``.

    Attributes:
        complete: True for the whole log, False for an extract by ``filters``.
        entries: number of entries, the same in JSONL and CSV.
        tree: ``size`` and ``root`` of the log at the time of export.
        files: file name to ``sha256`` and ``bytes``.
    """

    created_at: str
    exporter: dict[str, str]
    filters: dict[str, str]
    complete: bool
    entries: int
    tree: dict[str, Any]
    files: dict[str, dict[str, Any]]
    log: str = LOG
    app_version: str = __version__
    format: str = FORMAT


def export_zip(
    factory: SessionFactory, out: BinaryIO, *, filters: AuditFilter, exporter: Actor, request_id: str = ""
) -> Manifest:
    """Write the bundle to ``out`` (need not be seekable) and record the export.

    The log is read without a write lock, so nobody waits for a long export. The entry comes when the
    bundle is complete: hand ``out`` on only when this returns.

    Args:
        filters: an empty filter exports the whole log, which proves completeness; any other exports
            an extract with an inclusion proof for each entry.
        exporter: who asks; printed in the manifest and in the entry.
        request_id: the web request in which it happens.

    Raises:
        IntegrityBroken: entries and tree do not agree; verify the log.
    """
    with factory() as session:
        session.connection(execution_options={"read_only": True})
        try:
            with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
                manifest = _write(session, _Bundle(archive), filters, exporter)
        except (ValueError, TypeError) as error:
            raise IntegrityBroken("the log holds an entry that cannot be read; run the verification") from error
    with transaction(factory) as session:
        session.info["request_id"] = request_id
        _record(session, exporter, manifest)
    return manifest


def _write(session: Session, bundle: _Bundle, filters: AuditFilter, exporter: Actor) -> Manifest:
    head = store.head(session)
    for name in ("README.txt", "verify.py"):
        bundle.add(name, [(VERIFIER / name).read_bytes()])
    counter = _Counter()
    bundle.add("entries.jsonl", counter.lines(store.in_order(session, filters, head.size)))
    bundle.add("entries.csv", _csv(store.in_order(session, filters, head.size)))
    narrowed = filters.as_dict()
    tree = _proofs(session, filters, head) if narrowed else _whole_tree(session, head, counter.entries)
    bundle.add("tree.json", tree)
    manifest = Manifest(
        created_at=instant(now()), filters=narrowed, complete=not narrowed, entries=counter.entries,
        exporter={"id": exporter.user_id, "name": exporter.name, "role": exporter.role_names},
        tree={"size": head.size, "root": head.root}, files=bundle.files,
    )
    bundle.describe(manifest)
    return manifest


def _record(session: Session, exporter: Actor, manifest: Manifest) -> None:
    log = ObjectRef("audit_log", LOG, label="the audit log")
    record(session, exporter, Event.AUDIT_EXPORTED, log, changes={
        "entries": (None, manifest.entries),
        "filters": (None, manifest.filters),
        "tree_size": (None, manifest.tree["size"]),
        "tree_root": (None, manifest.tree["root"]),
        "entries_sha256": (None, manifest.files["entries.jsonl"]["sha256"]),
    })


class _Bundle:
    """A zip being written, one file after the other, with the hash of each."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.files: dict[str, dict[str, Any]] = {}
        self._zip = archive

    def add(self, name: str, chunks: Iterable[bytes]) -> None:
        """Write one file from its pieces."""
        sha256, size = hashlib.sha256(), 0
        with self._zip.open(name, "w", force_zip64=True) as file:
            for chunk in chunks:
                file.write(chunk)
                sha256.update(chunk)
                size += len(chunk)
        self.files[name] = {"sha256": sha256.hexdigest(), "bytes": size}

    def describe(self, manifest: Manifest) -> None:
        """Write the manifest, which names all other files."""
        text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        self._zip.writestr("manifest.json", text)


class _Counter:
    """Counts the entries that pass."""

    def __init__(self) -> None:
        self.entries = 0

    def lines(self, rows: Iterable[store.AuditRow]) -> Iterator[bytes]:
        """Yield each entry's exact bytes and a line feed; canonical JSON holds none of its own."""
        for row in rows:
            self.entries += 1
            yield row.entry + b"\n"


def _csv(rows: Iterable[store.AuditRow]) -> Iterator[bytes]:
    yield audit_csv.HEADER.encode("utf-8")
    for row in rows:
        yield audit_csv.line(row.data, row.leaf_hash).encode("utf-8")


def _whole_tree(session: Session, head: store.Head, entries: int) -> Iterator[bytes]:
    if entries != head.size:
        raise IntegrityBroken(f"audit log: expected {head.size} entries, got {entries}; run the verification")
    yield _tree_start(head, "leaf_hashes") + b"["
    for number, leaf in enumerate(store.leaf_hashes(session, head.size)):
        yield (b',\n"' if number else b'\n"') + leaf.hex().encode("ascii") + b'"'
    yield b"\n]}\n"


def _proofs(session: Session, filters: AuditFilter, head: store.Head) -> Iterator[bytes]:
    tree = Tree(store.leaf_hashes(session, head.size))
    if tree.size != head.size or tree.root().hex() != head.root:
        raise IntegrityBroken(f"audit tree: expected root {head.root}, got another; run the verification")
    yield _tree_start(head, "proofs") + b"{"
    for number, row in enumerate(store.in_order(session, filters, head.size)):
        path = json.dumps([step.hex() for step in inclusion_proof(tree, row.seq)], separators=(",", ":"))
        yield f"{',' if number else ''}\n\"{row.seq}\":{path}".encode("ascii")
    yield b"\n}}\n"


def _tree_start(head: store.Head, field: str) -> bytes:
    return f'{{"log":"{LOG}","size":{head.size},"root":"{head.root}",\n"{field}":'.encode("ascii")
