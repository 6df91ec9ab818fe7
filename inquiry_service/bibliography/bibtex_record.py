"""From the fields of a BibTeX or BibLaTeX entry to a raw record."""

from __future__ import annotations

from inquiry_service.bibliography.bibtex_names import authors_of
from inquiry_service.bibliography.latex import plain, to_unicode
from inquiry_service.bibliography.normalise import find_doi, normalise_doi, normalise_pmcid, pmid_in_link
from inquiry_service.bibliography.raw import RawRecord

FORMAT = "bibtex"

Fields = dict[str, list[str]]

_TYPES = {
    "article": "Journal Article", "suppperiodical": "Journal Article", "periodical": "Journal", "book": "Book",
    "mvbook": "Book", "collection": "Book", "mvcollection": "Book", "booklet": "Book", "reference": "Book",
    "inbook": "Book Chapter", "incollection": "Book Chapter", "bookinbook": "Book Chapter",
    "suppbook": "Book Chapter", "suppcollection": "Book Chapter", "inreference": "Book Chapter",
    "conference": "Conference Paper", "inproceedings": "Conference Paper", "proceedings": "Conference Proceedings",
    "mvproceedings": "Conference Proceedings", "techreport": "Report", "report": "Report", "manual": "Manual",
    "phdthesis": "Thesis", "mastersthesis": "Thesis", "thesis": "Thesis", "online": "Web Page",
    "electronic": "Web Page", "www": "Web Page", "unpublished": "Unpublished Work", "patent": "Patent",
    "dataset": "Dataset", "software": "Software",
}  # fmt: skip
_OF_A_BOOK = {"inbook", "incollection", "bookinbook", "suppbook", "suppcollection", "inreference", "conference",
              "inproceedings"}  # fmt: skip
_USED = {
    "title", "subtitle", "author", "author+an:orcid", "journal", "journaltitle", "journalsubtitle", "shortjournal",
    "booktitle", "booksubtitle", "date", "year", "month", "day", "volume", "number", "issue", "pages", "eid",
    "article-number", "articleno", "art_number", "article_number", "doi", "pmid", "pmcid", "pmc", "abstract",
    "keywords", "keyword", "author_keywords", "keywords-plus", "mesh", "language", "langid", "type", "document_type",
    "crossref", "xdata", "shorthand", "bdsk-file-1", "file", "timestamp", "owner", "groups",
    "citeulike-article-id", "added-at", "biburl", "interhash", "intrahash", "date-added", "date-modified",
    "keywords+an",
}  # fmt: skip
_ARTICLE_NUMBERS = ("eid", "article-number", "articleno", "art_number", "article_number")
# Fields whose value is a locator, in which tildes and dashes are meant.
_LOCATORS = {"url", "howpublished", "eprint", "issn", "isbn", "link"}


def raw_record(name: str, key: str, fields: Fields, position: int) -> RawRecord:
    """Map an entry.

    Args:
        name: the entry type in lower case.
        key: the citation key.
        fields: values by field name in lower case, as written between the delimiters.
        position: 1 for the first entry of the file.
    """
    raw = RawRecord(FORMAT, position, identifier=key)
    raw.title = _titled(fields, "title") or _titled(fields, "booktitle") or _text(fields, "maintitle")
    raw.authors = authors_of(_value(fields, "author") or _value(fields, "editor"))
    raw.date = _text(fields, "date") or _text(fields, "year", "issue_date")
    raw.volume, raw.issue = _text(fields, "volume"), _text(fields, "number", "issue")
    raw.pages = _text(fields, "pages") or _text(fields, *_ARTICLE_NUMBERS)
    raw.abstract = "\n\n".join(to_unicode(value) for value in fields.get("abstract", ()))
    raw.language = _text(fields, "language", "langid")
    raw.keywords = [word for name_ in ("keywords", "keyword", "author_keywords", "keywords-plus")
                    for value in fields.get(name_, ()) for word in _words(to_unicode(value))]  # fmt: skip
    raw.mesh = [word for value in fields.get("mesh", ()) for word in _words(to_unicode(value))]
    raw.publication_types = [_TYPES.get(name, ""), _text(fields, "document_type", "type")]
    _read_container(raw, name, fields)
    _read_identifiers(raw, fields)
    raw.other = [
        (field, (plain if field in _LOCATORS else to_unicode)(value))
        for field, values in fields.items()
        for value in values
        if field not in _USED and not (field == "editor" and "author" not in fields)
    ]
    return raw


def _value(fields: Fields, *names: str) -> str:
    return next((value for name in names for value in fields.get(name, ()) if value.strip()), "")


def _text(fields: Fields, *names: str) -> str:
    return to_unicode(_value(fields, *names)).strip()


def _titled(fields: Fields, name: str) -> str:
    title = _text(fields, name)
    subtitle = _text(fields, name.replace("title", "subtitle"))
    if not (title and subtitle):
        return title
    return f"{title} {subtitle}" if title[-1] in "?!:." else f"{title}: {subtitle}"


def _words(text: str) -> list[str]:
    separator = ";" if ";" in text else ","
    return text.split(separator)


def _read_container(raw: RawRecord, name: str, fields: Fields) -> None:
    journal = _titled(fields, "journaltitle") or _text(fields, "journal")
    book = _titled(fields, "booktitle")
    raw.journal = (book or journal) if name in _OF_A_BOOK else (journal or book)
    raw.journal = raw.journal or _text(fields, "maintitle")
    if raw.journal == raw.title:
        raw.journal = ""
    raw.journal_abbrev = _text(fields, "shortjournal", "journal-iso", "journal_abbrev", "abbrev_source_title")


def _read_identifiers(raw: RawRecord, fields: Fields) -> None:
    given = plain(_value(fields, "doi"))
    elsewhere = (
        find_doi(plain(value)) for name in ("url", "link", "ee", "howpublished") for value in fields.get(name, ())
    )
    raw.doi = given if normalise_doi(given) else next(filter(None, elsewhere), given)
    archive = _value(fields, "eprinttype", "archiveprefix").lower()
    eprint = plain(_value(fields, "eprint"))
    raw.pmid = plain(_value(fields, "pmid")) or (eprint if archive in {"pubmed", "pmid"} else _linked_pmid(fields))
    pmcid = plain(_value(fields, "pmcid", "pmc")) or (eprint if archive in {"pmc", "pmcid"} else "")
    raw.pmcid = pmcid if normalise_pmcid(pmcid) else ""
    if archive == "arxiv" and not raw.journal:
        raw.publication_types.append("Preprint")


def _linked_pmid(fields: Fields) -> str:
    return next(filter(None, (pmid_in_link(_value(fields, name)) for name in ("url", "link"))), "")
