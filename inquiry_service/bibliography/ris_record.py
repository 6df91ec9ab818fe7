"""From the tags of one RIS record to a raw record, in whichever dialect its vendor writes.

Sources: Research Information Systems, "RIS Format Specifications" (2001) and its 2011 revision; the exports of
Scopus, Embase, Ovid, EBSCO, ProQuest, Web of Science, Cochrane, EndNote, Zotero, Mendeley and RefWorks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile

from inquiry_service.bibliography import names
from inquiry_service.bibliography.normalise import (
    find_doi,
    is_registration,
    normalise_doi,
    normalise_pmcid,
    normalise_pmid,
    pmid_in_link,
    year_of,
)
from inquiry_service.bibliography.raw import RawRecord
from inquiry_service.bibliography.record import Author

FORMAT = "ris"

Tags = Mapping[str, Sequence[str]]

_USED = {
    "TY", "TI", "T1", "CT", "BT", "ST", "AU", "A1", "JF", "JO", "T2", "J1", "J2", "JA", "J9", "JI", "PY",
    "Y1", "DA", "VL", "IS", "SP", "EP", "DO", "AB", "N2", "KW", "LA", "M3", "DT", "PT", "NL", "C7", "AR",
}  # fmt: skip
_IGNORED = {"ER", "ID", "DB", "DP", "Y2", "L1", "L2", "L3", "L4", "LK", "TS"}
# What RIS calls the type of a work; the rest ("GEN") says nothing.
_TYPES = {
    "JOUR": "Journal Article", "EJOUR": "Journal Article", "JFULL": "Journal", "ABST": "Abstract",
    "BOOK": "Book", "EBOOK": "Book", "EDBOOK": "Book", "CHAP": "Book Chapter", "ECHAP": "Book Chapter",
    "CONF": "Conference Paper", "CPAPER": "Conference Paper", "INPR": "Journal Article",
    "MGZN": "Magazine Article", "NEWS": "Newspaper Article", "RPRT": "Report", "THES": "Thesis",
    "ELEC": "Web Page", "WEB": "Web Page", "UNPB": "Unpublished Work", "DATA": "Dataset", "PREPRINT": "Preprint",
    "DICT": "Dictionary", "ENCYC": "Encyclopedia", "PAT": "Patent", "COMP": "Software", "STAND": "Standard",
    "GOVDOC": "Government Document", "PAMP": "Pamphlet", "PCOMM": "Personal Communication", "BLOG": "Blog",
    "DBASE": "Online Database", "MANSCPT": "Manuscript", "LEGAL": "Legal Rule or Regulation", "STAT": "Statute",
    "VIDEO": "Audiovisual Material", "SLIDE": "Audiovisual Material",
}  # fmt: skip
# M3 holds the type of work; some vendors put a DOI, a subject class with its code or a mere "no" there.
_NO_TYPE = re.compile(r"(?:doi[:\s]|10\.\d{4}|https?:|no\b|\W*\Z|.*\[\d{4}\]\Z)", re.IGNORECASE)
_ARTICLE_NUMBER = re.compile(
    r"(?:(?:artn|unsp|article|art\.?(?: no\.?)?)\s+)?([A-Za-z]{0,4}\d[\w.-]*)\Z", re.IGNORECASE
)
# MEDLINE by its names and by EBSCO's codes of it.
_MEDLINE = re.compile(r"\bnlm\b|pubmed|medline|\b(?:cmedm|mdc|mnh|mdl)\b")
# The address of an entry in Cochrane's register of trials, not of the work.
_REGISTER_DOI = "10.1002/central/"


def raw_record(tags: Tags, position: int) -> RawRecord:
    """Map one record.

    Args:
        tags: all values by tag, in the order of the file.
        position: 1 for the first record of the file.
    """
    raw = RawRecord(FORMAT, position, identifier=_first(tags, "AN", "ID"))
    raw.title = _first(tags, "TI", "T1", "CT", "BT", "ST")
    raw.authors = _authors(tags)
    dates = _all(tags, "PY", "Y1", "DA")
    raw.date = next((date for date in dates if year_of(date)), dates[0] if dates else "")
    raw.volume, raw.issue = _first(tags, "VL"), _first(tags, "IS")
    raw.abstract = _abstract(tags)
    raw.language = _first(tags, "LA")
    raw.keywords = [part for line in _all(tags, "KW") for part in line.split(";")]
    types = [value for value in _all(tags, "M3", "DT", "PT") if not _NO_TYPE.match(value)]
    raw.publication_types = [_TYPES.get(_first(tags, "TY").upper(), ""), *types]
    raw.pages = _pages(tags)
    _read_number(raw, tags)
    _read_journal(raw, tags)
    _read_identifiers(raw, tags)
    _read_registration(raw, tags)
    further = [title for title in _all(tags, "TI", "T1") if title != raw.title]
    raw.other = [(tag, _joined(values)) for tag, values in tags.items() if tag not in _USED | _IGNORED]
    raw.other += [("further title", title) for title in further]
    return raw


def _first(tags: Tags, *names_: str) -> str:
    return next((tags[name][0] for name in names_ if tags.get(name)), "")


def _all(tags: Tags, *names_: str) -> list[str]:
    return [value for name in names_ for value in tags.get(name, ())]


def _joined(values: Sequence[str]) -> str:
    """One text of a field's lines, up to the list of cited references that Scopus adds to its notes."""
    return " ".join(takewhile(lambda value: not value.startswith("References:"), values))


