"""The inquiry and what came with it: contacts, people, questions, screens, attachments."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inquiry_service.db import Base, UtcDateTime
from inquiry_service.domain.vocabulary import (
    Channel,
    Complexity,
    Forum,
    LabelStatus,
    Lane,
    OffLabelSubtype,
    Purpose,
    RequesterType,
    Role,
    ScreenAnswer,
    State,
    Urgency,
    Verification,
)
from inquiry_service.models.columns import Digest, Id, Json, Key, LongText, Moment, TermColumn


class Person(Base):
    """A requester or recipient. Personal data lives here and nowhere else, so that it can be erased (R98)."""

    __tablename__ = "person"

    id: Mapped[Id]
    type: Mapped[RequesterType] = mapped_column(TermColumn(RequesterType))
    title: Mapped[Key] = mapped_column(default="")
    given_name: Mapped[Key] = mapped_column(default="")
    family_name: Mapped[Key] = mapped_column(default="")
    qualification: Mapped[Key] = mapped_column(default="")
    affiliation: Mapped[Key] = mapped_column(default="")
    address: Mapped[LongText] = mapped_column(default="")
    email: Mapped[Key] = mapped_column(default="")
    phone: Mapped[Key] = mapped_column(default="")
    country: Mapped[str] = mapped_column(String(2))
    details_refused_reason: Mapped[LongText] = mapped_column(default="")
    verification: Mapped[Verification] = mapped_column(TermColumn(Verification), default=Verification.UNVERIFIED)
    verification_method: Mapped[Key] = mapped_column(default="")
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verified_by: Mapped[Key] = mapped_column(default="")

    @property
    def full_name(self) -> str:
        """Title, given and family name as printed in an address."""
        return " ".join(part for part in (self.title, self.given_name, self.family_name) if part)


class Inquiry(Base):
    """The aggregate that everything turns around. ``state`` is set by ``services.workflow`` alone."""

    __tablename__ = "inquiry"

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(20), unique=True)
    revision: Mapped[int] = mapped_column()
    state: Mapped[State] = mapped_column(TermColumn(State), index=True)
    state_reason: Mapped[LongText] = mapped_column(default="")
    state_since: Mapped[Moment]
    resume_state: Mapped[State | None] = mapped_column(TermColumn(State))
    product_id: Mapped[str] = mapped_column(ForeignKey("product.id"), index=True)
    market: Mapped[str] = mapped_column(String(2))
    language: Mapped[str] = mapped_column(String(10))
    requester_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    recipient_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    recipient_reason: Mapped[LongText] = mapped_column(default="")
    submitter_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"), index=True)
    submitter_role: Mapped[Role] = mapped_column(TermColumn(Role))
    assignee_id: Mapped[str | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("inquiry.id"))
    urgency: Mapped[Urgency] = mapped_column(TermColumn(Urgency))
    purpose: Mapped[Purpose] = mapped_column(TermColumn(Purpose))
    requester_deadline: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    paused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    complexity: Mapped[Complexity | None] = mapped_column(TermColumn(Complexity))
    background: Mapped[LongText] = mapped_column(default="")
    sources_consulted: Mapped[LongText] = mapped_column(default="")
    lot: Mapped[Key] = mapped_column(default="")
    lawful_basis: Mapped[Key]
    retention_class: Mapped[Key]
    confirmation_received_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    confirmation_note: Mapped[LongText] = mapped_column(default="")
    solicitation: Mapped[dict[str, Any] | None] = mapped_column(Json)
    solicitation_finding: Mapped[LongText] = mapped_column(default="")
    created_at: Mapped[Moment]
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (SQLAlchemy's own attribute)

    product: Mapped[Any] = relationship("Product", lazy="joined")
    requester: Mapped[Person] = relationship(foreign_keys=[requester_id], lazy="joined")
    recipient: Mapped[Person | None] = relationship(foreign_keys=[recipient_id], lazy="joined")
    submitter: Mapped[Any] = relationship("User", foreign_keys=[submitter_id], lazy="joined")
    assignee: Mapped[Any] = relationship("User", foreign_keys=[assignee_id], lazy="joined")
    interactions: Mapped[list[Interaction]] = relationship(
        back_populates="inquiry", order_by="Interaction.received_at", lazy="selectin"
    )
    questions: Mapped[list[Question]] = relationship(
        back_populates="inquiry", order_by="Question.seq", lazy="selectin"
    )


class Interaction(Base):
    """One contact: how, where and when it came, who was there, and the screen made on it (R9, R34)."""

    __tablename__ = "interaction"

    id: Mapped[Id]
    inquiry_id: Mapped[str] = mapped_column(ForeignKey("inquiry.id"), index=True)
    channel: Mapped[Channel] = mapped_column(TermColumn(Channel))
    forum: Mapped[Forum] = mapped_column(TermColumn(Forum))
    received_at: Mapped[Moment]
    received_zone: Mapped[Key]
    entered_at: Mapped[Moment]
    late_reason: Mapped[LongText] = mapped_column(default="")
    place: Mapped[Key] = mapped_column(default="")
    others_present: Mapped[Key] = mapped_column(default="")
    attestation: Mapped[dict[str, Any] | None] = mapped_column(Json)
    ae_answer: Mapped[ScreenAnswer | None] = mapped_column(TermColumn(ScreenAnswer))
    situation_answer: Mapped[ScreenAnswer | None] = mapped_column(TermColumn(ScreenAnswer))
    complaint_answer: Mapped[ScreenAnswer | None] = mapped_column(TermColumn(ScreenAnswer))
    screened_by: Mapped[Key] = mapped_column(default="")
    screened_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    inquiry: Mapped[Inquiry] = relationship(back_populates="interactions")
    attachments: Mapped[list[Attachment]] = relationship(order_by="Attachment.stored_at", lazy="selectin")


class Attachment(Base):
    """The original source as it came, stored by its SHA-256 and never changed (R10)."""

    __tablename__ = "attachment"

    id: Mapped[Id]
    interaction_id: Mapped[str] = mapped_column(ForeignKey("interaction.id"), index=True)
    file_name: Mapped[Key]
    media_type: Mapped[Key]
    size: Mapped[int]
    sha256: Mapped[Digest]
    stored_at: Mapped[Moment]
    stored_by: Mapped[Key]


class Question(Base):
    """One question: the verbatim text is write-once (R1); a restatement stands beside it."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("inquiry_id", "seq"),)

    id: Mapped[Id]
    inquiry_id: Mapped[str] = mapped_column(ForeignKey("inquiry.id"), index=True)
    interaction_id: Mapped[str] = mapped_column(ForeignKey("interaction.id"))
    seq: Mapped[int]
    verbatim: Mapped[LongText]
    restated: Mapped[LongText] = mapped_column(default="")
    topics: Mapped[list[str]] = mapped_column(Json, default=list)
    lane: Mapped[Lane | None] = mapped_column(TermColumn(Lane))
    recorded_at: Mapped[Moment]

    inquiry: Mapped[Inquiry] = relationship(back_populates="questions")
    addenda: Mapped[list[QuestionAddendum]] = relationship(order_by="QuestionAddendum.added_at", lazy="selectin")
    classifications: Mapped[list[Classification]] = relationship(
        back_populates="question", order_by="Classification.classified_at", lazy="selectin"
    )

    @property
    def classification(self) -> Classification | None:
        """The classification in force: the latest one."""
        return self.classifications[-1] if self.classifications else None


