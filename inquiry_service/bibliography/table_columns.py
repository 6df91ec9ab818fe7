"""Columns of a table and the fields of a record: which is which, and from a row to a record.

Shared by text tables and spreadsheets. Without a mapping the columns are recognised by the names that PubMed,
Embase, Scopus, Web of Science, Cochrane, reference managers and screening tools give them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from inquiry_service.bibliography import names
from inquiry_service.bibliography.raw import RawRecord, finish
from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.errors import InvalidInput

# Field -> its name for people, in the order of a form.
FIELDS: Mapping[str, str] = {
    "title": "Title",
    "authors": "Authors",
    "group_authors": "Group authors",
    "journal": "Journal or source",
    "journal_abbrev": "Journal abbreviation",
    "date": "Year or date",
    "volume": "Volume",
    "issue": "Issue",
    "pages": "Pages or first page",
    "end_page": "Last page",
    "article_number": "Article number",
    "citation": "Citation (journal, year, volume, pages)",
    "doi": "DOI",
    "pmid": "PMID",
    "pmcid": "PMCID",
    "abstract": "Abstract",
    "mesh": "MeSH headings",
    "keywords": "Keywords",
    "publication_types": "Publication type",
    "language": "Language",
    "registrations": "Trial registration numbers",
    "identifier": "The source's own record number",
}

# Field -> column names, letters and digits only, the best first.
_NAMES: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "articletitle", "primarytitle", "documenttitle", "studytitle", "brieftitle",
              "displayname", "ti", "t1"),
    "authors": ("authorfullnames", "authors", "author", "authornames", "firstauthors",
                "authorshipsauthordisplayname", "authorshipsrawauthorname", "creators", "af", "au"),
    "group_authors": ("groupauthors", "groupauthor", "ca", "sponsor"),
    "journal": ("journal", "journaltitle", "sourcetitle", "journalbook", "publicationtitle", "publicationname",
                "pubtitle", "journalname", "secondarytitle", "alternatetitle3",
                "primarylocationsourcedisplayname", "containertitle", "jf", "so",
                "source"),
    "journal_abbrev": ("journalisoabbreviation", "journalabbrev", "journalabbreviation", "abbreviatedsourcetitle",
                       "ta", "ji", "alternatetitle2"),
    "date": ("year", "publicationyear", "publishedyear", "pubyear", "py", "date", "publicationdate", "datepublished",
             "firstposted", "studyfirstposted", "startdate"),
    "volume": ("volume", "vol", "bibliovolume", "vl"),
    "issue": ("issue", "number", "issuenumber", "biblioissue", "is"),
    "pages": ("pages", "page", "pagination", "startpage", "pagestart", "firstpage", "bibliofirstpage", "bp", "pg"),
    "end_page": ("endpage", "pageend", "lastpage", "bibliolastpage", "ep"),
    "article_number": ("articlenumber", "artno", "ar"),
    "citation": ("citation",),
    "doi": ("doi", "digitalobjectidentifier", "di"),
    "pmid": ("pmid", "pubmedid", "pubmed", "medlinepmid", "idspmid", "pm"),
    "pmcid": ("pmcid", "pmc", "idspmcid"),
    "abstract": ("abstract", "abstractnote", "notesabstract", "briefsummary", "ab", "n2"),
    "mesh": ("mesh", "meshterms", "meshheadings"),
    "keywords": ("keywords", "authorkeywords", "indexkeywords", "keywordsplus", "manualtags", "subjects",
                 "subjectterms", "kw", "de"),
    "publication_types": ("documenttype", "publicationtype", "publicationtypes", "itemtype", "doctype",
                          "articletype", "type", "dt", "pt"),
    "language": ("language", "languages", "languageoforiginaldocument", "la"),
    "registrations": ("clinicaltrialnumbers", "registration", "nct", "nctnumber"),
    "identifier": ("recordid", "id", "accessionnumber", "eid", "uniquewosid", "utuniquewosid", "ut", "lensid",
                   "publicationid", "key", "covidence"),
}  # fmt: skip
_FIELD_OF = {name: field for field, known in _NAMES.items() for name in known}

# Embase writes the whole source into one cell, such as Cancer (2004) 102:4 (253-258).
_EMBASE_SOURCE = re.compile(
    r"(?P<journal>.+?) \((?P<date>\d{4})\)(?: (?P<volume>[^\s:()]+)?(?::(?P<issue>[^\s()]+))?)?"
    r"(?: \((?P<pages>[^()]+)\))?(?:\. | Article Number: (?P<article_number>[^\s.]+)|\Z)"
)
# PubMed's: JAMA. 2020 Jan 7;323(1):12-15. doi: ... Epub ...
_PUBMED_SOURCE = re.compile(
    r"(?P<journal_abbrev>[^.;]+?)\. (?P<date>\d{4})[^;:.]*"
    r"(?:;(?P<volume>[^\s:();.]+)?(?:\((?P<issue>[^()]+)\))?(?::(?P<pages>[^\s.;]+))?)?\."
)
_LISTS = {"mesh", "publication_types", "registrations", "keywords"}
# Its rows name retracted articles by title; as literature they would enter as sound.
_OF_RETRACTION_LISTS = {"RetractionNature", "OriginalPaperDOI"}
_EXTRA_PMID = re.compile(r"\bPMID:\s*(\d{1,8})\b")
_SCOPUS_ID = re.compile(r"\s*\(\d{6,}\)")


@dataclass(frozen=True)
class Table:
    """What a person needs to say which column is which.

    Attributes:
        columns: the names in the header, each once; a repeated name got a number, a blank one its place.
        mapping: the proposal, column -> field of FIELDS; columns without a field are left out.
        sample: the first rows, each with one cell per column.
    """

    columns: tuple[str, ...]
    mapping: Mapping[str, str]
    sample: tuple[tuple[str, ...], ...]


def columns_of(header: Sequence[str]) -> tuple[str, ...]:
    """Name the columns of a header row uniquely."""
    found: list[str] = []
    for number, cell in enumerate(header, 1):
        name = base = " ".join(cell.split()) or f"Column {number}"
        copy = 1
        while name in found:
            copy += 1
            name = f"{base} ({copy})"
        found.append(name)
    return tuple(found)


def proposed(columns: Sequence[str]) -> dict[str, str]:
    """Propose a field for each column whose name is known; lists may come from several columns, text from one."""
    plain = {column: _plain(column) for column in columns}
    mapping: dict[str, str] = {}
    for field, known in _NAMES.items():
        ranked = [column for name in known for column in columns if plain[column] == name]
        for column in ranked if field == "keywords" else ranked[:1]:
            mapping[column] = field
    if {"ut", "de", "id"} <= set(plain.values()):
        # In Web of Science's table ID is Keywords Plus.
        mapping[next(column for column in columns if plain[column] == "id")] = "keywords"
    return {column: mapping[column] for column in columns if column in mapping}


def looks_like_header(cells: Sequence[str]) -> bool:
    """Whether a row is a header of two columns or more, with a title or at least two other known names."""
    fields = {_FIELD_OF[name] for cell in cells if (name := _plain(cell)) in _FIELD_OF}
    return len(cells) > 1 and ("title" in fields or len(fields) > 1)


def checked(columns: Sequence[str], mapping: Mapping[str, str] | None) -> Mapping[str, str]:
    """The mapping to use: the given one if it fits the table, else the proposal.

    Raises:
        InvalidInput: no column holds the title, the mapping names a column or a field that does not exist, or the
            table is a list of retractions.
    """
    if mapping is not None:
        wrong = {
            column: "there is no such column in the file" if column not in columns else f"there is no field “{field}”"
            for column, field in mapping.items()
            if column not in columns or field not in FIELDS
        }
        if wrong:
            reasons = "; ".join(f"“{column}”: {reason}" for column, reason in wrong.items())
            raise InvalidInput(f"The columns chosen do not fit the file: {reasons}.", fields=wrong)
    if set(columns) >= _OF_RETRACTION_LISTS:
        raise InvalidInput("This is a list of retractions, not of literature; import it as a list of notices.")
    used = proposed(columns) if mapping is None else mapping
    if "title" not in used.values():
        raise InvalidInput("The table has no title column; say which column holds the title.")
    return used


def read_row(
    cells: Sequence[str], columns: Sequence[str], mapping: Mapping[str, str], source_format: str, position: int
) -> ParsedRecord | Rejected:
    """Make a record of one row; columns without a field are kept in ``other`` under their names."""
    row = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
    raw = RawRecord(source_format, position)
    extra = {"group_authors": "", "end_page": "", "article_number": "", "citation": ""}
    for column, field in mapping.items():
        value = _unlisted(row.get(column, ""))
        if field in extra:
            extra[field] = extra[field] or value
        elif field == "authors":
            raw.authors += names.parse_author_list(_SCOPUS_ID.sub("", value))
        elif field in _LISTS:
            getattr(raw, field).extend(_split(value, at_commas=field == "keywords"))
        elif value:
            setattr(raw, field, f"{getattr(raw, field)} {value}".strip())
    # EBSCO writes the whole date in digits: 20200301.
    raw.date = re.sub(r"\A(\d{4})\d{4}\Z", r"\1", raw.date)
    _fill_from_source(raw, extra)
    raw.authors += [names.group(name) for name in _split(extra["group_authors"], at_commas=False) if name.strip()]
    if raw.pages and extra["end_page"] and "-" not in raw.pages:
        raw.pages = f"{raw.pages}-{extra['end_page']}"
    raw.pages = raw.pages or extra["article_number"]
    raw.other = [(column, row.get(column, "")) for column in columns if column not in mapping]
    _read_what_it_is(raw, mapping)
    return finish(raw)


def _read_what_it_is(raw: RawRecord, mapping: Mapping[str, str]) -> None:
    """A PMID among Zotero's extras; and a table with numbers of trials but no journals is a registry's."""
    extra = next((_EXTRA_PMID.search(text) for name, text in raw.other if _plain(name) in ("extra", "notes")), None)
    if extra and not raw.pmid:
        raw.pmid = extra[1]
    if raw.registrations and not {"journal", "publication_types"} & set(mapping.values()):
        raw.publication_types.append("Trial registration")


def _fill_from_source(raw: RawRecord, extra: dict[str, str]) -> None:
    """Take year, volume, issue and pages out of a cell that holds the whole source, where they have no own column."""
    source = _EMBASE_SOURCE.match(raw.journal)
    if source:
        raw.journal = ""
    for found in filter(None, (source, _PUBMED_SOURCE.match(extra["citation"]))):
        for field, value in found.groupdict(default="").items():
            if field in extra:
                extra[field] = extra[field] or value
            elif not getattr(raw, field):
                setattr(raw, field, value)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


def _unlisted(value: str) -> str:
    """Screening tools write a list as Python does: ``['Marx, Karl', 'Lindgren, Astrid']``."""
    if not (value.startswith(("['", '["')) and value.endswith("]")):
        return value
    return "; ".join(quoted or plain for quoted, plain in re.findall(r"\"([^\"]*)\"|'([^']*)'", value))


def _split(value: str, *, at_commas: bool) -> Iterable[str]:
    """Cut a list at semicolons or line ends; keywords without these at commas that stand outside brackets."""
    if at_commas and ";" not in value and "\n" not in value:
        return re.split(r",\s*(?![^()]*\))", value)
    return re.split(r"[;\n]", value)
