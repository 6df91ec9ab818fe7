"""The bibliographic fields of an XMP packet. Sources: ISO 16684-1 (XMP); PRISM 2.1, "Basic metadata"."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from inquiry_service.bibliography.xml_stream import PARSER_OPTIONS

_FIELDS: Mapping[tuple[str, str], str] = {
    ("http://purl.org/dc/elements/1.1/", "title"): "title",
    ("http://purl.org/dc/elements/1.1/", "creator"): "authors",
    ("http://purl.org/dc/elements/1.1/", "identifier"): "doi",
} | {
    (f"http://prismstandard.org/namespaces/basic/{version}/", name): field
    for version in ("1.2", "2.0", "2.1", "3.0")
    for name, field in {
        "doi": "doi", "publicationName": "journal", "volume": "volume", "number": "issue", "startingPage": "first_page",
        "endingPage": "last_page", "coverDate": "date", "publicationDate": "date", "coverDisplayDate": "date",
    }.items()
}  # fmt: skip


def xmp_fields(packet: str) -> dict[str, str]:
    """Read title, authors, doi, journal, volume, issue, first_page, last_page and date; what is absent is left out."""
    if not packet.strip():
        return {}
    try:
        root = etree.fromstring(packet.encode("utf-8", "replace"), etree.XMLParser(**PARSER_OPTIONS))
    except etree.XMLSyntaxError:
        return {}
    found: dict[str, str] = {}
    for node in root.iter(etree.Element):
        name = etree.QName(node)
        field = _FIELDS.get((name.namespace or "", name.localname))
        if field:
            # A list (rdf:Seq) has one rdf:li per author; a translated title has several, the default first.
            texts = [text for part in node.itertext() if (text := " ".join(str(part).split()))]
            text = "; ".join(texts) if field == "authors" else next(iter(texts), "")
            found.setdefault(field, text)
    return {field: text for field, text in found.items() if text}
