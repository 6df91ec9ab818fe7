"""What the beginning of an XML file tells: its root element and what it is written in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from typing import BinaryIO, cast

from lxml import etree

from inquiry_service.bibliography.encoding import SAMPLE_BYTES, Encoding, open_bytes, recognise_encoding, survey
from inquiry_service.bibliography.xml_stream import PARSER_OPTIONS, name_of, refuse_entities

_DECLARED = re.compile(rb"<\?xml[^>]*?\bencoding\s*=\s*[\"']([\w.-]{1,40})[\"']")


# Each XML format asks for the root of the same head.
@lru_cache(maxsize=2)
def root_of(head: bytes) -> str:
    """Name the root element of an XML file from its first bytes; "" if they hold none.

    Raises:
        InvalidInput: the file declares entities.
    """
    if not _is_other(head):
        head = head.decode("utf-8", "replace").lstrip("\ufeff \t\r\n").encode()
    parser = etree.XMLPullParser(events=("start",), **PARSER_OPTIONS)
    # A fault behind the root does not matter here: the events up to it are kept.
    with suppress(etree.XMLSyntaxError):
        parser.feed(head)
    for _, element in parser.read_events():
        if isinstance(element, etree._Element):
            refuse_entities(element)
            return name_of(element)
    return ""


@contextmanager
def xml_bytes(stream: BinaryIO) -> Iterator[BinaryIO]:
    """The file for the XML parser; what is not the UTF-8 that it claims to be is mended on the way.

    A file that declares another encoding is the parser's business.
    """
    if _is_other(_head_of(stream)):
        yield stream
        return
    with open_bytes(stream) as mended:
        yield cast(BinaryIO, mended)


def encoding(stream: BinaryIO) -> Encoding:
    """Tell what an XML file is written in; the stream is left where it stood."""
    head = _head_of(stream)
    return Encoding(_declared(head).upper() or "UTF-16") if _is_other(head) else survey(stream)


def _head_of(stream: BinaryIO) -> bytes:
    start = stream.tell()
    head = stream.read(SAMPLE_BYTES)
    stream.seek(start)
    return head


def _is_other(head: bytes) -> bool:
    """Whether the file is in an encoding other than UTF-8, and says so by declaration or byte order mark."""
    declared = _declared(head)
    return recognise_encoding(head) not in ("utf-8", "utf-8-sig") or declared not in ("", "utf-8", "utf8", "us-ascii")


def _declared(head: bytes) -> str:
    found = _DECLARED.search(head[:400])
    return found[1].decode().lower() if found else ""
