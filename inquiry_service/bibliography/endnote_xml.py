"""EndNote XML (``<xml><records><record>``): exported by EndNote, Rayyan, Covidence, DistillerSR, Zotero and others.

Text stands in runs of ``<style>``, of which only super- and subscripts mean something. Source of the elements:
Clarivate, "RSXML.dtd".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from lxml import etree

from inquiry_service.bibliography import names, xml_stream
from inquiry_service.bibliography.normalise import (
    find_doi,
    lowered,
    normalise_doi,
    normalise_pmcid,
    normalise_pmid,
    pmid_in_link,
    raised,
)
from inquiry_service.bibliography.raw import RawRecord, finish
from inquiry_service.bibliography.record import Author, ParsedRecord, Rejected

FORMAT = "endnote_xml"

_RUNS = {"superscript": raised, "subscript": lowered}
_LIST_SEPARATORS = re.compile(r"[\r\n;]+")
_PUBMED_NAMES = re.compile(r"\b(nlm|pubmed|medline)\b", re.IGNORECASE)
_USED = {
    "database", "source-app", "rec-number", "foreign-keys", "ref-type", "contributors", "titles", "periodical",
    "alt-periodical", "pages", "volume", "number", "dates", "abstract", "keywords", "electronic-resource-num",
    "language", "work-type", "custom2", "label", "electronic-access-date", "modified-date", "added-date",
}  # fmt: skip


def read(stream: BinaryIO) -> Iterator[ParsedRecord | Rejected]:
    """Read EndNote XML record by record.

    Args:
        stream: the open file.

    Yields:
        one result per ``record``; a file that breaks off yields what it held and a rejection that says where.

    Raises:
        InvalidInput: the file declares entities.
    """
    position = 0
    try:
        for position, element in enumerate(xml_stream.elements(stream, "xml", "record"), 1):
            yield _read_record(element, position)
    except xml_stream.Broken as error:
        yield Rejected(position + 1, "", f"The file cannot be read on from here: {error}.")


def recognises(root: str, text: str) -> bool:
    """Whether XML with this root element and beginning is EndNote's."""
    return (root == "xml" and "<record" in text) or (root == "records" and "<ref-type" in text)


def _read_record(element: etree._Element, position: int) -> ParsedRecord | Rejected:
    number = _text(element.find("rec-number"))
    if xml_stream.has_unresolved_entity(element):
        return Rejected(position, number, "The record uses an undeclared entity, so its text is incomplete.")
    raw = RawRecord(FORMAT, position, identifier=number)
    raw.title = _text(element.find("titles/title")) or _text(element.find("titles/secondary-title"))
    raw.authors = _authors(element)
    raw.date = _text(element.find("dates/year")) or _text(element.find("dates/pub-dates/date"))
    raw.volume, raw.issue = _text(element.find("volume")), _text(element.find("number"))
    raw.pages = _text(element.find("pages"))
    raw.abstract = "\n\n".join(part for part in re.split(r"[\r\n]\s*[\r\n]", _text(element.find("abstract"))) if part)
    raw.keywords = [
        word for node in element.iterfind("keywords/keyword") for word in _LIST_SEPARATORS.split(_text(node))
    ]
    raw.language = _text(element.find("language"))
    reference_type = element.find("ref-type")
    kind = "" if reference_type is None else reference_type.get("name", "")
    raw.publication_types = ["" if kind == "Generic" else kind, _text(element.find("work-type"))]
    _read_journal(raw, element)
    _read_identifiers(raw, element)
    raw.other = [
        (str(node.tag), _text(node)) for node in element if isinstance(node.tag, str) and node.tag not in _USED
    ]
    return finish(raw)


def _authors(element: etree._Element) -> list[Author]:
    authors = []
    for group in ("authors", "secondary-authors"):
        for node in element.iterfind(f"contributors/{group}/author"):
            for name in re.split(r"[\r\n]+", _text(node)):
                # EndNote marks a corporate author with a comma at its end.
                author = names.group(name) if name.endswith(",") and " " in name else names.parse_author(name)
                if author:
                    authors.append(_without_comma(author))
        if authors:
            break  # editors stand in only where there is no author
    return authors


def _without_comma(author: Author) -> Author:
    return names.group(author.collective.rstrip(", ")) if author.collective else author


def _read_journal(raw: RawRecord, element: etree._Element) -> None:
    full = _text(element.find("periodical/full-title"))
    secondary = _text(element.find("titles/secondary-title"))
    alternate = _text(element.find("titles/alt-title")) or _text(element.find("alt-periodical/full-title"))
    raw.journal = full or (secondary if secondary != raw.title else "") or alternate
    if len(alternate) > len(raw.journal) and alternate[:1].lower() == raw.journal[:1].lower():
        raw.journal = alternate  # PubMed's records have the abbreviation first
    abbreviations = [_text(element.find(f"{node}/{name}")) for node in ("periodical", "alt-periodical")
                     for name in ("abbr-1", "abbr-2")]  # fmt: skip
    others = (name for name in (*abbreviations, full, secondary, alternate) if name and name != raw.journal)
    shorter = next((name for name in others if len(name) < len(raw.journal)), "")
    raw.journal_abbrev = shorter.replace(".", "")


def _read_identifiers(raw: RawRecord, element: etree._Element) -> None:
    given = _text(element.find("electronic-resource-num"))
    links = [_text(node) for node in element.iterfind("urls//url")]
    raw.doi = given if normalise_doi(given) else next(filter(None, map(find_doi, [given, *links])), given)
    raw.pmid = next(_pmids(element, links), "")
    pmcid = _text(element.find("custom2"))
    raw.pmcid = pmcid if pmcid.upper().startswith("PMC") and normalise_pmcid(pmcid) else ""


def _pmids(element: etree._Element, links: list[str]) -> Iterator[str]:
    """The accession number of a record that came from PubMed, or a link to it."""
    source = " ".join(_text(element.find(name)) for name in ("remote-database-name", "remote-database-provider"))
    accession = _text(element.find("accession-num"))
    if _PUBMED_NAMES.search(source) or accession.lower().startswith(("pmid", "medline:")):
        yield from filter(None, [normalise_pmid(re.sub(r"(?i)^medline:", "", accession))])
    yield from filter(None, map(pmid_in_link, links))
    yield from (match[1] for match in re.finditer(r"\bPMID: ?(\d{1,8})\b", _text(element.find("notes"))))


def _text(node: etree._Element | None) -> str:
    return "" if node is None else "".join(_pieces(node)).strip()


def _pieces(node: etree._Element) -> Iterable[str]:
    yield node.text or ""
    for child in node:
        if isinstance(child.tag, str):
            yield _RUNS.get(child.get("face", ""), str)("".join(_pieces(child)))
        yield child.tail or ""
