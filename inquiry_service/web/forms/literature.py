"""Reading what is typed into the forms of the library."""

from __future__ import annotations

from inquiry_service.errors import InvalidInput


def year(name: str, text: str) -> int | None:
    """Read a year; nothing is no restriction.

    Raises:
        InvalidInput: it is none; names the field.
    """
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        message = f"“{text}” is not a year; write four digits, such as 1998."
        raise InvalidInput(message, fields={name: message})
    return int(text)
