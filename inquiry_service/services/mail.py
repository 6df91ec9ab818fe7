"""Handing a message over: to an SMTP server, or in demo mode to a folder of files.

The outcome says how much is known. SMTP has one moment in which nobody can know whether the server
took the message (after the body, before its answer; RFC 1047): that is UNKNOWN, and never retried by
machine (P58).
"""

from __future__ import annotations

import os
import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from enum import Enum
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from inquiry_service.errors import ConfigurationError

TIMEOUT_SECONDS = 30


class Handover(Enum):
    """What is known after a try."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    NOT_HANDED_OVER = "not_handed_over"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Outcome:
    """The result of one try, with the words of the other side."""

    handover: Handover
    reply: str


class Transport(Protocol):
    """Something that takes a finished message to one recipient."""

    def deliver(self, message: EmailMessage, sender: str, recipient: str) -> Outcome:
        """Try once; never raises for what the other side does."""
        ...


class FileOutbox:
    """Puts each message as a file into a folder; the same message twice is one file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def deliver(self, message: EmailMessage, sender: str, recipient: str) -> Outcome:
        """Write the message durably under its Message-ID."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = str(message["Message-ID"]).strip("<>").replace("/", "_").replace("@", "_at_")
        target, partial = self.folder / f"{name}.eml", self.folder / f".{name}.part"
        with partial.open("wb") as file:
            file.write(message.as_bytes(policy=SMTP))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(target)
        return Outcome(Handover.ACCEPTED, f"stored as {target.name}")


class SmtpServer:
    """An SMTP server named by ``smtp://`` (STARTTLS when offered) or ``smtps://`` with user and password."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
            raise ConfigurationError("EVENHAND_SMTP_URL must look like smtp://user:password@host:587")
        self.host, self.secure = parts.hostname, parts.scheme == "smtps"
        self.port = parts.port or (465 if self.secure else 25)
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")

    def deliver(self, message: EmailMessage, sender: str, recipient: str) -> Outcome:
        """Take the message through MAIL, RCPT and DATA, and report how far it came."""
        try:
            server = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            return Outcome(Handover.NOT_HANDED_OVER, _words(error))
        try:
            refused = self._envelope(server, sender, recipient)
            return refused or self._body(server, message)
        finally:
            server.close()

    def _connect(self) -> smtplib.SMTP:
        if self.secure:
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS)
        server.ehlo()
        if not self.secure and server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        if self.user:
            server.login(self.user, self.password)
        return server

    def _envelope(self, server: smtplib.SMTP, sender: str, recipient: str) -> Outcome | None:
        try:
            for code, reply in (server.mail(sender), server.rcpt(recipient)):
                if code >= 500:
                    return Outcome(Handover.REFUSED, f"{code} {reply.decode(errors='replace')}")
                if code >= 400:
                    return Outcome(Handover.NOT_HANDED_OVER, f"{code} {reply.decode(errors='replace')}")
        except (OSError, smtplib.SMTPException) as error:
            return Outcome(Handover.NOT_HANDED_OVER, _words(error))
        return None

    def _body(self, server: smtplib.SMTP, message: EmailMessage) -> Outcome:
        try:
            code, reply = server.data(message.as_bytes(policy=SMTP))
        except smtplib.SMTPDataError as error:
            # The server answered DATA itself with a refusal: the body was never sent.
            return Outcome(Handover.NOT_HANDED_OVER, _words(error))
        except (OSError, smtplib.SMTPException) as error:
            return Outcome(Handover.UNKNOWN, _words(error))
        words = f"{code} {reply.decode(errors='replace')}"
        if code == 250:
            return Outcome(Handover.ACCEPTED, words)
        return Outcome(Handover.REFUSED if code >= 500 else Handover.NOT_HANDED_OVER, words)


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
