"""PubMed XML (``PubmedArticleSet``), streamed in constant memory and hardened.

The files come from outside: no entity is expanded (declaring one refuses the file), no DTD and no network is
touched (the DOCTYPE line that PubMed writes is allowed), depth and text size keep libxml2's limits.
Source of the elements: NLM, "PubMed DTD 2025" (pubmed_250101.dtd).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, BinaryIO

from lxml import etree

from inquiry_service.bibliography.pubmed_article import FORMAT as FORMAT
from inquiry_service.bibliography.pubmed_article import read_article, read_book
from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.errors import InvalidInput

_ROOTS = ("PubmedArticleSet", "PubmedBookArticleSet", "MedlineCitationSet")
_RECORDS = {"PubmedArticle": read_article, "PubmedBookArticle": read_book}
# iterparse and the pull parser must be equally closed, so they share their options.
_PARSER_OPTIONS: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
}


def root_of(head: bytes) -> str:
    """Name the root element of an XML file from its first bytes; "" if they hold none.

    Raises:
        InvalidInput: the file declares entities.
    """
    parser = etree.XMLPullParser(events=("start",), **_PARSER_OPTIONS)
    # A fault behind the root does not matter here: the events up to it are kept.
    with suppress(etree.XMLSyntaxError):
        parser.feed(head)
    for _, element in parser.read_events():
        if isinstance(element, etree._Element):
            _refuse_entities(element)
            return etree.QName(element).localname
    return ""


def reads(root: str) -> bool:
    """Whether files with this root element are PubMed XML."""
    return root in _ROOTS or root in _RECORDS


def read(stream: BinaryIO) -> Iterator[ParsedRecord | Rejected]:
    """Read PubMed XML record by record.

    Args:
        stream: the open file.

    Yields:
        one result per article or book; a file that breaks off yields what it held and a rejection that says
        where it broke.

    Raises:
        InvalidInput: the file declares entities.
    """
    tags = (*_ROOTS, *_RECORDS, "DeleteCitation")
    events = etree.iterparse(stream, events=("start", "end"), tag=tags, **_PARSER_OPTIONS)
    position = 0
    try:
        for event, element in events:
            if event == "start":
                _refuse_entities(element)
                continue
            for result in _results(element, position):
                position += 1
                yield result
            _release(element)
    except etree.XMLSyntaxError as error:
        yield Rejected(position + 1, "", f"The file cannot be read on from here: {_fault(error)}.")


def _results(element: etree._Element, position: int) -> Iterator[ParsedRecord | Rejected]:
    if element.tag == "DeleteCitation":
        for offset, deleted in enumerate(element.iterfind("PMID"), 1):
            yield Rejected(position + offset, (deleted.text or "").strip(), "PubMed has deleted this citation.")
        return
    reader = _RECORDS.get(str(element.tag))
    if reader is None:
        return
    if any(node.tag is etree.Entity for node in element.iter(etree.Entity)):
        pmid = (element.findtext(".//PMID") or "").strip()
        yield Rejected(position + 1, pmid, "The record uses an undeclared entity, so its text is incomplete.")
        return
    yield reader(element, position + 1)


def _refuse_entities(element: etree._Element) -> None:
    dtd = element.getroottree().docinfo.internalDTD
    # The type stubs lack DTD.iterentities, which lxml documents.
    if dtd is not None and any(True for _ in dtd.iterentities()):  # type: ignore[attr-defined]
        raise InvalidInput("The XML file declares entities, which a PubMed export never does; it was not read.")


def _release(element: etree._Element) -> None:
    """Free what has been read: the element's content and the siblings before it."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def _fault(error: etree.XMLSyntaxError) -> str:
    message = re.sub(r", line \d+, column \d+.*", "", str(error.msg or "broken XML"))
    line = error.lineno or 0
    return f"{message} (line {line})" if line else message
