"""One PubMed article or book: from its XML element to a record."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from inquiry_service.bibliography import mathml, names
from inquiry_service.bibliography.normalise import find_doi, lowered, raised
from inquiry_service.bibliography.raw import RawRecord, finish
from inquiry_service.bibliography.record import Author, ParsedRecord, Rejected, Relation

FORMAT = "pubmed_xml"

# Registries whose accession numbers register a trial; other data banks (GenBank, PDB ...) hold data.
_TRIAL_BANKS = {
    "clinicaltrials.gov",
    "isrctn",
    "eudract",
    "anzctr",
    "jprnumin",
    "drks",
    "ctri",
    "chictr",
    "ntr",
}
# Indented files break lines behind a bracket and before a stop: "(\n  <i>APOE</i>\n  )".
_BREAK_INSIDE = re.compile(r"(?:(?<=[(\[])|(?<!\s)(?=\s++[)\],.;:]))(?=[^\S\n]*+\n)\s++")
_KIND_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=and)(?=Rep)")


def read_article(element: etree._Element, position: int) -> ParsedRecord | Rejected:
    """Read a ``PubmedArticle`` element."""
    citation = element.find("MedlineCitation")
    article = citation.find("Article") if citation is not None else None
    if citation is None or article is None:
        return Rejected(position, _text(element, ".//PMID"), "The record has no Article element.")
    raw = RawRecord(FORMAT, position, pmid=_pmid(citation), has_markup=False)
    raw.title = _inline(article.find("ArticleTitle")) or _inline(article.find("VernacularTitle"))
    raw.authors = _authors(article)
    raw.abstract = _abstract(article.find("Abstract")) or _abstract(citation.find("OtherAbstract"))
    raw.language = ";".join(_texts(article, "Language"))
    raw.publication_types = _texts(article, "PublicationTypeList/PublicationType")
    raw.mesh = [_heading(heading) for heading in citation.iterfind("MeshHeadingList/MeshHeading")]
    raw.keywords = [_inline(keyword) for keyword in citation.iterfind("KeywordList/Keyword")]
    raw.relations = _relations(citation)
    raw.registrations = _registrations(article)
    raw.other = _other(citation, article)
    _read_source(raw, citation, article)
    _read_identifiers(raw, element, article)
    return finish(raw)


def read_book(element: etree._Element, position: int) -> ParsedRecord | Rejected:
    """Read a ``PubmedBookArticle`` element; a chapter's book stands in the journal field."""
    document = element.find("BookDocument")
    if document is None:
        return Rejected(position, _text(element, ".//PMID"), "The record has no BookDocument element.")
    raw = RawRecord(FORMAT, position, pmid=_pmid(document), has_markup=False)
    book_title = _inline(document.find("Book/BookTitle"))
    raw.title = _inline(document.find("ArticleTitle")) or book_title
    raw.journal = book_title if book_title != raw.title else ""
    raw.authors = _authors(document) or _authors(document, "Book/AuthorList")
    raw.abstract = _abstract(document.find("Abstract"))
    raw.language = ";".join(_texts(document, "Language"))
    raw.date = _date(document.find("Book/PubDate"))
    raw.volume = _text(document, "Book/Volume")
    raw.pages = _text(document, "Pagination/MedlinePgn")
    raw.publication_types = [*_texts(document, "PublicationType"), "Book"]
    raw.keywords = [_inline(keyword) for keyword in document.iterfind("KeywordList/Keyword")]
    raw.other = [("Publisher", _text(document, "Book/Publisher/PublisherName")),
                 ("CollectionTitle", _inline(document.find("Book/CollectionTitle"))),
                 *(("ISBN", number) for number in _texts(document, "Book/Isbn"))]  # fmt: skip
    _read_book_doi(raw, element, document)
    return finish(raw)


def _read_book_doi(raw: RawRecord, element: etree._Element, document: etree._Element) -> None:
    """The chapter's own DOI; the book's identifies the book, and all its chapters would count as one work."""
    own = (document.find("ArticleIdList"), element.find("PubmedBookData/ArticleIdList"))
    located = _text(document, "ELocationID[@EIdType='doi']")
    raw.doi = next((doi for ids in own if (doi := _article_id(ids, "doi"))), located)
    of_book = _text(document, "Book/ELocationID[@EIdType='doi']")
    if not raw.doi and not raw.journal:
        raw.doi = of_book
    elif of_book:
        raw.other.append(("DOI of the book", of_book))


def _read_source(raw: RawRecord, citation: etree._Element, article: etree._Element) -> None:
    issue = article.find("Journal/JournalIssue")
    raw.journal = _text(article, "Journal/Title")
    raw.journal_abbrev = _text(citation, "MedlineJournalInfo/MedlineTA") or _text(article, "Journal/ISOAbbreviation")
    if issue is not None:
        raw.volume, raw.issue = _text(issue, "Volume"), _text(issue, "Issue")
        raw.date = _date(issue.find("PubDate"))
    raw.date = raw.date or _date(article.find("ArticleDate"))
    start, end = _text(article, "Pagination/StartPage"), _text(article, "Pagination/EndPage")
    raw.pages = _text(article, "Pagination/MedlinePgn") or "-".join(page for page in (start, end) if page)
    if not raw.pages:
        locations = (node.text or "" for node in article.iterfind("ELocationID[@EIdType='pii']"))
        raw.pages = next((text for text in locations if re.match(r"e\d+\Z", text)), "")


