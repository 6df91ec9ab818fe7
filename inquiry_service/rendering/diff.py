"""Word-level comparison of two texts as semantic HTML: ``<del>`` and ``<ins>`` in paragraphs, nothing else.

Redlines compares words and never cuts inside one (a character diff once turned "not" into "n"). It passes
input markup through, so both texts are escaped first, and the result is cleaned again paragraph by paragraph.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

import nh3
from redlines import Redlines

_MARKERS = str.maketrans({"¶": "&#182;", "¦": "&#166;"})
"""Redlines uses these two signs for paragraph and sentence ends; as entities they stay what the author
typed."""

_EMPTY = re.compile(r"<(ins|del)>\s*</\1>")
_WORD = re.compile(r"\w[\w'’.%-]*")


@dataclass(frozen=True)
class TextDiff:
    """The difference between two texts.

    Attributes:
        html: paragraphs with ``<del>`` and ``<ins>``; safe to show, no attributes, no styles.
        words_added, words_removed: counts for the line above the diff.
        changes: number of places that differ.
    """

    html: str
    words_added: int
    words_removed: int
    changes: int

    @property
    def same(self) -> bool:
        """True when the two texts have the same words in the same order."""
        return self.changes == 0


def compare(old: str, new: str) -> TextDiff:
    """Compare two Markdown texts word by word.

    Args:
        old, new: any text; it is shown as text, its own markup is not interpreted.
    """
    lines = Redlines(_prepared(old), _prepared(new), markdown_style="none")
    paragraphs = [_paragraph(part) for part in str(lines.output_markdown).split("\n\n")]
    changes = lines.changes
    return TextDiff(
        html="\n".join(part for part in paragraphs if part),
        words_added=sum(_words(change.test_text) for change in changes),
        words_removed=sum(_words(change.source_text) for change in changes),
        changes=len(changes),
    )


def _prepared(text: str) -> str:
    return html.escape(text).translate(_MARKERS)


def _paragraph(part: str) -> str:
    body = nh3.clean(part.strip(), tags={"del", "ins"}, attributes={}).strip()
    return f"<p>{_EMPTY.sub('', body)}</p>" if body else ""


def _words(text: str | None) -> int:
    return len(_WORD.findall(html.unescape(text or "")))
