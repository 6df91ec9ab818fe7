"""Addresses that came from outside: where a redirect may lead, and how they are written in a page."""

from __future__ import annotations

from urllib.parse import urlsplit

_LONGEST = 2000


def own_path(text: str | None) -> str:
    """Return ``text`` if it is a path on this very site, otherwise an empty string (P48).

    Browsers read ``//host``, ``/\\host`` and addresses with tabs or line breaks in them as another
    site; so nothing but printable ASCII with exactly one leading slash passes.
    """
    if not text or len(text) > _LONGEST or not text.isascii() or not text.isprintable() or " " in text:
        return ""
    if not text.startswith("/") or text.startswith(("//", "/\\")) or "\\" in text:
        return ""
    parts = urlsplit(text)
    return "" if parts.scheme or parts.netloc else text
