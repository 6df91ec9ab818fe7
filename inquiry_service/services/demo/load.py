"""Loading the demonstration: once, into an empty installation in demo mode, through the product's own services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from inquiry_service.domain.actor import SYSTEM
from inquiry_service.domain.audit_entry import ObjectRef
from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.vocabulary import Action, ReasonCode
from inquiry_service.errors import ConfigurationError
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.services import audit, installation
from inquiry_service.services.demo import answer_steps, endings, ground, intake_steps
from inquiry_service.services.demo.script import ScriptedInquiry, read
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import inquiries as store
from inquiry_service.store import installation as installation_store

Report = Callable[[str], None]
Work = Callable[[], object]


@dataclass(frozen=True)
class _Loading:
    """What the steps share: the runtime, where progress goes, how background work is done meanwhile."""

    runtime: Runtime
    report: Report
    work: Work


def is_loaded(runtime: Runtime) -> bool:
    """Say whether this database holds a demonstration already."""
    with runtime.reading() as session:
        found = installation_store.installation(session)
        return found is not None and found.mode == installation.DEMO and bool(store.count(
            session, SYSTEM, store.Filters(states=())))


def load(runtime: Runtime, report: Report, work: Work) -> None:
    """Load the demonstration.

    Args:
        report: called with a line for each step.
        work: does the background work that is due (indexing, rendering, sending); called between steps.

    Raises:
        ConfigurationError: not in demo mode, or the database holds real data or a demonstration already.
    """
    if not runtime.config.demo:
        raise ConfigurationError("The demonstration is loaded in demo mode only: set EVENHAND_DEMO=1.")
    if is_loaded(runtime):
        raise ConfigurationError("This database holds a demonstration already; use an empty one to load it anew.")
    ground.lay(runtime, report)
    loading = _Loading(runtime, report, work)
    for scripted in read():
        report(f"inquiry: {scripted.key}")
        _inquiry(loading, scripted)
    with runtime.transaction() as session:
        audit.record(session, SYSTEM, Event.DEMO_LOADED, ObjectRef("installation", "1", label="the demonstration"))


def _inquiry(loading: _Loading, scripted: ScriptedInquiry) -> None:
    runtime = loading.runtime
    with runtime.transaction() as session:
        inquiry_id = intake_steps.record(session, runtime.blobs, scripted).id
    for stage, step in _STEPS:
        if not scripted.reaches(stage):
            break
        with runtime.transaction() as session:
            step(session, runtime, store.get(session, SYSTEM, inquiry_id, lock=True), scripted)
        if stage in ("ready", "sent"):
            loading.work()
    with runtime.transaction() as session:
        endings.take(session, runtime, store.get(session, SYSTEM, inquiry_id, lock=True), scripted)


def _screen(session: Session, _runtime: Runtime, inquiry: Inquiry, scripted: ScriptedInquiry) -> None:
    intake_steps.screen(session, inquiry, scripted)


def _triage(session: Session, _runtime: Runtime, inquiry: Inquiry, scripted: ScriptedInquiry) -> None:
    intake_steps.classify_and_triage(session, inquiry, scripted)


def _assign(session: Session, _runtime: Runtime, inquiry: Inquiry, scripted: ScriptedInquiry) -> None:
    intake_steps.assign(session, inquiry, scripted)


def _draft(session: Session, runtime: Runtime, inquiry: Inquiry, scripted: ScriptedInquiry) -> None:
    intake_steps.start_draft(session, inquiry, scripted)
    answer_steps.gather_evidence(session, runtime.index, inquiry, scripted)
    if scripted.content:
        answer_steps.write(session, inquiry, scripted)


def _submit(session: Session, _runtime: Runtime, inquiry: Inquiry, scripted: ScriptedInquiry) -> None:
    if not _released(scripted):
        answer_steps.sign(session, inquiry, scripted.assignee, Action.SUBMIT)


def _review(session: Session, _runtime: Runtime, inquiry: Inquiry, scripted: ScriptedInquiry) -> None:
    if any(question.get("lane") == "patient" for question in scripted.questions):
        answer_steps.sign(session, inquiry, "reviewer", Action.REQUEST_SECOND_REVIEW)


def _approve(session: Session, _runtime: Runtime, inquiry: Inquiry, scripted: ScriptedInquiry) -> None:
    if _released(scripted):
        answer_steps.sign(session, inquiry, scripted.assignee, Action.RELEASE)
    else:
        answer_steps.sign(session, inquiry, "reviewer", Action.APPROVE)


def _send(session: Session, _runtime: Runtime, inquiry: Inquiry, _scripted: ScriptedInquiry) -> None:
    answer_steps.send(session, inquiry)


def _close(session: Session, _runtime: Runtime, inquiry: Inquiry, _scripted: ScriptedInquiry) -> None:
    answer_steps.step(
        session, inquiry, "mi", Action.CLOSE, ReasonCode.ANSWERED, "Letter received; no further question.")


def _released(scripted: ScriptedInquiry) -> bool:
    """The fast path: an unchanged standard response to a level 1 question (R79)."""
    return scripted.level == "1" and scripted.reaches("ready")


_STEPS = (
    ("screened", _screen), ("triaged", _triage), ("assigned", _assign), ("drafting", _draft), ("in_review", _submit),
    ("second_review", _review), ("ready", _approve), ("sent", _send), ("closed", _close),
)
