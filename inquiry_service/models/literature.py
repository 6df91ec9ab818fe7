"""The literature library: records, their versions, and how they stand to each other."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from inquiry_service.db import Base, UtcDateTime
from inquiry_service.domain.vocabulary import (
    LinkKind,
    PairState,
    PeerReview,
    RecordKind,
    RecordStatus,
    StudyDesign,
)
from inquiry_service.models.columns import Digest, Id, Json, Key, LongText, Moment, TermColumn


class LiteratureRecord(Base):
    """One publication. ``version`` points at its latest :class:`LiteratureVersion`.

    A record that was found to be the same work as another one stays for the letters that cite it, and says in
    ``merged_into`` which one stands for it now; it is no longer found by searches.
    """

    __tablename__ = "literature_record"
    __audit_skip__ = ("status_checked_at",)

    id: Mapped[Id]
    citation_key: Mapped[str] = mapped_column(String(80), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    kind: Mapped[RecordKind] = mapped_column(TermColumn(RecordKind), default=RecordKind.ARTICLE)
    # No foreign key: SQLite could add one only by copying the table away from under those that refer to it.
    merged_into: Mapped[str | None] = mapped_column(String(36), index=True)
    pmid: Mapped[str | None] = mapped_column(String(12), unique=True)
    doi: Mapped[str | None] = mapped_column(String(255), unique=True)
    pmcid: Mapped[str | None] = mapped_column(String(16), unique=True)
    identity_key: Mapped[str] = mapped_column(String(255), index=True)
    title: Mapped[LongText]
    abstract: Mapped[LongText] = mapped_column(default="")
    authors: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    journal: Mapped[LongText] = mapped_column(default="")
    journal_abbrev: Mapped[Key] = mapped_column(default="")
    year: Mapped[int | None] = mapped_column(index=True)
    volume: Mapped[Key] = mapped_column(default="")
    issue: Mapped[Key] = mapped_column(default="")
    pages: Mapped[Key] = mapped_column(default="")
    language: Mapped[str] = mapped_column(String(20), default="")
    mesh: Mapped[list[str]] = mapped_column(Json, default=list)
    keywords: Mapped[list[str]] = mapped_column(Json, default=list)
    publication_types: Mapped[list[str]] = mapped_column(Json, default=list)
    products: Mapped[list[str]] = mapped_column(Json, default=list)
    populations: Mapped[list[str]] = mapped_column(Json, default=list)
    source: Mapped[Key] = mapped_column(default="")
    medical_only: Mapped[bool] = mapped_column(default=False)
    design: Mapped[StudyDesign | None] = mapped_column(TermColumn(StudyDesign))
    participants: Mapped[int | None]
    funding: Mapped[LongText] = mapped_column(default="")
    peer_review: Mapped[PeerReview | None] = mapped_column(TermColumn(PeerReview))
    limits: Mapped[LongText] = mapped_column(default="")
    status: Mapped[RecordStatus] = mapped_column(TermColumn(RecordStatus), index=True)
    status_note: Mapped[LongText] = mapped_column(default="")
    status_checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # A person's decision stands against every notice that was known before it, and against none that comes later.
    status_decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    is_notice: Mapped[bool] = mapped_column(default=False)
    added_at: Mapped[Moment]
    added_by: Mapped[Key]


class LiteratureBlock(Base):
    """A key under which a record's likely doubles are found: derived from the record, made anew when it changes.

    A record that was merged into another one keeps its keys here, and its identifiers as ``doi:…``, ``pmid:…``:
    they still lead to the work.
    """

    __tablename__ = "literature_block"

    record_id: Mapped[str] = mapped_column(ForeignKey("literature_record.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(270), primary_key=True, index=True)


class LiteratureVersion(Base):
    """A record as it stood; what a search saw and a letter cited can always be read again."""

    __tablename__ = "literature_version"
    __table_args__ = (UniqueConstraint("record_id", "version"),)

    id: Mapped[Id]
    record_id: Mapped[str] = mapped_column(ForeignKey("literature_record.id"), index=True)
    version: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    sha256: Mapped[Digest]
    created_at: Mapped[Moment]


class LiteratureLink(Base):
    """A work that speaks of another one and is not the same: a notice, a preprint, a comment.

    Read "``from_id`` retracts ``to_id``". One of both is empty as long as the library does not hold that work: an
    article often names its notice, and a notice its article. ``pmid``, ``doi`` and ``citation`` say which work it
    is, so that it is found when it is imported later.
    """

    __tablename__ = "literature_link"

    id: Mapped[Id]
    from_id: Mapped[str | None] = mapped_column(ForeignKey("literature_record.id"), index=True)
    kind: Mapped[LinkKind] = mapped_column(TermColumn(LinkKind))
    to_id: Mapped[str | None] = mapped_column(ForeignKey("literature_record.id"), index=True)
    pmid: Mapped[str] = mapped_column(String(12), default="", index=True)
    doi: Mapped[str] = mapped_column(String(255), default="", index=True)
    citation: Mapped[LongText] = mapped_column(default="")
    source: Mapped[Key] = mapped_column(default="")
    added_at: Mapped[Moment]


class LiteraturePair(Base):
    """Two records that may be the same work, and what a person decided; the older id is ``first_id``."""

    __tablename__ = "literature_pair"
    __table_args__ = (UniqueConstraint("first_id", "second_id"),)

    id: Mapped[Id]
    first_id: Mapped[str] = mapped_column(ForeignKey("literature_record.id"), index=True)
    second_id: Mapped[str] = mapped_column(ForeignKey("literature_record.id"), index=True)
    score_milli: Mapped[int]
    why: Mapped[LongText] = mapped_column(default="")
    state: Mapped[PairState] = mapped_column(TermColumn(PairState), index=True)
    found_at: Mapped[Moment]
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decided_by: Mapped[Key] = mapped_column(default="")
    reason: Mapped[LongText] = mapped_column(default="")


class LiteratureMerge(Base):
    """Two records made one: which fields came from where, and both as they stood before, so that it can be undone.

    ``kept_before`` and ``kept_after`` hold the fields that the merge changed; ``gone_before`` its identifiers, and
    under ``moved`` the ids of the files, rights and links that went over with it.
    """

    __tablename__ = "literature_merge"

    id: Mapped[Id]
    kept_id: Mapped[str] = mapped_column(ForeignKey("literature_record.id"), index=True)
    gone_id: Mapped[str] = mapped_column(ForeignKey("literature_record.id"), index=True)
    choices: Mapped[dict[str, Any]] = mapped_column(Json)
    kept_before: Mapped[dict[str, Any]] = mapped_column(Json)
    kept_after: Mapped[dict[str, Any]] = mapped_column(Json)
    gone_before: Mapped[dict[str, Any]] = mapped_column(Json)
    kept_version: Mapped[int]
    reason: Mapped[LongText] = mapped_column(default="")
    merged_at: Mapped[Moment]
    merged_by: Mapped[Key]
    undone_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    undone_by: Mapped[Key] = mapped_column(default="")
    undone_reason: Mapped[LongText] = mapped_column(default="")
