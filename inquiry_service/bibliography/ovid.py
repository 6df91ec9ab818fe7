"""Ovid's text exports: field names on lines of their own with indented values, or short tags (``TI  - ``).

Ovid numbers the records (``<1>``). The journal, volume, issue, pages and year stand together in one citation line,
which each database on Ovid writes in its own way. Source of the names: Ovid, "Database field guides" of MEDLINE,
Embase and APA PsycInfo.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import TextIOWrapper

from inquiry_service.bibliography import names
from inquiry_service.bibliography.normalise import find_doi, normalise_doi
from inquiry_service.bibliography.raw import RawRecord, finish
from inquiry_service.bibliography.record import Author, ParsedRecord, Rejected
from inquiry_service.bibliography.tagged import Block, blocks

FORMAT = "ovid"

_NUMBER = re.compile(r"<\s*\d+\s*>\s*\Z")
_FIRST_NAMES = re.compile(r"(?:Unique Identifier|Accession Number|UI  ?- |VN  ?- )")
_SHORT_TAG = re.compile(r"([A-Z][A-Z0-9]) {1,3}- ?(.*)\Z")
_LONG_NAME = re.compile(r"[A-Z][A-Za-z/&() -]{2,60}\Z")

_NAMES = {
    "unique identifier": "medline_number", "ui": "medline_number", "accession number": "number", "an": "number",
    "pmid": "pmid",
    "pm": "pmid", "title": "title", "ti": "title", "source": "source", "so": "source", "authors": "authors",
    "author": "authors", "au": "authors", "authors full name": "full_authors", "fa": "full_authors",
    "author names": "full_authors", "corporate author": "groups", "ca": "groups",
    "group/collective author": "groups", "abstract": "abstract", "ab": "abstract",
    "mesh subject headings": "mesh", "mh": "mesh", "keyword heading": "keywords",
    "keywords": "keywords", "author keywords": "keywords", "kw": "keywords", "kf": "keywords",
    "keyword heading owner": "ignored", "emtree heading": "keywords", "heading words": "keywords",
    "subject headings": "keywords", "key concepts": "keywords", "publication type": "types", "pt": "types",
    "document type": "types", "dt": "types", "language": "language", "lg": "language",
    "journal name": "journal", "jn": "journal", "publication name": "journal",
    "journal abbreviation": "journal_abbrev", "ja": "journal_abbrev", "year of publication": "year", "yr": "year",
    "publication year": "year", "volume": "volume", "vo": "volume", "issue": "issue", "issue/part": "issue",
    "ip": "issue", "page": "pages", "pages": "pages", "pg": "pages", "pagination": "pages",
    "digital object identifier": "doi", "doi number": "doi", "doi": "doi", "do": "doi",
    "references": "ignored", "cited references": "ignored", "score": "ignored", "status": "state", "st": "state",
    "version id": "ignored", "link to the ovid full text or citation": "ignored", "vn": "ignored",
    "date of publication": "date",
}  # fmt: skip
_INSTITUTION_MARK = re.compile(r"[*+^#~\d,.]+|\([\w*+,]*\)|\[[^\]]*\]")
_DEGREES = re.compile(rf"[,\s]+{names.DEGREES}(?=[,\s]|\Z)")
_LONGEST_CITATION = 1_000
# "Headache. 59(3):348-358, 2019 Mar." (MEDLINE), "Headache. 59 (3) (pp 348-358), 2019." (Embase), or pages absent.
_CITATION = re.compile(
    r"(?P<journal>.+?)\.\s+(?:(?:Vol\.?|Volume)\s*)?(?P<volume>[A-Za-z]{0,6}\s?\d[\w.-]*)?\s*(?:\((?P<issue>[^()]*)\))?"
    r"\s*(?::\s*(?P<pages>[^,()]+)|\(pp?\.?\s*(?P<pp>[^()]+)\))?\s*,\s*(?P<date>.*)\Z",
    re.DOTALL,
)
_KIND_IN_TITLE = re.compile(
    r"\s*\.?\s*\[(Article|Review|Letter|Editorial|Miscellaneous|Report|Abstract[^\]]*)\]\.?\s*\Z"
)

Fields = dict[str, list[str]]


def read(text: TextIOWrapper) -> Iterator[ParsedRecord | Rejected]:
    """Read Ovid text record by record.

    Args:
        text: the open file.

    Yields:
        one result per record.
    """
    position = 0
    for block in blocks(text, _starts_record):
        fields, other = _fields(block.lines)
        if not fields and not other:
            continue  # only a number or a heading
        position += 1
        yield _read_block(block, fields, other, position)


def recognises(text: str) -> bool:
    """Whether the beginning of a file is Ovid's: a numbered record, or a first field name, with a title below."""
    lines = text.splitlines()
    named = any(_FIRST_NAMES.match(line) for line in lines) and any(
        re.match(r"(?:Title\s*\Z|TI {1,3}- )", line) for line in lines
    )
    return named and any(re.match(r"(?:Source\s*\Z|SO {1,3}- )", line) for line in lines)


