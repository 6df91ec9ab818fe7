"""An inquiry on its way to an answer, for tests: everything through the services, up to the step a test is about.

The shipped labels and reviewed content are used, with the few records of the library that they cite.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, replace
from io import StringIO
from typing import Any

from sqlalchemy.orm import Session

from config import ROOT, Config
from inquiry_service.domain.actor import SYSTEM, Actor
from inquiry_service.domain.draft import citations_in
from inquiry_service.domain.vocabulary import (
    Action,
    Complexity,
    EvidenceVerdict,
    LabelStatus,
    Lane,
    OffLabelSubtype,
    ReturnReason,
    Role,
    ScreenAnswer,
    SolicitationSituation,
    Stance,
    Topic,
    Urgency,
    Verification,
)
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.models.responses import ResponseVersion
from inquiry_service.models.signatures import Signature
from inquiry_service.search.port import Facets, Filters, Generation, Hit, Query, SearchResult
from inquiry_service.services import (
    content,
    drafting,
    evidence,
    installation,
    label_files,
    literature,
    review,
    screening,
    triage,
)
from inquiry_service.services.drafting import DraftData
from inquiry_service.services.evidence import DecisionData
from inquiry_service.services.review import CHECKLIST, Seen
from inquiry_service.services.runtime import Runtime
from inquiry_service.services.screening import ContactScreen
from inquiry_service.services.signatures import Components
from inquiry_service.services.triage import ClassificationData
from inquiry_service.store import content as content_store
from inquiry_service.store import inquiries, people, products
from inquiry_service.store import literature as literature_store
from inquiry_service.store import responses as store
from tests import factories
from tests.factories import PASSWORD

PRODUCT = "sumatriptan-tablets"
OFF_LABEL, ON_LABEL = "sumatriptan-menstrual-prevention", "sumatriptan-dosing"
CONFIRMED: Mapping[str, bool] = dict.fromkeys(CHECKLIST, True)
SESSION = "a-session"
ORGANISATION = installation.OrganisationData(
    "Example Therapeutics", "1 Example Way, Exampletown", "+1 555 0110, questions@firm.example",
    "+1 555 0111, safety@firm.example")


@dataclass(frozen=True)
class Desk:
    """People, labels, reviewed content and a small library, and one inquiry that is being drafted."""

    runtime: Runtime
    inquiry_id: str
    intake: Actor
    author: Actor
    reviewer: Actor
    second: Actor
    owner: Actor

    def inquiry(self, session: Session, *, lock: bool = True) -> Inquiry:
        """Return the inquiry, locked as a view would have it."""
        return inquiries.get(session, SYSTEM, self.inquiry_id, lock=lock)

    def version(self, session: Session) -> ResponseVersion:
        """Return the latest version of the answer."""
        found = store.latest_version(session, self.inquiry_id)
        assert found is not None
        return found


@dataclass(frozen=True)
class FixedIndex:
    """A literature index that finds the given records, whatever is asked."""

    record_ids: tuple[str, ...]

    def search(self, query: Query) -> SearchResult:
        """Return the records as hits."""
        hits = tuple(Hit(record_id, 1, 1.0, "", "", ()) for record_id in self.record_ids)
        return SearchResult(hits, len(hits), True, query.text, (), Generation(1, len(hits), "0" * 64), Facets(), 0.0)


def open_desk(config: Config, *, key: str = OFF_LABEL, complexity: Complexity = Complexity.LEVEL_2) -> Desk:
    """Prepare a database up to the state drafting.

    Args:
        config: of the test, with its migrated database.
        key: the standard response that fits the question; decides whether the question leaves the label.
    """
    runtime = Runtime.open(config)
    with runtime.transaction() as session:
        installation.begin(session, demo=config.demo, organisation=ORGANISATION)
        label_files.load(session, SYSTEM, config.corpus_dir.parent / "labels")
        content.sync(session, SYSTEM, config.responses_dir)
        everyone = [replace(factories.actor(session, role), session_id=SESSION) for role in (
            Role.INTAKE_AGENT, Role.MI_SPECIALIST, Role.MEDICAL_REVIEWER, Role.MEDICAL_REVIEWER, Role.CONTENT_OWNER)]
        source = _content(session, key).source
    literature.import_file(runtime.sessions, everyone[4], "cited.csv", _records(citations_in(source)))
    with runtime.transaction() as session:
        inquiry_id = _recorded(session, runtime, everyone[0], everyone[1], key, complexity)
    desk = Desk(runtime, inquiry_id, *everyone)
    with runtime.transaction() as session:
        keep_cited(session, desk, source)
        drafting.begin(session, desk.author, desk.inquiry(session))
    return desk


def another(desk: Desk) -> Desk:
    """Record one more inquiry with the same people, up to the state drafting."""
    with desk.runtime.transaction() as session:
        inquiry_id = _recorded(session, desk.runtime, desk.intake, desk.author, OFF_LABEL, Complexity.LEVEL_2)
    more = replace(desk, inquiry_id=inquiry_id)
    with desk.runtime.transaction() as session:
        keep_cited(session, more, _content(session, OFF_LABEL).source)
        drafting.begin(session, desk.author, more.inquiry(session))
    return more


def _content(session: Session, key: str) -> Any:
    found = content_store.block(session, key)
    assert found is not None
    return found


def _records(keys: tuple[str, ...]) -> bytes:
    """Return those records of the starter library that are cited."""
    wanted = {key.removeprefix("pmid") for key in keys}
    out = StringIO()
    with (ROOT / "literature_index" / "corpus" / "triptans" / "records.csv").open(encoding="utf-8") as file:
        rows = csv.DictReader(file)
        writer = csv.DictWriter(out, list(rows.fieldnames or ()))
        writer.writeheader()
        writer.writerows(row for row in rows if row["pubmedID"] in wanted)
    return out.getvalue().encode()


def _recorded(
    session: Session, runtime: Runtime, intake: Actor, author: Actor, key: str, complexity: Complexity
) -> str:
    product = products.by_key(session, PRODUCT)
    assert product is not None
    label = products.current_label(session, product.id, "US")
    assert label is not None
    inquiry = factories.inquiry(session, intake, product, runtime.blobs, language="en-US",
                                questions=("Can I give sumatriptan around the period to prevent migraine?",))
    screening.screen_contact(session, intake, inquiry, inquiry.interactions[0].id,
                             ContactScreen(ScreenAnswer.NONE, ScreenAnswer.NONE, ScreenAnswer.NONE))
    screening.answer_solicitation(session, intake, inquiry, dict.fromkeys(SolicitationSituation, False))
    screening.finish(session, intake, inquiry)
    off_label = key == OFF_LABEL
    triage.classify(session, author, inquiry, inquiry.questions[0], ClassificationData(
        LabelStatus.OFF_LABEL if off_label else LabelStatus.ON_LABEL, "Section 1 and 2 of the label.", Lane.HCP,
        [Topic.EFFICACY if off_label else Topic.DOSING], "Sumatriptan tablets around menstruation",
        OffLabelSubtype.INDICATION if off_label else None, label.id))
    triage.set_level(session, author, inquiry, complexity, Urgency.STANDARD)
    triage.verify_requester(session, author, inquiry, inquiry.requester, Verification.VERIFIED, "Registry")
    triage.finish(session, author, inquiry)
    triage.assign(session, author, inquiry, author.user_id)
    return inquiry.id


def keep_cited(session: Session, desk: Desk, source: str) -> None:
    """Record a search and keep what the text cites: the pilot study in favour, everything else as mixed."""
    found = literature_store.by_citation(session, citations_in(source))
    ids = tuple(dict.fromkeys(row.id for row in found.values()))
    inquiry = desk.inquiry(session)
    evidence.record_search(session, FixedIndex(ids), desk.author, inquiry, "sumatriptan menstrual", Filters())
    for position, record_id in enumerate(ids):
        stance = Stance.MIXED if position else Stance.SUPPORTS
        evidence.decide(session, desk.author, inquiry, record_id, DecisionData(EvidenceVerdict.KEPT, stance))


def draft_data(session: Session, desk: Desk, *, key: str = OFF_LABEL, base: int = 0, **more: Any) -> DraftData:
    """Return a draft made from a standard response, changed as ``more`` says."""
    found = _content(session, key)
    title, source = drafting.start_from(found, desk.inquiry(session))
    known: dict[str, Any] = {
        "title": title, "source": source, "field_values": {}, "content_version_id": found.id, "base_version": base}
    return DraftData(**(known | more))


def save(desk: Desk, *, actor: Actor | None = None, **more: Any) -> str:
    """Save a version and commit it; return its id."""
    with desk.runtime.transaction() as session:
        data = draft_data(session, desk, **more)
        return drafting.save(session, actor or desk.author, desk.inquiry(session), data).id


def sign(
    desk: Desk, actor: Actor, action: Action, answers: Mapping[str, bool] = CONFIRMED, *, comment: str = ""
) -> Signature:
    """Take a signed step with the right components and commit it."""
    with desk.runtime.transaction() as session:
        version = desk.version(session)
        seen = Seen(version.id, version.digest)
        _, ticket = review.prepare(session, actor, desk.inquiry(session), action, seen, answers)
    with desk.runtime.transaction() as session:
        return review.sign_step(session, actor, desk.inquiry(session), action, seen, answers,
                                components(session, actor, ticket, comment=comment))


def components(session: Session, actor: Actor, ticket: str, **more: str) -> Components:
    """Return what the person would type: the own user id and the password of every test account."""
    user = people.by_id(session, actor.user_id)
    return Components(**({"ticket": ticket, "email": user.email, "password": PASSWORD} | more))


def edited(session: Session, key: str = OFF_LABEL) -> str:
    """Return the text of a standard response with a sentence of one's own: it is no longer unchanged (R79)."""
    return str(_content(session, key).source) + "\nNo study in men was found, and none in women after the menopause.\n"


def save_edited(desk: Desk, **more: Any) -> str:
    """Save a version that differs from its standard response."""
    with desk.runtime.reading() as session:
        source = edited(session)
    return save(desk, source=source, **more)


def approved(desk: Desk) -> Desk:
    """Bring an unchanged standard response through authorship and approval."""
    save(desk)
    sign(desk, desk.author, Action.SUBMIT)
    sign(desk, desk.reviewer, Action.APPROVE)
    return desk


def approved_by_two(desk: Desk) -> Desk:
    """Bring an edited off-label answer through authorship, review and second approval."""
    save_edited(desk)
    sign(desk, desk.author, Action.SUBMIT)
    sign(desk, desk.reviewer, Action.REQUEST_SECOND_REVIEW)
    sign(desk, desk.second, Action.APPROVE)
    return desk


def give_back(desk: Desk, *, actor: Actor | None = None, comment: str = "Give the number of patients.") -> None:
    """Return the latest version to its author and commit it."""
    with desk.runtime.transaction() as session:
        version = desk.version(session)
        review.give_back(session, actor or desk.reviewer, desk.inquiry(session), Seen(version.id, version.digest),
                         ReturnReason.INACCURATE, comment)
