"""One inquiry from the first contact to the sent letter, step by step, through the product's services.

It is the demonstration's inquiry ``children-sent``: a physician's off-label question with an adverse event
in it, four studies that disagree, a standard response, two signatures. Each step is a transaction of its
own, as it is when people take it on a page.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from benchmarks.stopwatch import Stopwatch
from inquiry_service.domain.actor import SYSTEM, Actor
from inquiry_service.domain.draft import citations_in
from inquiry_service.domain.vocabulary import Action, EvidenceVerdict
from inquiry_service.errors import ConfigurationError
from inquiry_service.jobs.handlers import HANDLERS, Tools
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.search.port import Filters
from inquiry_service.services import audit_verify, documents, evidence, jobs, preview
from inquiry_service.services.demo import answer_steps, ground, intake_steps, people
from inquiry_service.services.demo.script import ScriptedInquiry, read
from inquiry_service.services.evidence import DecisionData
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import content as content_store
from inquiry_service.store import inquiries, responses
from inquiry_service.store import installation as installation_store
from inquiry_service.store import literature as library

INQUIRY = "children-sent"


def furnish(runtime: Runtime) -> None:
    """Set an empty database up: company, accounts, labels, reviewed content, library, index.

    Raises:
        ConfigurationError: the database is not empty.
    """
    with runtime.reading() as session:
        if installation_store.installation(session) is not None:
            raise ConfigurationError("The benchmark needs an empty database; this one is in use.")
    ground.lay(runtime, lambda _words: None)


def scripted() -> ScriptedInquiry:
    """Return the inquiry as the demonstration tells it."""
    return next(entry for entry in read() if entry.key == INQUIRY)


@dataclass(frozen=True)
class Road:
    """The way of one inquiry; ``tools`` keeps the renderer warm, as the worker does."""

    runtime: Runtime
    tools: Tools
    scripted: ScriptedInquiry

    def walk(self, watch: Stopwatch) -> str:
        """Take a new inquiry all the way, measured phase by phase; return its id."""
        runtime, script = self.runtime, self.scripted
        with watch.phase("intake"), runtime.transaction() as session:
            inquiry_id = intake_steps.record(session, runtime.blobs, script).id
        with watch.phase("screening"), self._step(inquiry_id) as (session, inquiry):
            intake_steps.screen(session, inquiry, script)
        with watch.phase("triage"):
            with self._step(inquiry_id) as (session, inquiry):
                intake_steps.classify_and_triage(session, inquiry, script)
            with self._step(inquiry_id) as (session, inquiry):
                intake_steps.assign(session, inquiry, script)
        self._answer(watch, inquiry_id)
        self._release(watch, inquiry_id)
        with watch.phase("audit verify"):
            audit_verify.verify_and_record(runtime.sessions, self._actor("auditor"))
        return inquiry_id

    def _answer(self, watch: Stopwatch, inquiry_id: str) -> None:
        script = self.scripted
        with watch.phase("search"), self._step(inquiry_id) as (session, inquiry):
            person = people.actor(session, script.assignee)
            evidence.record_search(session, self.runtime.index, person, inquiry, script.query, Filters())
        with watch.phase("evidence"):
            for key in self._cited():
                with self._step(inquiry_id) as (session, inquiry):
                    self._keep(session, inquiry, key)
        with watch.phase("draft and gate"):
            with self._step(inquiry_id) as (session, inquiry):
                intake_steps.start_draft(session, inquiry, script)
            with self._step(inquiry_id) as (session, inquiry):
                answer_steps.write(session, inquiry, script)
            with self.runtime.reading() as session:
                self._look(session, inquiry_id)

    def _release(self, watch: Stopwatch, inquiry_id: str) -> None:
        with watch.phase("sign"):
            with self._step(inquiry_id) as (session, inquiry):
                answer_steps.sign(session, inquiry, self.scripted.assignee, Action.SUBMIT)
            with self._step(inquiry_id) as (session, inquiry):
                answer_steps.sign(session, inquiry, "reviewer", Action.APPROVE)
        with watch.phase("render"):
            self.work()
        with watch.phase("verify"), self.runtime.transaction() as session:
            number = inquiries.get(session, SYSTEM, inquiry_id).number
            reader = people.actor(session, "mi2")
            found = responses.document_by_number(session, reader, number)
            documents.download(session, self.runtime.blobs, reader, found.id)
        with watch.phase("send"):
            with self._step(inquiry_id) as (session, inquiry):
                answer_steps.send(session, inquiry)
            self.work()

    def work(self) -> None:
        """Do the background work that is due, as the worker does it."""
        while True:
            with self.runtime.transaction() as session:
                held = jobs.claim(session)
            if held is None:
                return
            HANDLERS[held.kind](self.tools, held.payload)
            with self.runtime.transaction() as session:
                jobs.complete(session, held)

    @contextmanager
    def _step(self, inquiry_id: str) -> Iterator[tuple[Session, Inquiry]]:
        with self.runtime.transaction() as session:
            yield session, inquiries.get(session, SYSTEM, inquiry_id, lock=True)

    def _actor(self, name: str) -> Actor:
        with self.runtime.reading() as session:
            return people.actor(session, name)

    def _cited(self) -> tuple[str, ...]:
        with self.runtime.reading() as session:
            found = content_store.block(session, self.scripted.content)
        if found is None:
            raise LookupError(f"there is no reviewed content {self.scripted.content}")
        return tuple(dict.fromkeys(citations_in(found.source)))

    def _keep(self, session: Session, inquiry: Inquiry, key: str) -> None:
        stance = self.scripted.stance_of(key.removeprefix("pmid"))
        for record in library.by_citation(session, [key]).values():
            evidence.decide(session, people.actor(session, self.scripted.assignee), inquiry, record.id,
                            DecisionData(EvidenceVerdict.KEPT, stance))

    @staticmethod
    def _look(session: Session, inquiry_id: str) -> None:
        """What the author sees after saving: the letter on the screen and the findings on it."""
        version = responses.latest_version(session, inquiry_id)
        if version is None:
            raise LookupError("the draft was not saved")
        preview.of_version(session, inquiries.get(session, SYSTEM, inquiry_id), version)
