"""The process that opens a foreign PDF: bytes on standard input, JSON lines on standard output, within limits.

It is started by path (``python -I pdf_child.py LIMITS``, limits as JSON) and imports nothing of ours, so that a
document that breaks out of the parser finds no database and no secret in this process.

Lines: one ``{"metadata": {...}}``, for each page ``{"text": "..."}`` or ``{"fault": "..."}``, then
``{"end": ""}`` or, when the document as a whole cannot be read, ``{"end": "reason"}``.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
from contextlib import suppress
from io import BytesIO
from typing import Any

_FORBIDDEN_EVENTS = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "urllib.", "http.")


def limit_resources(limits: dict[str, int]) -> None:
    """Let the kernel keep memory and processor time; nothing may be written to a file."""
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory_bytes"], limits["memory_bytes"]))
    resource.setrlimit(resource.RLIMIT_CPU, (limits["cpu_seconds"], limits["cpu_seconds"] + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def forbid_escapes() -> None:
    """No socket and no process from Python code, whatever a document makes the parser do."""

    def hook(event: str, _arguments: tuple[Any, ...]) -> None:
        if event.startswith(_FORBIDDEN_EVENTS):
            raise PermissionError(f"{event} is forbidden in the PDF process")

    sys.addaudithook(hook)


def say(**line: Any) -> None:
    """Send one line; it goes out at once, so that pages before a crash are kept."""
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


def metadata_of(reader: Any) -> dict[str, str]:
    """What the document says of itself: the Info dictionary and the XMP packet, as text."""
    found: dict[str, str] = {}
    with suppress(Exception):
        info = {str(key).lstrip("/"): str(value) for key, value in (reader.metadata or {}).items()}
        found |= {key: value[:4000] for key, value in info.items() if value.strip()}
    with suppress(Exception):
        packet = reader.root_object["/Metadata"].get_data()
        found["xmp"] = packet[:200_000].decode("utf-8", "replace")
    with suppress(Exception):
        found["largest"] = largest_text(reader.pages[0])
    return found


def largest_text(page: Any) -> str:
    """The words set largest on a page, if larger than its running text: the title, most often."""
    pieces: list[tuple[float, str]] = []

    def visit(text: str, outer: Any, inner: Any, _font: Any, size: float) -> None:
        # The matrices may scale what the font size says.
        height = abs(size * (inner[3] or inner[1]) * (outer[3] or outer[1]))
        if text.strip():
            pieces.append((round(height, 1), " ".join(text.split())))

    page.extract_text(visitor_text=visit)
    lengths: dict[float, int] = {}
    runs: list[tuple[float, str]] = []
    for size, text in pieces:
        lengths[size] = lengths.get(size, 0) + len(text)
        if runs and abs(runs[-1][0] - size) < 0.3:
            runs[-1] = (size, f"{runs[-1][1]} {text}")
        else:
            runs.append((size, text))
    body = max(lengths, key=lambda size: lengths[size], default=0.0)
    # A journal's name may be set larger than the title, but it is shorter.
    for fewest_words, fewest_letters in ((4, 20), (1, 8)):
        fitting = [(size, text) for size, text in runs if size > body + 0.5
                   and len(text.split()) >= fewest_words and sum(map(str.isalpha, text)) >= fewest_letters]
        if fitting:
            return max(fitting, key=lambda run: run[0])[1][:500]
    return ""


def pages(reader: Any, limits: dict[str, int]) -> str:
    """Send the text of each page; return why it ends before the last one, if it does."""
    left = limits["characters"]
    for number, page in enumerate(reader.pages, 1):
        if number > limits["pages"]:
            return f"It has more than {limits['pages']:,} pages; those after page {number - 1:,} were not read"
        try:
            text = page.extract_text()[: limits["page_characters"]]
        except MemoryError:
            return f"Page {number} needs more memory than one document may use"
        except Exception as error:  # noqa: BLE001 - pypdf raises what the document makes it raise
            say(fault=f"{type(error).__name__}: {error}"[:300])
            continue
        left -= len(text)
        if left < 0:
            return f"It has too much text; what comes after page {number - 1} was not read"
        say(text=text)
    return ""


def read(data: bytes, limits: dict[str, int]) -> str:
    """Read one document; return the reason when it cannot be read, else ""."""
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    try:
        reader = PdfReader(BytesIO(data), strict=False)
        # Many publishers' files have no password for reading, only one for changing.
        if reader.is_encrypted and not reader.decrypt(""):
            return "It is protected by a password"
        say(metadata=metadata_of(reader))
        return pages(reader, limits)
    except DependencyError:
        return "It is encrypted"
    except MemoryError:
        return "It needs more memory than one document may use"
    except RecursionError:
        return "It is nested too deeply"
    except Exception as error:  # noqa: BLE001 - pypdf raises what the document makes it raise
        return f"It is damaged ({error})"[:300]


def main() -> None:
    """Close the doors, read the document, say how it ended."""
    limits = json.loads(sys.argv[1])
    import pypdf  # noqa: F401 - loaded before the doors close

    limit_resources(limits)
    logging.disable(logging.CRITICAL)
    forbid_escapes()
    say(end=read(sys.stdin.buffer.read(), limits))


if __name__ == "__main__":
    main()
