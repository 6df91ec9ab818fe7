"""The rendering process: HTML in, PDF out; limited, without network, without the rest of the program.

It is started by path (``python -I child.py FOLDER LIMITS``, limits as JSON) and imports nothing of ours, so
that a letter that breaks out of the layout engine finds no database, no configuration and no secret in this
process.

Protocol, both ways: 1 byte kind, 4 bytes length (big endian), then that many bytes. The child says ``H``
(hello, JSON) once; for each ``R`` (HTML, UTF-8) it answers ``P`` (the PDF) or ``E`` (one sentence, UTF-8).
"""

from __future__ import annotations

import contextlib
import ctypes
import html
import json
import logging
import os
import resource
import struct
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

BASE_URL = "https://letter.invalid/"
"""A name that can never be resolved (RFC 2606); urljoin needs a scheme it knows."""

_CLONE_NEWUSER, _CLONE_NEWNET, _PR_SET_NO_NEW_PRIVS = 0x10000000, 0x40000000, 38
_FORBIDDEN_EVENTS = ("socket.", "subprocess.", "os.system", "os.exec", "os.posix_spawn", "os.fork", "urllib.",
                     "ftplib.", "http.", "smtplib.", "webbrowser.")

# PDF/UA identifier inside the one rdf:RDF that WeasyPrint writes. Its option xmp_metadata= would append a
# second rdf:RDF; and PDF/A-3 asks for an extension schema for every property it does not know (ISO 19005-3,
# 6.6.2.3).
_UA_METADATA = (
    b'<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"><pdfuaid:part>1</pdfuaid:part>'
    b'</rdf:Description>\n<rdf:Description rdf:about="" '
    b'xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" '
    b'xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" '
    b'xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\n<pdfaExtension:schemas><rdf:Bag>'
    b'<rdf:li rdf:parseType="Resource"><pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>'
    b'<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>'
    b'<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq>'
    b'<rdf:li rdf:parseType="Resource"><pdfaProperty:name>part</pdfaProperty:name>'
    b'<pdfaProperty:valueType>Integer</pdfaProperty:valueType><pdfaProperty:category>internal'
    b'</pdfaProperty:category><pdfaProperty:description>Part of ISO 14289 to which the document conforms'
    b'</pdfaProperty:description></rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag>'
    b'</pdfaExtension:schemas></rdf:Description>')


def limit_resources(limits: dict[str, int]) -> None:
    """Limits that hold for the life of the process; processor time is set anew for each letter."""
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory_bytes"], limits["memory_bytes"]))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["file_bytes"], limits["file_bytes"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def leave_network() -> str:
    """Enter an empty network namespace where the kernel permits it; return ``isolated`` or ``shared``."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    for flags in (_CLONE_NEWNET, _CLONE_NEWUSER | _CLONE_NEWNET):
        if libc.unshare(flags) == 0:
            return "isolated"
    return "shared"


def forbid_escapes() -> None:
    """Second wall, also where namespaces are not permitted: no socket and no process from Python code."""

    def hook(event: str, _arguments: tuple[Any, ...]) -> None:
        if event.startswith(_FORBIDDEN_EVENTS):
            raise PermissionError(f"{event} is forbidden in the rendering process")

    sys.addaudithook(hook)


def allow_processor_time(seconds: int) -> None:
    """Allow the next letter its share; the kernel ends the process (SIGXCPU) when it is used up."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    spent = int(used.ru_utime + used.ru_stime) + 1
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds, hard))


class Engine:
    """WeasyPrint with our style sheet parsed once, our fonts, and a fetcher that refuses everything else."""

    def __init__(self, folder: Path) -> None:
        import weasyprint
        from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
        from weasyprint.text.fonts import FontConfiguration
        from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

        assets = {BASE_URL + path.relative_to(folder).as_posix(): path
                  for path in sorted(folder.rglob("*")) if path.suffix in (".css", ".svg", ".ttf")}

        class Fetcher(URLFetcher):
            """Deny all but the files of the print layout. Only this error type stops the rendering:
            WeasyPrint swallows others, and the letter would go out with holes."""

            def fetch(self, url: str, headers: object = None) -> object:
                path = assets.get(url)
                if path is None:
                    raise FatalURLFetchingError(f"The letter refers to {url[:120]!r}, which is not allowed")
                return URLFetcherResponse(url, path.read_bytes(), {"Content-Type": _media_type(path)})

        self.refused: type[BaseException] = FatalURLFetchingError
        self._html = weasyprint.HTML
        self._fetcher = Fetcher()
        self._fonts = FontConfiguration()
        self._css = weasyprint.CSS(string=(folder / "print.css").read_text("utf-8"), base_url=BASE_URL,
                                   font_config=self._fonts, url_fetcher=self._fetcher)
        self._printable = {code for path in assets.values() if path.suffix == ".ttf"
                           for code in TTFont(path, lazy=True).getBestCmap()}

    def render(self, source: str) -> bytes:
        """One letter to a tagged PDF/A-3a that also declares PDF/UA-1; equal input gives equal bytes."""
        self._refuse_unprintable(source)
        document = self._html(string=source, base_url=BASE_URL, url_fetcher=self._fetcher).render(
            stylesheets=[self._css], font_config=self._fonts)
        write_metadata = document.metadata.generate_rdf_metadata
        document.metadata.generate_rdf_metadata = lambda *arguments: write_metadata(*arguments).replace(
            b"</rdf:RDF>", _UA_METADATA + b"</rdf:RDF>")
        return bytes(document.write_pdf(pdf_variant="pdf/a-3a", pdf_tags=True, finisher=finish))

    def _refuse_unprintable(self, source: str) -> None:
        """A character that no shipped font has would print as an empty box, and differ between machines."""
        strange = sorted(character for character in set(html.unescape(source))
                         if ord(character) not in self._printable
                         and unicodedata.category(character)[0] not in "CZ")
        if strange:
            names = ", ".join(f"{character} (U+{ord(character):04X})" for character in strange[:8])
            raise ValueError(f"Its fonts cannot print {names}. Write these words in Latin letters.")


