"""Word lists as regular expressions: one alternative per line, whole words, any case."""

from __future__ import annotations

import re


def phrases(*alternatives: str, outside: str = "") -> re.Pattern[str]:
    """Compile a pattern that finds any of ``alternatives`` as whole words.

    Args:
        alternatives: regular expressions; groups in them must not capture.
        outside: a further alternative that brings its own word borders, e.g. a quoted text.
    """
    inside = r"\b(?:" + "|".join(alternatives) + r")\b"
    return re.compile(f"{inside}|{outside}" if outside else inside, re.IGNORECASE)
