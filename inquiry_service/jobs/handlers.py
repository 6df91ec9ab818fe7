"""What each kind of job does. A handler may run twice: doing it again changes nothing."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Any

from inquiry_service.domain.actor import SYSTEM
from inquiry_service.domain.vocabulary import DeliveryMethod
from inquiry_service.rendering.pdf import PdfRenderer
from inquiry_service.search.port import IndexUntrusted
from inquiry_service.services import documents, handover, library_index, literature_full_text, outbox, search_alerts
from inquiry_service.services import literature_import_work as import_work
from inquiry_service.services.literature_import_work import Pace, Work
from inquiry_service.services.mail import FileOutbox, SmtpServer, Transport
from inquiry_service.services.runtime import Runtime, Session
from inquiry_service.services.sending import method_of, sender_of
from inquiry_service.services.sign_in import actor_for
from inquiry_service.store import literature_imports, people


class Tools:
    """What the handlers share for the life of the worker: the runtime, a warm renderer, the way out."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.renderer = PdfRenderer()

    def __enter__(self) -> Tools:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.renderer.close()

    @property
    def transport(self) -> Transport:
        """The mail server, or the folder of files in demo mode."""
        config = self.runtime.config
        if method_of(config) is DeliveryMethod.EMAIL:
            return SmtpServer(config.smtp_url)
        return FileOutbox(config.mail_outbox_dir)


def index_records(tools: Tools, payload: Mapping[str, Any]) -> None:
    """Bring new or changed records into the literature index."""
    try:
        with tools.runtime.reading() as session:
            library_index.update(session, tools.runtime.index, payload["record_ids"])
    except IndexUntrusted:
        # Built anew it holds these records, too.
        library_index.rebuild_unattended(tools.runtime)
    search_alerts.ask_for_check(tools.runtime)


def check_searches(tools: Tools, _payload: Mapping[str, Any]) -> None:
    """Tell the owners of saved searches what is new."""
    search_alerts.check(tools.runtime)


def check_import(tools: Tools, payload: Mapping[str, Any]) -> None:
    """Find out what the records of a literature file are beside the library."""
    _import(tools, payload, outbox.CHECK_IMPORT, import_work.check)


def run_import(tools: Tools, payload: Mapping[str, Any]) -> None:
    """Bring the records of a confirmed literature file into the library."""
    _import(tools, payload, outbox.RUN_IMPORT, import_work.carry_out)


def _import(tools: Tools, payload: Mapping[str, Any], kind: str, act: Callable[[Work], Pace]) -> None:
    """Work for a while, then stand back in line: letters must not wait for the end of a long file."""
    runtime = tools.runtime
    with runtime.reading() as session:
        sha256 = literature_imports.run(session, payload["run_id"]).file_sha256
        actor = actor_for(people.by_id(session, payload["actor_id"]))
    work = Work(runtime.sessions, actor, payload["run_id"], lambda: runtime.blobs.open(sha256),
                until=time.monotonic() + IMPORT_SECONDS)
    if act(work) is Pace.PAUSED:
        with runtime.transaction() as session:
            outbox.enqueue(session, kind, dict(payload))


def extract_text(tools: Tools, payload: Mapping[str, Any]) -> None:
    """Take the text out of a held file."""
    literature_full_text.extract(tools.runtime.sessions, tools.runtime.blobs, payload["file_id"])


def render_letter(tools: Tools, payload: Mapping[str, Any]) -> None:
    """Render the approved version of an answer."""
    documents.render(tools.runtime.sessions, tools.runtime.blobs, tools.renderer, payload["version_id"])


def send_letter(tools: Tools, payload: Mapping[str, Any]) -> None:
    """Hand a released letter over."""
    handover.hand_over(tools.runtime.sessions, tools.runtime.blobs, tools.transport, payload["delivery_id"],
                       sender_of(tools.runtime.config))


IMPORT_SECONDS = 20.0
"""How long an import has the worker to itself."""

HANDLERS: dict[str, Callable[[Tools, Mapping[str, Any]], None]] = {
    outbox.INDEX_RECORDS: index_records,
    outbox.CHECK_SEARCHES: check_searches,
    outbox.RENDER_LETTER: render_letter,
    outbox.SEND_LETTER: send_letter,
    outbox.CHECK_IMPORT: check_import,
    outbox.RUN_IMPORT: run_import,
    outbox.EXTRACT_TEXT: extract_text,
}


def _all_records(payloads: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {"record_ids": list(dict.fromkeys(record_id for payload in payloads for record_id in payload["record_ids"]))}


TOGETHER: dict[str, Callable[[Sequence[Mapping[str, Any]]], dict[str, Any]]] = {outbox.INDEX_RECORDS: _all_records}
"""Kinds of which several waiting jobs are done as one, and the payload of that one.

Each change of the index costs a new generation of it, whether of one record or of thousands.
"""


def _letter_not_rendered(session: Session, payload: Mapping[str, Any], words: str) -> None:
    documents.note_failure(session, payload["version_id"], words)


def _letter_not_sent(session: Session, payload: Mapping[str, Any], words: str) -> None:
    handover.give_up(session, payload["delivery_id"], words)


def _text_not_extracted(session: Session, payload: Mapping[str, Any], words: str) -> None:
    literature_full_text.give_up(session, payload["file_id"], words)


def _import_stopped(session: Session, payload: Mapping[str, Any], words: str) -> None:
    import_work.give_up(session, SYSTEM, payload["run_id"], words)


PUT_ASIDE: dict[str, Callable[[Session, Mapping[str, Any], str], None]] = {
    outbox.RENDER_LETTER: _letter_not_rendered,
    outbox.SEND_LETTER: _letter_not_sent,
    outbox.CHECK_IMPORT: _import_stopped,
    outbox.RUN_IMPORT: _import_stopped,
    outbox.EXTRACT_TEXT: _text_not_extracted,
}
"""What is told when a job is put aside: runs in the transaction that does so, with its last error."""