def _media_type(path: Path) -> str:
    return {".css": "text/css", ".svg": "image/svg+xml"}.get(path.suffix, "font/ttf")


def finish(document: Any, pdf: Any) -> None:
    """Three repairs of the tag tree that WeasyPrint 70 writes, before the file is closed."""
    import pydyf  # type: ignore[import-untyped]

    by_reference = {each.reference: each for each in pdf.objects if getattr(each, "number", None) is not None}
    for each in by_reference.values():
        if isinstance(each, pydyf.Dictionary):
            _give_scope(each, by_reference, pydyf)
            if each.get("Subtype") == "/Link" and "Dest" in each:
                # A citation says where it goes; else a screen reader says "r4".
                each["Contents"] = pydyf.String("Go to reference " + each["Dest"].string.lstrip("r"))
    _furniture_to_artifacts(pdf, by_reference, pydyf)


def _give_scope(each: Any, by_reference: dict[Any, Any], pydyf: Any) -> None:
    """Every TH gets a /Scope (WeasyPrint issue 2508: it writes /Headers and /ID only)."""
    if each.get("S") != "/TH":
        return
    parent, scope = by_reference.get(each.get("P")), "Row"
    while parent is not None and parent.get("S") != "/Table":
        if parent.get("S") == "/THead":
            scope = "Column"
        parent = by_reference.get(parent.get("P"))
    each.setdefault("A", pydyf.Dictionary({"O": "/Table"}))["Scope"] = "/" + scope


def _furniture_to_artifacts(pdf: Any, by_reference: dict[Any, Any], pydyf: Any) -> None:
    """Running heads and feet become pagination artifacts (PDF/UA-1 7.8).

    WeasyPrint gives their text marked-content ids whose elements hang in the air: known to the parent tree,
    not linked from the document.
    """
    root = by_reference[pdf.catalog["StructTreeRoot"]]
    top = by_reference[root["K"][0]]
    linked = set(top["K"])
    numbers = by_reference[root["ParentTree"]]["Nums"]
    for index, page in enumerate(pdf.page_references):
        references = numbers[2 * index + 1]
        dropped = set()
        for content_id, reference in enumerate(references):
            while by_reference[reference]["P"] != top.reference:
                reference = by_reference[reference]["P"]
            if reference not in linked:
                dropped.add(content_id)
                references[content_id] = "null"
        stream = by_reference[by_reference[page]["Contents"]].stream
        for i in range(len(stream) - 2):
            mark = stream[i + 1]
            if stream[i + 2] == b"BDC" and isinstance(mark, pydyf.Dictionary) and mark.get("MCID") in dropped:
                stream[i], stream[i + 1] = "/Artifact", pydyf.Dictionary({"Type": "/Pagination"})


def read_frame(stream: BinaryIO) -> bytes | None:
    """The body of the next request, or None at the end of input."""
    head = stream.read(5)
    if len(head) < 5:
        return None
    return stream.read(struct.unpack(">xI", head)[0])


def write_frame(stream: BinaryIO, kind: bytes, body: bytes) -> None:
    """Send one answer."""
    stream.write(kind + struct.pack(">I", len(body)) + body)
    stream.flush()


def answer(render: Callable[[str], bytes], refused: type[BaseException], body: bytes) -> tuple[bytes, bytes]:
    """Render one request; whatever goes wrong becomes one sentence, and the process stays for the next."""
    try:
        return b"P", render(body.decode("utf-8"))
    except refused as error:
        return b"E", str(error).encode()
    except MemoryError:
        return b"E", b"The letter needs more memory than one letter may use"
    except RecursionError:
        return b"E", b"The letter is nested too deeply"
    except Exception as error:  # noqa: BLE001 - the parent makes it a typed error
        kind = "" if isinstance(error, ValueError) else f"{type(error).__name__}: "
        return b"E", f"{kind}{error}".encode()


def main() -> None:
    """Take the pipes, close the doors, warm up, serve until the input ends."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # a stray print of a library must not break the frames
    limits = json.loads(sys.argv[2])
    network = leave_network()
    limit_resources(limits)
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    engine = Engine(Path(sys.argv[1]))
    forbid_escapes()
    write_frame(answers, b"H", json.dumps({"network": network, "pid": os.getpid()}).encode())
    while (body := read_frame(requests)) is not None:
        allow_processor_time(limits["cpu_seconds"])
        write_frame(answers, *answer(engine.render, engine.refused, body))


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        main()
