"""A real SMTP server for tests, which can be told to refuse, to ask for patience, or to hang up in the worst moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

ACCEPTED = "250 OK, taken"


@dataclass
class Mailbox:
    """What the server did and shall do.

    Attributes:
        recipient_replies: replies to RCPT, one after the other; then it accepts.
        data_reply: reply after the body; ``hang_up`` cuts the connection instead of it.
        taken: bodies that the server holds, whatever it said about them.
    """

    recipient_replies: list[str] = field(default_factory=list)
    data_reply: str = ACCEPTED
    hang_up: bool = False
    taken: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        # They are used up one by one; the caller's list may serve another test.
        self.recipient_replies = list(self.recipient_replies)

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer RCPT."""
        self.recipients.append(address)
        if self.recipient_replies:
            return self.recipient_replies.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Take the body, and answer or hang up."""
        self.taken.append(bytes(envelope.content or b""))
        if self.hang_up and server.transport is not None:
            server.transport.close()
        return self.data_reply


class _OnFreePort(Controller):
    """Asks the system for a port, and finds out which one it got before it looks whether it answers."""

    def _trigger_server(self) -> None:
        if self.server is not None:
            self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def serving(mailbox: Mailbox) -> Iterator[str]:
    """Run the server on a free port of this machine; yields its URL."""
    controller = _OnFreePort(mailbox, hostname="127.0.0.1", port=0)
    controller.start()
    try:
        yield f"smtp://127.0.0.1:{controller.port}"
    finally:
        controller.stop()
