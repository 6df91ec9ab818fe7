"""The text of a held file, whatever it is: PDF page by page, plain text at its form feeds, JATS as one page."""

from __future__ import annotations

import re

from lxml import etree

from inquiry_service.bibliography.normalise import clean_paragraphs
from inquiry_service.bibliography.pdf_text import MAX_BYTES, PdfText, pages_of
from inquiry_service.bibliography.xml_head import root_of
from inquiry_service.bibliography.xml_stream import PARSER_OPTIONS, refuse_entities
from inquiry_service.errors import InvalidInput

LONGEST_FILE = MAX_BYTES
PDF, XML, TEXT = "application/pdf", "application/xml", "text/plain"

_HEAD = 65536
_JATS_ROOTS = ("article", "pmc-articleset")
_BLOCKS = ("article-title", "title", "p", "td", "th", "caption", "list-item", "disp-quote")
_LEFT_OUT = ("ref-list", "journal-meta", "contrib-group", "permissions")


def media_type_of(data: bytes) -> str:
    """Tell by content what a file is; "" for a kind whose text cannot be read."""
    head = data[:_HEAD]
    if b"%PDF-" in head[:1024]:
        return PDF
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return XML if root_of(head) in _JATS_ROOTS else ""
    return TEXT if data and _is_text(head) else ""


def text_of(data: bytes, media_type: str) -> PdfText:
    """Take the text out of a file; never raises, whatever the bytes are.

    Args:
        media_type: as :func:`media_type_of` told it.

    Returns:
        the pages from the first on, and what could not be read, in words for people.
    """
    if media_type == PDF:
        return pages_of(data)
    if media_type == XML:
        return _jats(data)
    pages = [clean_paragraphs(page) for page in data.decode("utf-8-sig", "replace").split("\f")]
    return PdfText(tuple(pages), "" if any(pages) else "The file holds no text.")


def _is_text(head: bytes) -> bool:
    try:
        # A character cut in two at the end of the sample is no fault.
        text = head.decode("utf-8", "strict") if len(head) < _HEAD else head[:-4].decode("utf-8", "ignore")
    except UnicodeDecodeError:
        return False
    return not any(ord(character) < 32 and character not in "\t\n\r\f" for character in text)


def _jats(data: bytes) -> PdfText:
    try:
        root = etree.fromstring(data, etree.XMLParser(**PARSER_OPTIONS))
        refuse_entities(root)
    except InvalidInput as fault:
        return PdfText(failure=fault.message)
    except etree.XMLSyntaxError as fault:
        return PdfText(failure=f"The XML cannot be read: {fault.msg}.")
    for element in list(root.iter(*_LEFT_OUT)):
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)
    blocks = (_words(element) for element in root.iter(*_BLOCKS) if not _inside_another(element))
    text = clean_paragraphs("\n\n".join(block for block in blocks if block))
    return PdfText((text,) if text else (), "" if text else "The XML holds no text.")


def _inside_another(element: etree._Element) -> bool:
    return any(ancestor.tag in _BLOCKS for ancestor in element.iterancestors())


def _words(element: etree._Element) -> str:
    return re.sub(r"\s+", " ", " ".join(str(part) for part in element.itertext())).strip()
