"""Typed errors: what went wrong, as data. The edges (web, CLI, jobs) decide how it looks.

Each class carries a stable ``code`` and the HTTP status that fits it, so that one place
in ``web/errors.py`` maps them all. Messages are written for the person who reads them:
one sentence, what to do next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


class EvenhandError(Exception):
    """Base of every error that the product raises on purpose.

    Args:
        message: one sentence for the person concerned, without secrets or inquiry text.
        data: further facts for logs and tests.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400

    def __init__(self, message: str, **data: Any) -> None:
        super().__init__(message)
        self.message = message
        self.data = data


class NotFound(EvenhandError):
    """The object does not exist, or the viewer may not know that it does."""

    code = "not_found"
    status = 404


class Forbidden(EvenhandError):
    """The actor's role lacks the permission."""

    code = "forbidden"
    status = 403


class InvalidInput(EvenhandError):
    """Input that cannot be accepted; ``fields`` maps a field name to its message."""

    code = "invalid_input"
    status = 422

    def __init__(self, message: str, *, fields: Mapping[str, str] | None = None, **data: Any) -> None:
        super().__init__(message, **data)
        self.fields: dict[str, str] = dict(fields or {})


@dataclass(frozen=True)
class Unmet:
    """One condition that stands in the way of an action.

    Attributes:
        code: stable name of the condition, e.g. ``adverse_event_screen_missing``.
        message: what is missing and what to do about it.
        where: part of the inquiry page where it can be mended, e.g. ``safety``.
        requirement: the R-number behind the condition.
    """

    code: str
    message: str
    where: str = ""
    requirement: str = ""


class Refused(EvenhandError):
    """The workflow or the compliance gate does not allow the action; ``unmet`` says all reasons."""

    code = "refused"
    status = 409

    def __init__(self, message: str, unmet: Sequence[Unmet] = (), **data: Any) -> None:
        super().__init__(message, **data)
        self.unmet = tuple(unmet)


class StaleVersion(EvenhandError):
    """The form was made from an older version than the one that is stored now."""

    code = "stale_version"
    status = 409


class SignatureRefused(EvenhandError):
    """The electronic signature was not accepted; never says which component was wrong."""

    code = "signature_refused"
    status = 403


class NotSignedIn(EvenhandError):
    """A page that needs a signed-in account was asked for without one."""

    code = "not_signed_in"
    status = 401


class Locked(EvenhandError):
    """Too many failed attempts; the account answers again after a delay."""

    code = "locked"
    status = 429


class IntegrityBroken(EvenhandError):
    """Stored evidence does not verify; the message says expected, got and where."""

    code = "integrity_broken"
    status = 500


class RenderingFailed(EvenhandError):
    """A document could not be rendered within its limits, or the result did not verify."""

    code = "rendering_failed"
    status = 500


class ConfigurationError(EvenhandError):
    """The installation is not configured in a way that may run."""

    code = "configuration"
    status = 500