class QuestionAddendum(Base):
    """A dated correction or addition to a verbatim question; the question itself stays (R1)."""

    __tablename__ = "question_addendum"

    id: Mapped[Id]
    question_id: Mapped[str] = mapped_column(ForeignKey("question.id"), index=True)
    text: Mapped[LongText]
    added_at: Mapped[Moment]
    added_by: Mapped[Key]


class Classification(Base):
    """A question against the label of one market, by whom, on which label version, and why (R16, R17)."""

    __tablename__ = "classification"

    id: Mapped[Id]
    question_id: Mapped[str] = mapped_column(ForeignKey("question.id"), index=True)
    market: Mapped[str] = mapped_column(String(2))
    label_status: Mapped[LabelStatus] = mapped_column(TermColumn(LabelStatus))
    off_label_subtype: Mapped[OffLabelSubtype | None] = mapped_column(TermColumn(OffLabelSubtype))
    label_version_id: Mapped[str | None] = mapped_column(ForeignKey("label_version.id"))
    rationale: Mapped[LongText]
    reason_code: Mapped[Key] = mapped_column(default="")
    classified_at: Mapped[Moment]
    classified_by: Mapped[Key]

    question: Mapped[Question] = relationship(back_populates="classifications")
    label: Mapped[Any] = relationship("LabelVersion", lazy="joined")


class ContactAttempt(Base):
    """A logged try to reach the requester; three without reply allow closing (requirements, section 3)."""

    __tablename__ = "contact_attempt"

    id: Mapped[Id]
    inquiry_id: Mapped[str] = mapped_column(ForeignKey("inquiry.id"), index=True)
    channel: Mapped[Channel] = mapped_column(TermColumn(Channel))
    note: Mapped[LongText]
    attempted_at: Mapped[Moment]
    attempted_by: Mapped[Key]
