"""What each kind of job does. A handler may run twice: doing it again changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

from inquiry_service.domain.vocabulary import DeliveryMethod
from inquiry_service.rendering.pdf import PdfRenderer
from inquiry_service.services import delivery, documents, library_index, outbox
from inquiry_service.services.mail import FileOutbox, SmtpServer, Transport
from inquiry_service.services.runtime import Runtime
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
    delivery.hand_over(tools.runtime.sessions, tools.runtime.blobs, tools.transport, payload["delivery_id"],
                       sender_of(tools.runtime.config))


HANDLERS: dict[str, Callable[[Tools, Mapping[str, Any]], None]] = {
    outbox.INDEX_RECORDS: index_records,
    outbox.RENDER_LETTER: render_letter,
    outbox.SEND_LETTER: send_letter,
}
