"""What an importer hands over: a parsed record, or a rejection that says why.

The invariant of every reader in this package: each record of a file is yielded exactly once, as one or
the other. Nothing is dropped in silence.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from typing import Any

from inquiry_service.domain.vocabulary import RecordKind, RecordStatus


@dataclass(frozen=True, slots=True)
class Author:
    """A person (family, given, initials, suffix) or a group (``collective``), never both."""

    family: str = ""
    given: str = ""
    initials: str = ""
    suffix: str = ""
    collective: str = ""

    @property
    def name(self) -> str:
        """The name as MEDLINE and AMA print it: ``van Eijck CH``, ``King ML Jr``, ``USMAP Investigators``."""
        return self.collective or " ".join(part for part in (self.family, self.initials, self.suffix) if part)

    def as_mapping(self) -> dict[str, str]:
        """The name as plain data, ready for JSON."""
        return {"family": self.family, "given": self.given, "initials": self.initials, "suffix": self.suffix,
                "collective": self.collective}


@dataclass(frozen=True, slots=True)
class Relation:
    """A link to another publication.

    Attributes:
        kind: ``retraction_in``, ``retraction_of``, ``erratum_in``, ``comment_on`` and the like.
        pmid, doi: identifiers of the other publication, "" when the source gives none.
        citation: how the source cites it.
    """

    kind: str
    pmid: str = ""
    doi: str = ""
    citation: str = ""


@dataclass(frozen=True, slots=True)
class ParsedRecord:
    """One bibliographic record in the house's spelling; absent text is "", absent year is None.

    Attributes:
        abstract: paragraphs separated by a blank line; a labelled section starts with ``LABEL: ``.
        mesh: headings in MEDLINE notation, ``*`` before what is a major topic: ``Triptans/*adverse effects``.
        language: MEDLINE code(s), ``eng`` or ``eng;fre``.
        registrations: trial registration numbers.
        is_notice: the record *is* a retraction, correction or concern notice. A notice is not the article
            it speaks of: a retraction notice has ``is_notice`` and status ``current``.
        kind: what sort of source it is, told from the source's own type (see :mod:`kinds`).
        other: what the source says beyond these fields, as (source field, text).
        remarks: values that could not be used, in words for the import report.
        raw_position: 1 for the first record of the file.
    """

    title: str
    source_format: str
    raw_position: int
    authors: tuple[Author, ...] = ()
    journal: str = ""
    journal_abbrev: str = ""
    year: int | None = None
    volume: str = ""
    issue: str = ""
    pages: str = ""
    doi: str = ""
    pmid: str = ""
    pmcid: str = ""
    abstract: str = ""
    mesh: tuple[str, ...] = ()
    publication_types: tuple[str, ...] = ()
    language: str = ""
    registrations: tuple[str, ...] = ()
    status: RecordStatus = RecordStatus.CURRENT
    is_notice: bool = False
    kind: RecordKind = RecordKind.ARTICLE
    relations: tuple[Relation, ...] = ()
    keywords: tuple[str, ...] = ()
    other: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def first_author(self) -> Author | None:
        """The first author, or None when the record names nobody."""
        return self.authors[0] if self.authors else None

    def as_mapping(self) -> dict[str, Any]:
        """The record as plain data (nested dicts and tuples), ready for JSON and for ``ama.to_csl``."""
        # dataclasses.asdict copies every text of every list one by one; this is done for each record of an import.
        plain = {name: getattr(self, name) for name in _NAMES}
        return plain | {"authors": tuple(author.as_mapping() for author in self.authors),
                        "relations": tuple(asdict(relation) for relation in self.relations)}


_NAMES = tuple(field.name for field in fields(ParsedRecord))


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that could not be taken over.

    Attributes:
        position: 1 for the first record of the file.
        identifier: PMID, DOI or the file's own record number, "" when unreadable.
        reason: one sentence for the person who imports.
    """

    position: int
    identifier: str
    reason: str
