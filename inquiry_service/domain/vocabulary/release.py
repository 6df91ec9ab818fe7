"""Review, signature, delivery, and background work."""

from __future__ import annotations

from inquiry_service.domain.vocabulary.term import Term


class ReturnReason(Term):
    """Why a reviewer returns a draft (R80)."""

    INACCURATE = "inaccurate", "Statement does not match its source"
    UNBALANCED = "unbalanced", "Evidence is not balanced"
    NOT_TAILORED = "not_tailored", "Goes beyond the question"
    INCOMPLETE = "incomplete", "Question not fully answered"
    REFERENCES = "references", "References wrong or missing"
    TONE = "tone", "Tone"
    SAFETY = "safety", "Safety matter overlooked"
    OTHER = "other", "Other"


class SignatureMeaning(Term):
    """What a signature means; a fixed list (21 CFR 11.50(a)(3))."""

    AUTHORSHIP = "authorship", "Authorship"
    REVIEW = "review", "Medical review"
    APPROVAL = "approval", "Medical approval"
    RELEASE = "release", "Release of an approved standard response"
    COMPLIANCE_FINDING = "compliance_finding", "Compliance finding"
    IMPORT_CHECK = "import_check", "Literature import checked"


class DeliveryMethod(Term):
    """How the letter leaves."""

    EMAIL = "email", "E-mail"
    FILE = "file", "File outbox (demonstration)"


class DeliveryState(Term):
    """Where a delivery stands; never sent twice without a person's decision (P58)."""

    QUEUED = "queued", "Queued"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    UNCONFIRMED = "unconfirmed", "Unconfirmed: a person must decide"
    FAILED = "failed", "Failed"


class JobState(Term):
    """State of a background job."""

    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    DEAD = "dead", "Needs attention"
