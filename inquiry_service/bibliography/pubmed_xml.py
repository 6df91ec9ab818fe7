"""PubMed XML (``PubmedArticleSet``), streamed in constant memory and hardened.

The files come from outside: no entity is expanded (declaring one refuses the file), no DTD and no network is
touched (the DOCTYPE line that PubMed writes is allowed), depth and text size keep libxml2's limits.
Source of the elements: NLM, "PubMed DTD 2025" (pubmed_250101.dtd).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from inquiry_service.bibliography.pubmed_article import FORMAT as FORMAT
from inquiry_service.bibliography.pubmed_article import read_article, read_book
from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.bibliography.xml_stream import (
    PARSER_OPTIONS,
    fault,
    has_unresolved_entity,
    refuse_entities,
    release,
)

_ROOTS = ("PubmedArticleSet", "PubmedBookArticleSet", "MedlineCitationSet")
_RECORDS = {"PubmedArticle": read_article, "PubmedBookArticle": read_book}

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
    events = etree.iterparse(stream, events=("start", "end"), tag=tags, **PARSER_OPTIONS)
    position = 0
    try:
        for event, element in events:
            if event == "start":
                refuse_entities(element)
                continue
            for result in _results(element, position):
                position += 1
                yield result
            release(element)
    except etree.XMLSyntaxError as error:
        yield Rejected(position + 1, "", f"The file cannot be read on from here: {fault(error)}.")


def _results(element: etree._Element, position: int) -> Iterator[ParsedRecord | Rejected]:
    if element.tag == "DeleteCitation":
        for offset, deleted in enumerate(element.iterfind("PMID"), 1):
            yield Rejected(position + offset, (deleted.text or "").strip(), "PubMed has deleted this citation.")
        return
    reader = _RECORDS.get(str(element.tag))
    if reader is None:
        return
    if has_unresolved_entity(element):
        pmid = (element.findtext(".//PMID") or "").strip()
        yield Rejected(position + 1, pmid, "The record uses an undeclared entity, so its text is incomplete.")
        return
    yield reader(element, position + 1)
