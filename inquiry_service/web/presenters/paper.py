"""The letter inside a page: the page keeps the only heading of level one."""

from __future__ import annotations

from markupsafe import Markup


def on_page(letter: str) -> Markup:
    """Return the letter's HTML with its title one level down.

    Args:
        letter: from ``rendering.letter``, escaped and cleaned there.
    """
    html = letter.replace("<h1>", '<h2 class="eh-letter-title">').replace("</h1>", "</h2>")
    return Markup(html)  # noqa: S704 - the renderer's own HTML
