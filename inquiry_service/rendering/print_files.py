"""Where the print layout lies: at the top of a checkout, inside the package in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_PLACES = (_PACKAGE / "_templates" / "pdf", _PACKAGE.parent / "templates" / "pdf")

PRINT_DIR: Path = next((place for place in _PLACES if place.is_dir()), _PLACES[-1])
