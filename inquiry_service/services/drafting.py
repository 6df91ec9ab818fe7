"""Writing the answer: every save is a new version with its snapshot and digest; nothing is overwritten."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.canonical import digest
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import Action, State
from inquiry_service.errors import InvalidInput, Refused, StaleVersion, Unmet
from inquiry_service.models.content import ContentVersion
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.models.responses import Response, ResponseVersion
from inquiry_service.services import audit, field_values, literature_standing, signatures, workflow
from inquiry_service.services.access import require
from inquiry_service.services.composition import Composition, DraftInput, compose, declared_by
from inquiry_service.services.snapshot import snapshot_of
from inquiry_service.store import content as content_store
from inquiry_service.store import responses as store

LONGEST_SOURCE = 200_000


@dataclass(frozen=True)
class DraftData:
    """A draft as it comes from the editor.

    Attributes:
        base_version: number of the version that the editor was opened on; 0 for a first draft.
        content_version_id: the reviewed content it is made from; None for a custom answer.
    """

    title: str
    source: str
    field_values: dict[str, Any]
    content_version_id: str | None
    base_version: int
    change_note: str = ""


def begin(session: Session, actor: Actor, inquiry: Inquiry) -> Response:
    """Start drafting: the assigned inquiry moves on and gets its letter number."""
    workflow.perform(session, actor, inquiry, Action.START_DRAFT)
    return _response(session, inquiry)


def _response(session: Session, inquiry: Inquiry) -> Response:
    found = store.of_inquiry(session, inquiry.id)
    if found is None:
        found = Response(inquiry_id=inquiry.id, number=f"{inquiry.number}-L1", current_version=0)
        session.add(found)
        session.flush()
    return found


def save(session: Session, actor: Actor, inquiry: Inquiry, data: DraftData) -> ResponseVersion:
    """Save the draft as a new version.

    A returned draft is taken up again by its first save. Signatures on earlier versions become void.

    Raises:
        Forbidden: the right is missing; Refused: the inquiry is not being drafted;
        StaleVersion: somebody saved another version meanwhile (``data`` names both);
        InvalidInput: the source cannot be read; nothing is saved.
    """
    require(actor, Permission.DRAFT_WRITE)
    _check_step(actor, inquiry)
    response = _response(session, inquiry)
    if data.base_version != response.current_version:
        raise StaleVersion(
            f"Version {response.current_version} was saved after you opened version {data.base_version}. "
            "Your text is below; compare and save again.",
            base=data.base_version, current=response.current_version,
        )
    composition = compose(session, inquiry, draft_input(session, actor, data))
    if literature_standing.check_cited(session, actor, [row.id for row in composition.cited.values()]):
        composition = compose(session, inquiry, composition.given)
    if inquiry.state is State.RETURNED:
        workflow.perform(session, actor, inquiry, Action.REVISE)
    previous = store.latest_version(session, inquiry.id)
    version = _new_version(actor, response, data, composition, snapshot_of(session, composition, response.number))
    response.current_version = version.version
    session.add(version)
    session.flush()
    audit.record(session, actor, Event.DRAFT_SAVED, version, label=f"{response.number} version {version.version}",
                 inquiry_id=inquiry.id, changes={
        "source": (previous.source if previous else None, version.source),
        "title": (previous.title if previous else None, version.title),
        "digest": (previous.digest if previous else None, version.digest),
        "type": (previous.type if previous else None, version.type),
    })
    if previous is not None:
        signatures.void_all(session, actor, store.SIGNED_VERSION, previous.id, "A newer version was saved", inquiry.id)
    return version


def draft_input(session: Session, actor: Actor, data: DraftData) -> DraftInput:
    """Return the author's input with its reviewed content, checked for size and kind.

    Raises:
        InvalidInput: too long, without a title, or with values that do not fit the template's fields.
    """
    fields: dict[str, str] = {}
    if not data.title.strip():
        fields["title"] = "Give the letter a title: the question restated."
    if len(data.source) > LONGEST_SOURCE:
        fields["source"] = f"The text is longer than {LONGEST_SOURCE} characters."
    content = content_store.version(session, actor, data.content_version_id) if data.content_version_id else None
    if content is not None:
        fields |= field_values.problems(data.field_values, declared_by(content))
    if fields:
        raise InvalidInput("The draft was not saved. Nothing you typed is lost.", fields=fields)
    return DraftInput(data.title.strip(), data.source, data.field_values, content)


def start_from(content: ContentVersion | None, inquiry: Inquiry) -> tuple[str, str]:
    """Return title and source with which a draft begins: the reviewed content, or an empty outline."""
    title = "; ".join(question.restated or question.verbatim for question in inquiry.questions)
    if content is not None:
        return title, content.source
    tied = ",".join(str(question.seq) for question in inquiry.questions)
    headings = ("Summary", "Background", "Data", "Conflicting, negative or missing evidence")
    return title, "\n".join(f"## {heading} {{q={tied}}}\n\n\n" for heading in headings)


def _new_version(
    actor: Actor, response: Response, data: DraftData, composition: Composition, snapshot: dict[str, Any]
) -> ResponseVersion:
    return ResponseVersion(
        response_id=response.id, response=response, version=response.current_version + 1, type=composition.type,
        lane=composition.lane, title=data.title.strip(), source=data.source, field_values=data.field_values,
        content_version_id=data.content_version_id, content_version=composition.given.content,
        label_version_id=composition.label.id if composition.label else None, label=composition.label,
        snapshot=snapshot, digest=digest(snapshot), author_id=actor.user_id, author_name=actor.name, saved_at=now(),
        change_note=data.change_note,
    )


def _check_step(actor: Actor, inquiry: Inquiry) -> None:
    if inquiry.state not in (State.DRAFTING, State.RETURNED):
        raise Refused(f"{inquiry.number} is in state {inquiry.state.label.lower()}; the draft cannot be changed now.")
    if actor.user_id == inquiry.submitter_id:
        # R27: otherwise another author's signature could carry the submitter's own text to review.
        raise Refused("You submitted this question; another person has to write the answer.",
                      (Unmet("submitter_writes", "You submitted this question; another person has to write the answer.",
                             "assignment", "R27"),))