def _read_identifiers(raw: RawRecord, element: etree._Element, article: etree._Element) -> None:
    # Only the article's own list: ReferenceList holds an ArticleIdList for every cited work.
    own = element.find("PubmedData/ArticleIdList")
    raw.doi = _article_id(own, "doi") or _text(article, "ELocationID[@EIdType='doi']")
    raw.pmcid = _article_id(own, "pmc")


def _article_id(ids: etree._Element | None, kind: str) -> str:
    return "" if ids is None else _text(ids, f"ArticleId[@IdType='{kind}']")


def _pmid(citation: etree._Element) -> str:
    """The citation's number; of several the one with the highest version."""
    found = [node for node in citation.iterfind("PMID") if (node.text or "").strip()]
    return (max(found, key=_version).text or "").strip() if found else ""


def _version(node: etree._Element) -> int:
    version = node.get("Version", "")
    return int(version) if version.isascii() and version.isdigit() else 0


def _authors(article: etree._Element, path: str = "AuthorList") -> list[Author]:
    """Authors in their order; of a misprinted and a corrected name only the corrected one counts."""
    nodes = [node for found in article.iterfind(path) if found.get("Type") != "editors"
             for node in found.iterfind("Author")]  # fmt: skip
    valid = [node for node in nodes if node.get("ValidYN") != "N"]
    return [author for node in valid or nodes if (author := _author(node))]


def _author(node: etree._Element) -> Author | None:
    collective = _inline(node.find("CollectiveName"))
    if collective:
        return names.group(collective)
    family, given = _text(node, "LastName"), _text(node, "ForeName") or _text(node, "FirstName")
    if not family:
        family, given = given, ""
    return names.person(family, given, _text(node, "Initials"), _text(node, "Suffix")) if family else None


def _abstract(abstract: etree._Element | None) -> str:
    if abstract is None:
        return ""
    sections = []
    for node in abstract.iterfind("AbstractText"):
        label, text = (node.get("Label") or "").strip().rstrip(":"), _inline(node)
        if text:
            sections.append(f"{label}: {text}" if label and label != "UNLABELLED" else text)
    return "\n\n".join(sections)


def _heading(heading: etree._Element) -> str:
    """MEDLINE notation: ``Semen Preservation/adverse effects/*methods``."""
    parts = [heading.find("DescriptorName"), *heading.iterfind("QualifierName")]
    return "/".join(
        ("*" if part.get("MajorTopicYN") == "Y" else "") + (part.text or "") for part in parts if part is not None
    )


def _relations(citation: etree._Element) -> list[Relation]:
    relations = []
    for node in citation.iterfind("CommentsCorrectionsList/CommentsCorrections"):
        kind = _KIND_WORDS.sub("_", node.get("RefType") or "").lower()
        # "Cites" is the reference list; it says nothing about this record's standing.
        if kind and kind != "cites":
            source = _text(node, "RefSource")
            relations.append(Relation(kind, _text(node, "PMID"), find_doi(source), source))
    return relations


def _registrations(article: etree._Element) -> list[str]:
    numbers: list[str] = []
    for bank in article.iterfind("DataBankList/DataBank"):
        if _text(bank, "DataBankName").lower() in _TRIAL_BANKS:
            numbers += _texts(bank, "AccessionNumberList/AccessionNumber")
    return numbers


def _other(citation: etree._Element, article: etree._Element) -> list[tuple[str, str]]:
    grants = article.iterfind("GrantList/Grant")
    return [
        ("CoiStatement", _inline(citation.find("CoiStatement"))),
        ("CopyrightInformation", _text(article, "Abstract/CopyrightInformation")),
        ("VernacularTitle", _inline(article.find("VernacularTitle"))),
        *(("OtherAbstract", _abstract(other)) for other in citation.iterfind("OtherAbstract")),
        *(("Grant", " ".join(_texts(grant, "*"))) for grant in grants),
        *(("Affiliation", text) for text in dict.fromkeys(_texts(article, ".//AffiliationInfo/Affiliation"))),
    ]


def _date(node: etree._Element | None) -> str:
    if node is None:
        return ""
    return _text(node, "Year") or _text(node, "MedlineDate")


def _text(node: etree._Element, path: str) -> str:
    return (node.findtext(path) or "").strip()


def _texts(node: etree._Element, path: str) -> list[str]:
    return [text for found in node.iterfind(path) if (text := _inline(found))]


def _inline(node: etree._Element | None) -> str:
    """Text of an element with its inline markup; super- and subscripts keep their meaning in plain text."""
    return "" if node is None else " ".join(_BREAK_INSIDE.sub("", "".join(_pieces(node))).split())


def _pieces(node: etree._Element) -> Iterable[str]:
    yield node.text or ""
    for child in node:
        if isinstance(child.tag, str) and child.tag.rpartition("}")[2] == "math":
            yield mathml.linear(child)
        elif isinstance(child.tag, str):
            inner = "".join(_pieces(child))
            yield {"sup": raised, "sub": lowered}.get(child.tag, str)(inner)
        yield child.tail or ""
