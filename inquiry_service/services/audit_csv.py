"""An audit entry as one line of CSV that a spreadsheet shows and never runs (CWE-1236)."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

COLUMNS = (
    "seq", "at_utc", "actor_id", "actor_name", "role", "action", "object_type", "object_id", "object_version",
    "object_label", "inquiry_id", "reason_code", "reason_text", "changes", "request_id", "app_version",
    "entry_id", "leaf_hash",
)
HEADER = "\ufeff" + ",".join(f'"{name}"' for name in COLUMNS) + "\r\n"
"""First line, with the byte order mark by which spreadsheets recognise UTF-8."""

_STARTS_FORMULA = frozenset("=+-@|%＝＋－＠｜％﹢﹣﹦﹫﹪﹨")


def line(entry: Mapping[str, Any], leaf_hash: str) -> str:
    """Return one entry (parsed) as a CSV line; nested values are canonical-looking JSON text."""
    actor, obj, reason = entry["actor"], entry["object"], entry["reason"]
    changes = json.dumps(entry["changes"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return row((
        entry["seq"], entry["at"], actor["id"], actor["name"], actor["role"], entry["action"],
        obj["type"], obj["id"], obj["version"], obj["label"], obj["inquiry"], reason["code"], reason["text"],
        changes, entry["request_id"], entry["app_version"], entry["id"], leaf_hash,
    ))


def row(values: Iterable[Any]) -> str:
    """Return a line with every cell quoted and made safe."""
    return ",".join('"' + cell(value).replace('"', '""') + '"' for value in values) + "\r\n"


def cell(value: Any) -> str:
    """Return the text of one cell: empty for None, no U+0000, ``'`` before anything that starts a formula.

    The first character that is neither space nor control decides, because spreadsheets skip those.
    Numbers of our own (int) are no formulas.
    """
    if value is None:
        return ""
    text = str(value).replace("\x00", "\ufffd")
    if isinstance(value, int):
        return text
    first = next((char for char in text if not _is_blank(char)), "")
    return "'" + text if first in _STARTS_FORMULA else text


def _is_blank(char: str) -> bool:
    return unicodedata.category(char) in {"Cc", "Cf", "Zs", "Zl", "Zp"}
