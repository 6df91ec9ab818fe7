"""What each kind of job does. A handler may run twice: doing it again changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

from inquiry_service.domain.vocabulary import DeliveryMethod
from inquiry_service.rendering.pdf import PdfRenderer
from inquiry_service.services import documents, handover, library_index, outbox
from inquiry_service.services.mail import FileOutbox, SmtpServer, Transport
from inquiry_service.services.runtime import Runtime, Session
from inquiry_service.services.sending import method_of, sender_of


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
    with tools.runtime.reading() as session:
        library_index.update(session, tools.runtime.index, payload["record_ids"])


def render_letter(tools: Tools, payload: Mapping[str, Any]) -> None:
    """Render the approved version of an answer."""
    documents.render(tools.runtime.sessions, tools.runtime.blobs, tools.renderer, payload["version_id"])


def send_letter(tools: Tools, payload: Mapping[str, Any]) -> None:
    """Hand a released letter over."""
    handover.hand_over(tools.runtime.sessions, tools.runtime.blobs, tools.transport, payload["delivery_id"],
                       sender_of(tools.runtime.config))


HANDLERS: dict[str, Callable[[Tools, Mapping[str, Any]], None]] = {
    outbox.INDEX_RECORDS: index_records,
    outbox.RENDER_LETTER: render_letter,
    outbox.SEND_LETTER: send_letter,
}


def _letter_not_rendered(session: Session, payload: Mapping[str, Any], words: str) -> None:
    documents.note_failure(session, payload["version_id"], words)


def _letter_not_sent(session: Session, payload: Mapping[str, Any], words: str) -> None:
    handover.give_up(session, payload["delivery_id"], words)


PUT_ASIDE: dict[str, Callable[[Session, Mapping[str, Any], str], None]] = {
    outbox.RENDER_LETTER: _letter_not_rendered,
    outbox.SEND_LETTER: _letter_not_sent,
}
"""What is told when a job is put aside: runs in the transaction that does so, with its last error."""
