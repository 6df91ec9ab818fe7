"""Open a rendered PDF again and state what is in it, before anybody may rely on it."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import DictionaryObject

from inquiry_service.errors import RenderingFailed


@dataclass(frozen=True)
class PdfFacts:
    """What a PDF says of itself.

    Attributes:
        pages: number of pages. tagged: it has a structure tree and says so. lang, title: document language,
            title.
        text: all text in page order, white space collapsed to single spaces.
    """

    pages: int
    tagged: bool
    lang: str
    title: str
    text: str


def verify_pdf(data: bytes) -> PdfFacts:
    """Re-open a PDF with another library than the one that wrote it.

    Raises:
        RenderingFailed: it cannot be read, is encrypted, has no page, carries a script or lacks tags,
            language or title (PDF/UA-1 7.1, 7.2).
    """
    try:
        facts, forbidden = _read(data)
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise RenderingFailed(f"The rendered PDF cannot be read again: {error}.") from error
    parts = {"pages": facts.pages, "tags": facts.tagged, "a language": facts.lang, "a title": facts.title}
    lacking = [name for name, present in parts.items() if not present]
    if lacking or forbidden:
        reason = f"it lacks {', '.join(lacking)}" if lacking else f"it carries {forbidden}"
        raise RenderingFailed(f"The rendered PDF was refused: {reason}.")
    return facts


def _read(data: bytes) -> tuple[PdfFacts, str]:
    reader = PdfReader(BytesIO(data), strict=True)
    root = reader.root_object
    forbidden = "encryption" if reader.is_encrypted else "a script" if _has_script(root) else ""
    return PdfFacts(
        pages=len(reader.pages),
        tagged="/StructTreeRoot" in root and bool(_part(root, "/MarkInfo").get("/Marked", False)),
        lang=str(root.get("/Lang", "")),
        title=(reader.metadata.title or "") if reader.metadata else "",
        text=" ".join(" ".join(page.extract_text() for page in reader.pages).split()),
    ), forbidden


def _has_script(root: DictionaryObject) -> bool:
    return "/JavaScript" in _part(root, "/Names") or "/OpenAction" in root or "/AA" in root


def _part(holder: DictionaryObject, name: str) -> DictionaryObject:
    part = holder.get(name, DictionaryObject()).get_object()
    return part if isinstance(part, DictionaryObject) else DictionaryObject()