def _authors(tags: Tags) -> list[Author]:
    """The authors; editors stand in only where there are none. Written twice (AU and A1), they count once."""
    wanted = next((group for group in (("AU", "A1"), ("A2", "ED"), ("A3",)) if _all(tags, *group)), ())
    lists = [[author for name in tags.get(tag, ()) if (author := names.parse_author(name))] for tag in wanted]
    first, *others = lists or [[]]
    if not first:
        return [author for found in others for author in found]
    known = {author.name for author in first}
    return [*first, *(author for found in others for author in found if author.name not in known)]


def _abstract(tags: Tags) -> str:
    """AB and N2; vendors write either, or the same twice, or the second cut short."""
    texts = ["\n".join(values) for tag, values in tags.items() if tag in ("AB", "N2")]
    longest = max(texts, key=len, default="")
    return "\n\n".join(text for text in texts if text is longest or text.rstrip(" .…")[:200] not in longest)


def _pages(tags: Tags) -> str:
    start, end = _first(tags, "SP"), _first(tags, "EP")
    # Ovid splits "No Pagination Specified" into SP "No" and EP "Specified".
    if (start, end) == ("No", "Specified"):
        start = end = ""
    if not start:
        numbers = (_ARTICLE_NUMBER.match(value) for value in _all(tags, "C7", "AR"))
        return next((number[1] for number in numbers if number), end)
    return start if not end or end == start or "-" in start else f"{start}-{end}"


def _read_number(raw: RawRecord, tags: Tags) -> None:
    """EndNote's number (M1) is an issue, or, with five digits and more, an article's number."""
    number = _first(tags, "M1")
    if not raw.issue and re.fullmatch(r"\d{1,4}(?:-\d{1,4})?(?: ?\(?(?:Suppl|Pt)[\w .]*\)?)?", number):
        raw.issue = number
    elif not raw.pages and re.fullmatch(r"[A-Za-z]{0,3}\d{5,}", number):
        raw.pages = number


def _read_journal(raw: RawRecord, tags: Tags) -> None:
    abbreviated = _first(tags, "NL", "J2", "JA", "JI", "J1", "J9")
    full = _first(tags, "JF", "T2", "JO") or (_first(tags, "BT") if _first(tags, "BT") != raw.title else "")
    if not full:
        full, abbreviated = abbreviated, abbreviated
    shorter = _first(tags, "JO")
    if not abbreviated and len(shorter) < len(full):
        abbreviated = shorter
    raw.journal = full
    # Periods are the ISO 4 spelling; NLM and AMA write abbreviations without.
    raw.journal_abbrev = abbreviated.replace(".", "") if abbreviated != full else ""


def _read_identifiers(raw: RawRecord, tags: Tags) -> None:
    given = _first(tags, "DO")
    # From notes only a note that is nothing but a DOI: Scopus puts cited references with theirs there.
    notes = (value for value in _all(tags, "N1") if re.fullmatch(r"(?i)doi: ?10\.\S+", value))
    elsewhere = (find_doi(value) for value in (*_all(tags, "DO", "DI", "L3", "M3", "UR", "L2", "LK"), *notes))
    found = (doi for doi in elsewhere if doi and not doi.startswith(_REGISTER_DOI))
    raw.doi = given if normalise_doi(given) else next(found, given)
    raw.pmid = next(_pmids(tags), "")
    raw.pmcid = next((value for value in _pmcids(tags) if normalise_pmcid(value)), "")


def _pmids(tags: Tags) -> Iterator[str]:
    """PMIDs where vendors put them.

    EndNote AN with DP NLM, Scopus C2, Cochrane C3 and AN, PubMed Central U1, EBSCO and Zotero notes, links.
    """
    database = " ".join(_all(tags, "DB", "DP")).lower()
    for value in _all(tags, "AN"):
        if "pubmed" in value.lower() or _MEDLINE.search(database):
            yield from filter(None, map(normalise_pmid, value.split(";")))
    yield from filter(None, map(normalise_pmid, _all(tags, "C2")))
    for value in _all(tags, "C3", "XR", "U1", "U2", "U3", "U4", "U5"):
        match = re.search(r"\bPUBMED (\d{1,8})\b|\b(\d{1,8})\[pmid\]", value)
        if match:
            yield match[1] or match[2]
    links = (pmid_in_link(value) for value in _all(tags, "UR", "L2", "LK"))
    notes = (re.match(r"(?:Accession Number: .*?\b)?PMID: ?(\d{1,8})\b", value) for value in _all(tags, "N1"))
    yield from filter(None, links)
    yield from (note[1] for note in notes if note)


def _pmcids(tags: Tags) -> Iterator[str]:
    for value in _all(tags, "C2", "AN", "U1", "U2", "U3", "N1", "UR", "L2"):
        match = re.match(r"(PMC\d+)(?:\[pmcid\])?\Z|(?:PMID: ?\d+ )?PMCID: ?(PMC\d+)|https?://\S*/(PMC\d+)\b", value)
        if match:
            yield next(filter(None, match.groups()))


def _read_registration(raw: RawRecord, tags: Tags) -> None:
    """A record whose own number is a trial's is that trial's registration."""
    for value in _all(tags, "ID", "AN", "M1", "C1"):
        if is_registration(value):
            raw.registrations.append(value.strip(" ,."))
            if _first(tags, "TY").upper() not in {"JOUR", "EJOUR", "ABST"}:
                raw.publication_types.insert(0, "Trial registration")
            return
