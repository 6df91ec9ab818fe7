"""Write the workflow table and diagram into the README, between their markers.

Usage: ``python3 -m tools.workflow_table`` (``--check`` only says whether the README is up to date)
"""

from __future__ import annotations

import sys
from pathlib import Path

from inquiry_service.domain.workflow_words import as_markdown_table, as_mermaid, status_words

README = Path(__file__).resolve().parent.parent / "README.md"
BEGIN, END = "<!-- workflow:begin -->", "<!-- workflow:end -->"


def section() -> str:
    """Return what stands between the markers."""
    return "\n".join((
        "", "```mermaid", as_mermaid().rstrip(), "```", "", as_markdown_table(),
        "A field submitter sees one word of it:", "", status_words(),
    ))


def updated(text: str) -> str:
    """Return ``text`` with the present workflow between the markers.

    Raises:
        ValueError: the markers are missing or doubled.
    """
    if text.count(BEGIN) != 1 or text.count(END) != 1:
        raise ValueError(f"the text needs {BEGIN} and {END}, each once")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{section()}\n{END}{after}"


def main() -> int:
    """Bring the README up to date; with ``--check`` return 1 when it is not."""
    text = README.read_text(encoding="utf-8")
    new = updated(text)
    if "--check" in sys.argv[1:]:
        if new != text:
            print("README.md does not show the present workflow; run: python3 -m tools.workflow_table")
        return int(new != text)
    README.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
