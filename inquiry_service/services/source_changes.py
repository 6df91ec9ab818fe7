"""What changed since a version was saved: questions, label, reviewed content, references, recipient (R55, R64, R69).

A signature stands on the version as it was saved. Before the letter goes on, what it rests on is compared with
what the records say now; a difference sends it back to review.
"""

from __future__ import annotations

from sqlalchemy.orm import Session

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import ContentState, LabelState
from inquiry_service.errors import Unmet
from inquiry_service.models.content import ContentVersion
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.models.responses import ResponseVersion
from inquiry_service.services import literature_standing, record_changes
from inquiry_service.services.content import standing_of
from inquiry_service.store import content as content_store
from inquiry_service.store import products as product_store


def source_changes(session: Session, inquiry: Inquiry, version: ResponseVersion) -> tuple[Unmet, ...]:
    """Return every difference between what ``version`` was saved on and what holds now; empty when there is none."""
    return (
        *_questions(inquiry, version), *_label(session, inquiry, version), *_content(session, version),
        *_references(session, version), *_recipient(inquiry, version),
    )


def recheck_references(session: Session, actor: Actor, version: ResponseVersion) -> None:
    """Hold the cited works against notices and lists once more, before an approval and before sending (R69)."""
    cited = [reference["record_id"] for reference in version.snapshot.get("references", ())]
    literature_standing.check_cited(session, actor, cited)


def _questions(inquiry: Inquiry, version: ResponseVersion) -> tuple[Unmet, ...]:
    """How deep a draft is reviewed follows from status and lane, so a later change needs a new look (R16, R79)."""
    changed = [
        f"Q{question.seq}" for question in inquiry.questions
        if question.classification is None or question.classification.classified_at > version.saved_at
    ]
    if not changed:
        return ()
    return (Unmet("classification_changed", f"{', '.join(changed)} was classified after the draft was saved; "
                  "save the draft again and review it.", "triage", "R16"),)


def _label(session: Session, inquiry: Inquiry, version: ResponseVersion) -> tuple[Unmet, ...]:
    current = product_store.current_label(session, inquiry.product_id, inquiry.market)
    signed = version.snapshot.get("label") or {}
    if not signed:
        return ()
    if current is None or current.state is not LabelState.CURRENT:
        return (Unmet("label_retired", f"Label version {signed['version']} was retired and no other is in force.",
                      "label", "R55"),)
    if current.id != signed["id"]:
        return (Unmet("label_changed", f"Label version {current.version} replaced {signed['version']}; save the draft "
                      "again and review it.", "label", "R55"),)
    return ()


def _content(session: Session, version: ResponseVersion) -> tuple[Unmet, ...]:
    used = version.content_version
    return (*(_standing(used) if used is not None else ()), *_locked_content(session, version))


def _standing(content: ContentVersion) -> tuple[Unmet, ...]:
    found = standing_of(content)
    if found.usable:
        return ()
    state = content.state.label.lower() if content.state is not ContentState.EFFECTIVE else found.word.lower()
    words = f"Standard response {content.item.key} version {content.version} is {state}."
    return (Unmet("content_not_effective", words, "template", "R64"),)


def _locked_content(session: Session, version: ResponseVersion) -> tuple[Unmet, ...]:
    """The texts behind the locked parts: opening, approval statement, closing (R68)."""
    changed = []
    for signed in version.snapshot.get("locked_content", ()):
        now_used = content_store.block(session, signed["key"])
        if now_used is None or now_used.sha256 != signed["sha256"]:
            changed.append(f"{signed['key']} version {signed['version']}")
    if not changed:
        return ()
    return (Unmet("locked_content_changed", f"Reviewed content of the locked parts was replaced or withdrawn: "
                  f"{', '.join(changed)}. Save the draft again and review it.", "template", "R68"),)


def _references(session: Session, version: ResponseVersion) -> tuple[Unmet, ...]:
    changes = record_changes.of_references(session, version.snapshot.get("references", ()))
    return tuple(Unmet("reference_changed", change.message, "evidence", "R69") for _, change in sorted(changes.items()))


def _recipient(inquiry: Inquiry, version: ResponseVersion) -> tuple[Unmet, ...]:
    recipient, signed = inquiry.recipient or inquiry.requester, version.snapshot["recipient"]
    if signed["id"] == recipient.id and signed["name"] == (recipient.full_name or signed["name"]):
        return ()
    return (Unmet("recipient_changed", "The recipient was changed after the draft was saved; save and review it again.",
                  "requester", "R89"),)
