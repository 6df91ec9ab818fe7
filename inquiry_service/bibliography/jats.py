"""Articles in JATS or NLM XML, as PubMed Central and publishers give them: the article's metadata.

One article, or many in one file (``pmc-articleset``, OAI-PMH answers). Source: ANSI/NISO Z39.96-2021, "JATS:
Journal Article Tag Suite"; JATS4R recommendations on permissions and related articles.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from lxml import etree

from inquiry_service.bibliography.jats_article import FORMAT as FORMAT
from inquiry_service.bibliography.jats_article import read_article
from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.bibliography.xml_stream import PARSER_OPTIONS, fault, name_of, refuse_entities, release

_ROOTS = {"article", "articles", "pmc-articleset", "OAI-PMH"}
# What an article holds beside its metadata, and nobody looks at here: freed as soon as it is read.
_UNUSED = {"body", "back", "sub-article", "response"}


def reads(root: str) -> bool:
    """Whether files with this root element hold JATS articles."""
    return root in _ROOTS


def read(stream: BinaryIO) -> Iterator[ParsedRecord | Rejected]:
    """Read the articles of a file one after the other.

    Yields:
        one result per article; a file that breaks off yields what it held and a rejection that says where.

    Raises:
        InvalidInput: the file declares entities.
    """
    tags = tuple(f"{{*}}{name}" for name in (*_ROOTS, *_UNUSED))
    position = 0
    try:
        for event, element in etree.iterparse(stream, events=("start", "end"), tag=tags, **PARSER_OPTIONS):
            name = name_of(element)
            if event == "start":
                if element.getparent() is None:
                    refuse_entities(element)
            elif name == "article":
                position += 1
                yield read_article(element, position)
                release(element)
            elif name in _UNUSED:
                element.clear()
    except etree.XMLSyntaxError as error:
        yield Rejected(position + 1, "", f"The file cannot be read on from here: {fault(error)}.")
