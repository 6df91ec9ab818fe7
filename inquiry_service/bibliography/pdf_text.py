"""Text and metadata of a PDF, page by page. The parser runs in a child process with limits (``pdf_child.py``):
PDFs come from outside, and a hostile one may cost its own process, never the caller's.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

MAX_BYTES = 200 << 20

_CHILD = Path(__file__).with_name("pdf_child.py")
# Neither PostgreSQL text nor UTF-8 can carry these.
_UNSTORABLE = dict.fromkeys([0, *range(0xD800, 0xE000)])


@dataclass(frozen=True)
class Limits:
    """What one document may use; an article of 30 pages needs about 2 seconds and 150 MB.

    Attributes:
        wall_seconds: time for the whole document; kept by the caller.
        cpu_seconds, memory_bytes: processor time and address space; kept by the kernel.
        pages, page_characters, characters: what is read of it at most.
    """

    wall_seconds: float = 120.0
    cpu_seconds: int = 100
    memory_bytes: int = 1 << 30
    pages: int = 3_000
    page_characters: int = 200_000
    characters: int = 20_000_000


@dataclass(frozen=True)
class PdfText:
    """What was found in a PDF.

    Attributes:
        pages: the text of each page from the first on; "" where a page holds none (a scan) or cannot be read.
        failure: "" when every page was read and there is text; else one sentence for people. Pages that were
            read before or beside the failure are in ``pages`` all the same.
        metadata: the Info dictionary (``Title``, ``Author``, ...), the XMP packet as ``xmp`` and the words set
            largest on the first page as ``largest``; as foreign as the rest of the document.
    """

    pages: tuple[str, ...] = ()
    failure: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)


def pages_of(data: bytes, limits: Limits | None = None) -> PdfText:
    """Extract the text of a PDF page by page; never raises, whatever the bytes are."""
    if b"%PDF-" not in data[:1024]:
        return PdfText(failure="It is not a PDF document.")
    if len(data) > MAX_BYTES:
        return PdfText(failure=f"It is larger than {MAX_BYTES >> 20} MB.")
    output, ending = _run(data, limits or Limits())
    return _read_lines(output, ending)


def _run(data: bytes, limits: Limits) -> tuple[bytes, str]:
    """Let the child work; return what it said and, if it did not come to its own end, why."""
    # A clean environment: no secret of the program reaches the process that parses foreign bytes.
    command = [sys.executable, "-I", str(_CHILD), json.dumps(asdict(limits))]
    try:
        done = subprocess.run(
            command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False,
            timeout=limits.wall_seconds, env={"PATH": os.defpath, "LANG": "C.UTF-8"},
        )  # fmt: skip
    except subprocess.TimeoutExpired as late:
        return late.stdout or b"", f"Reading it took longer than {limits.wall_seconds:g} seconds"
    return done.stdout, "Reading it used more time or memory than one document may use" if done.returncode else ""


def _read_lines(output: bytes, ending: str) -> PdfText:
    pages: list[str] = []
    metadata: dict[str, str] = {}
    faults: list[str] = []
    # A last line without its end was cut off with the child.
    for line in output.split(b"\n")[:-1]:
        message: dict[str, Any] = json.loads(line)
        if "end" in message:
            ending = ending or str(message["end"])
        elif "metadata" in message:
            metadata = {key: value.translate(_UNSTORABLE) for key, value in message["metadata"].items()}
        else:
            pages.append(str(message.get("text", "")).translate(_UNSTORABLE))
            if "fault" in message:
                faults.append(f"Page {len(pages)} could not be read ({message['fault']})")
    return PdfText(tuple(pages), _failure(pages, faults, ending), metadata)


def _failure(pages: list[str], faults: list[str], ending: str) -> str:
    reasons = [ending] if ending else []
    if len(faults) > 3:
        faults = [*faults[:2], f"{len(faults) - 2} more pages could not be read"]
    reasons += faults
    if not reasons and not any(page.strip() for page in pages):
        reasons = ["It holds no text; a scanned document has to be read by OCR first"]
    return "".join(f"{reason.translate(_UNSTORABLE).rstrip('.')}. " for reason in reasons).strip()
