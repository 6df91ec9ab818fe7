"""The library of reviewed content: taking in released versions, suspending and retiring them (R63-R68)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.orm import Session

from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.audit_entry import Reason
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.content_standing import Standing, standing
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import ContentState, Lane, ReasonCode
from inquiry_service.errors import Refused
from inquiry_service.models.content import ContentItem, ContentVersion
from inquiry_service.services import audit
from inquiry_service.services.access import require
from inquiry_service.services.content_files import ContentFile, released
from inquiry_service.store import content as store


@dataclass(frozen=True)
class SyncReport:
    """What a sync did; names like ``closing-hcp/v1``."""

    added: tuple[str, ...]
    superseded: tuple[str, ...]
    unchanged: int


def sync(session: Session, actor: Actor, responses_dir: Path) -> SyncReport:
    """Take the released versions of a content folder into the library; what is there already stays.

    The newest version of each item becomes effective and the one before it is superseded. A state that
    people set since (suspended, retired) is not touched.

    Raises:
        Forbidden: the right is missing. IntegrityBroken: a released folder was changed.
        Refused: the library holds other content under the same version.
    """
    if not actor.is_system:
        require(actor, Permission.CONTENT_MANAGE)
    added: list[str] = []
    superseded: list[str] = []
    files = released(responses_dir)
    for file in files:
        known = {row.version: row for row in store.versions_of(session, file.key)}
        present = known.get(file.version)
        if present is not None:
            _ensure_same(present, file)
            continue
        older = [row for row in known.values() if row.version < file.version]
        superseded.extend(_supersede(session, actor, older))
        _add(session, actor, file, newest=all(number < file.version for number in known))
        added.append(file.name)
    return SyncReport(tuple(added), tuple(superseded), len(files) - len(added))


def _ensure_same(row: ContentVersion, file: ContentFile) -> None:
    if row.sha256 != file.sha256:
        raise Refused(f"The library holds another {file.name}; a released version never changes. "
                      f"Add the change as v{row.version + 1}.")


def _add(session: Session, actor: Actor, file: ContentFile, *, newest: bool) -> ContentVersion:
    item = store.item(session, file.key)
    if item is None:
        item = ContentItem(key=file.key, kind=file.meta["kind"])
        session.add(item)
        session.flush()
    elif item.kind != file.meta["kind"]:
        raise Refused(f"{file.name} is a {file.meta['kind']}, the versions before it are a {item.kind}.")
    row = _row(item, file, ContentState.EFFECTIVE if newest else ContentState.SUPERSEDED)
    session.add(row)
    session.flush()
    audit.record(session, actor, Event.CONTENT_ADDED, row, label=file.name, changes={
        "title": (None, row.title), "sha256": (None, row.sha256), "approved_by": (None, row.approved_by),
        "effective_from": (None, row.effective_from), "expires": (None, row.expires),
    })
    if newest:
        audit.record(session, actor, Event.CONTENT_RELEASED, row, label=file.name, changes={
            "state": (None, row.state.value)})
    return row


def _row(item: ContentItem, file: ContentFile, state: ContentState) -> ContentVersion:
    meta = file.meta
    return ContentVersion(
        item_id=item.id, item=item, version=file.version, state=state, title=meta["title"],
        product_key=meta.get("product", ""), market=meta["market"], language=meta["language"],
        lane=Lane(meta["lane"]), topics=list(meta.get("topics", [])),
        label_statuses=list(meta.get("label_statuses", [])), label_version=meta.get("label_version", ""),
        fields=list(meta.get("fields", [])), source=file.source, sha256=file.sha256, owner=meta["owner"],
        approved_by=meta["approved_by"], approved_at=meta["approved_at"], effective_from=meta["effective_from"],
        review_due=meta["review_due"], expires=meta["expires"], change_summary=meta["change_summary"],
    )


def _supersede(session: Session, actor: Actor, rows: list[ContentVersion]) -> list[str]:
    names = []
    for row in rows:
        if row.state in (ContentState.EFFECTIVE, ContentState.SUSPENDED):
            _set_state(session, actor, row, ContentState.SUPERSEDED, Event.CONTENT_SUPERSEDED, Reason())
            names.append(name_of(row))
    return names


def suspend(session: Session, actor: Actor, version_id: str, why: str) -> ContentVersion:
    """Take an effective version out of use at once, e.g. after a label change or a retraction (R65).

    Raises:
        Forbidden: the right is missing; NotFound: there is no such version;
        Refused: it is not effective, or no reason is given.
    """
    row = _for_change(session, actor, version_id, why)
    if row.state is not ContentState.EFFECTIVE:
        raise Refused(f"{name_of(row)} is {row.state.label.lower()}; only effective content can be suspended.")
    _set_state(session, actor, row, ContentState.SUSPENDED, Event.CONTENT_SUSPENDED, _reason(why))
    return row


def retire(session: Session, actor: Actor, version_id: str, why: str) -> ContentVersion:
    """Take a version out of use for good; it stays readable (R63).

    Raises:
        Forbidden: the right is missing; NotFound: there is no such version;
        Refused: it is retired already, or no reason is given.
    """
    row = _for_change(session, actor, version_id, why)
    if row.state is ContentState.RETIRED:
        raise Refused(f"{name_of(row)} is retired already.")
    _set_state(session, actor, row, ContentState.RETIRED, Event.CONTENT_RETIRED, _reason(why))
    return row


def standing_of(row: ContentVersion) -> Standing:
    """Return whether a version may be used today, and the word for it."""
    return standing(row.state, effective_from=row.effective_from, review_due=row.review_due, expires=row.expires,
                    today=now().date())


def name_of(row: ContentVersion) -> str:
    """Return how people call a version: ``closing-hcp/v1``."""
    return f"{row.item.key}/v{row.version}"


def _for_change(session: Session, actor: Actor, version_id: str, why: str) -> ContentVersion:
    require(actor, Permission.CONTENT_MANAGE)
    row = store.version(session, actor, version_id)
    if not why.strip():
        raise Refused("Say why.")
    return row


def _reason(why: str) -> Reason:
    return Reason(ReasonCode.OTHER.value, why.strip())


def _set_state(
    session: Session, actor: Actor, row: ContentVersion, state: ContentState, event: Event, reason: Reason
) -> None:
    """The one place where a version's state changes."""
    old, row.state = row.state, state
    session.flush()
    audit.record(session, actor, event, row, label=name_of(row), reason=reason,
                 changes={"state": (old.value, state.value)})
