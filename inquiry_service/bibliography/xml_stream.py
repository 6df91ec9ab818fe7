"""XML that comes from outside, streamed element by element and hardened.

No entity is expanded (declaring one refuses the file), no DTD and no network is touched (a DOCTYPE line is
allowed), depth and text size keep libxml2's limits. Sources: OWASP, "XML External Entity Prevention"; lxml, "FAQ:
How do I use lxml safely as a web-service endpoint?".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from lxml import etree

from inquiry_service.errors import InvalidInput

# iterparse and the pull parser must be equally closed, so they share their options.
PARSER_OPTIONS: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
}


class Broken(Exception):
    """The file is no longer XML from some point on; the message says what and where."""


def elements(stream: BinaryIO, root: str, tag: str) -> Iterator[etree._Element]:
    """Yield the elements of one name as they are read; each is emptied when the next is asked for.

    Args:
        stream: the open file.
        root: name of the root element, at which the declarations are looked at.
        tag: name of the elements wanted.

    Raises:
        InvalidInput: the file declares entities.
        Broken: what has been yielded until then was whole, the rest cannot be read.
    """
    events = etree.iterparse(stream, events=("start", "end"), tag=(root, tag), **PARSER_OPTIONS)
    try:
        for event, element in events:
            if event == "start":
                refuse_entities(element)
            elif element.tag == tag:
                yield element
                release(element)
    except etree.XMLSyntaxError as error:
        raise Broken(fault(error)) from error


def refuse_entities(element: etree._Element) -> None:
    """Raise InvalidInput when the element's file declares entities."""
    dtd = element.getroottree().docinfo.internalDTD
    # The type stubs lack DTD.iterentities, which lxml documents.
    if dtd is not None and any(True for _ in dtd.iterentities()):  # type: ignore[attr-defined]
        raise InvalidInput("The XML file declares entities, which a literature export never does; it was not read.")


def has_unresolved_entity(element: etree._Element) -> bool:
    """Whether the text of an element is incomplete because it uses an entity that nothing declares."""
    return any(True for _ in element.iter(etree.Entity))


def name_of(element: etree._Element) -> str:
    """An element's name without its namespace, or without a prefix that nothing declares (QName refuses these)."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def release(element: etree._Element) -> None:
    """Free what has been read: the element's content and the siblings before it."""
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


def fault(error: etree.XMLSyntaxError) -> str:
    """What is wrong with broken XML, and in which line."""
    message = re.sub(r", line \d+, column \d+.*", "", str(error.msg or "broken XML"))
    line = error.lineno or 0
    return f"{message} (line {line})" if line else message