def _starts_record(line: str, block: Block) -> bool:
    """Ovid's number begins a record; in files without numbers its first field does."""
    if _NUMBER.match(line):
        return True
    if not _FIRST_NAMES.match(line) or block.has(_NUMBER):
        return False
    return block.has(_FIRST_NAMES) and block.has(re.compile(r"Title\s*\Z|TI {1,3}- "))


def _fields(lines: list[str]) -> tuple[Fields, list[tuple[str, str]]]:
    """Known fields by our name, and the others by Ovid's."""
    found: Fields = {}
    other: list[tuple[str, str]] = []
    for name, values in _named(lines):
        target = _NAMES.get(name.lower(), "")
        if target:
            found.setdefault(target, []).extend(values)
        elif values:
            other.append((name, " ".join(values)))
    found.pop("ignored", None)
    return found, other


def _named(lines: list[str]) -> Iterator[tuple[str, list[str]]]:
    """Each field name with its value lines; a blank line in an abstract begins a paragraph."""
    name, values = "", [""]
    for line in lines:
        short = _SHORT_TAG.match(line)
        if short or (_LONG_NAME.match(line) and not line[:1].isspace()):
            if name:
                yield name, values
            name, values = (short[1], [short[2].strip()]) if short else (line.strip(), [])
        elif name and line.strip():
            values.append(line.strip())
    if name:
        yield name, values


def _read_block(block: Block, fields: Fields, other: list[tuple[str, str]], position: int) -> ParsedRecord | Rejected:
    # MEDLINE's field is called Unique Identifier, that of the other databases Accession Number.
    unique = _joined(fields, "medline_number").rstrip(".")
    number = unique or _joined(fields, "number").rstrip(".")
    raw = RawRecord(FORMAT, position, identifier=number)
    title = _joined(fields, "title")
    kind = _KIND_IN_TITLE.search(title)
    raw.title = title[: kind.start()] if kind else title
    raw.authors = _authors(fields)
    raw.abstract = _joined(fields, "abstract").removeprefix(": ")
    raw.keywords = [word for line in fields.get("keywords", ()) for word in line.rstrip(".").split(";")]
    raw.mesh = [heading for line in fields.get("mesh", ()) for heading in line.split(";")]
    raw.language = _joined(fields, "language").rstrip(".")
    types = [line.split(":")[0].rstrip(". ") for value in fields.get("types", ()) for line in value.split(".")]
    raw.publication_types = [kind[1] if kind else "", *types]
    _read_source(raw, fields)
    given = _joined(fields, "doi")
    raw.doi = given if normalise_doi(given) else find_doi(given)
    is_medline = bool(unique or "mesh" in fields) and re.fullmatch(r"\d{6,8}", number)
    raw.pmid = _joined(fields, "pmid") or (number if is_medline else "")
    raw.other = [("accession number", number), *other]
    if block.too_long:
        return Rejected(position, number, f"The record from line {block.first_line} on is too long to be one.")
    return finish(raw)


def _joined(fields: Fields, name: str) -> str:
    return " ".join(fields.get(name, ())).strip()


def _read_source(raw: RawRecord, fields: Fields) -> None:
    source = " ".join(_joined(fields, "source").split())
    match = _CITATION.match(source[:_LONGEST_CITATION])
    cited = {name: value or "" for name, value in match.groupdict().items()} if match else {}
    raw.journal = _joined(fields, "journal") or cited.get("journal", "") or source.rstrip(". ")
    raw.journal_abbrev = _joined(fields, "journal_abbrev").replace(".", "")
    raw.volume = _joined(fields, "volume") or cited.get("volume", "")
    raw.issue = _joined(fields, "issue") or cited.get("issue", "")
    raw.pages = _joined(fields, "pages") or cited.get("pages", "") or cited.get("pp", "")
    raw.date = _joined(fields, "year") or cited.get("date", "") or _joined(fields, "date") or _joined(fields, "state")


def _authors(fields: Fields) -> list[Author]:
    people = fields.get("full_authors") or fields.get("authors", [])
    authors = (names.parse_author(_name(part)) for line in people for part in line.split(";"))
    groups = [names.group(line.rstrip(".")) for line in fields.get("groups", ())]
    return [*(author for author in authors if author is not None), *groups]


def _name(text: str) -> str:
    """A name without degrees and the marks of institutions: ``Frolke, Jan Paul MD, PhD *``, ``Mathes, Tim (2)``."""
    words = text.split()
    while words and _INSTITUTION_MARK.fullmatch(words[-1]):
        words.pop()
    name = " ".join(words)
    return _DEGREES.sub("", name).strip(" .,*+") or name
