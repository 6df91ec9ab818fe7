"""Gathering what the review room shows: one version beside its base, its references, checks, signatures, steps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request

from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.signing import short
from inquiry_service.domain.vocabulary import ReturnReason
from inquiry_service.services import preview, record_changes, workflow
from inquiry_service.services.comparison import compare_version
from inquiry_service.services.review import CHECKLIST
from inquiry_service.services.runtime import Session
from inquiry_service.store import evidence as evidence_store
from inquiry_service.store import inquiries, literature
from inquiry_service.store import products as product_store
from inquiry_service.store import responses as store
from inquiry_service.web.forms.signing import StepForm
from inquiry_service.web.presenters import drafts, reviews
from inquiry_service.web.presenters.brief import brief_of
from inquiry_service.web.presenters.diffs import blocks_of
from inquiry_service.web.presenters.findings import checks_of
from inquiry_service.web.presenters.paper import on_page

INLINE, SIDE, FINAL = "inline", "side", "final"
VIEWS = ((INLINE, "Inline"), (SIDE, "Side by side"), (FINAL, "Final"))


@dataclass(frozen=True)
class Room:
    """One viewer before one version."""

    session: Session
    viewer: Actor
    version: Any
    inquiry: Any

    @classmethod
    def enter(cls, session: Session, viewer: Actor, version_id: str) -> Room:
        """Open the room of a version.

        Raises:
            NotFound: it does not exist, or not for this viewer.
        """
        version = store.version(session, viewer, version_id)
        return cls(session, viewer, version, inquiries.get(session, viewer, version.response.inquiry_id))

    @property
    def latest(self) -> Any:
        """The newest version of the same answer."""
        return store.latest_version(self.session, self.inquiry.id)

    def page(self, form: StepForm | None = None, **more: Any) -> dict[str, Any]:
        """Return everything that the template shows; ``form`` keeps the ticks of a refused step."""
        session, version, inquiry = self.session, self.version, self.inquiry
        made = preview.of_version(session, inquiry, version)
        compared = compare_version(session, inquiry, version, request.args.get("against", ""))
        rows = version.snapshot["references"]
        latest = self.latest
        shown = request.args.get("view", INLINE)
        return {
            "inquiry": self._brief(), "version": version, "latest": latest, "digest": short(version.digest),
            "compared": compared, "view": shown if shown in dict(VIEWS) else INLINE, "views": VIEWS,
            "blocks": blocks_of(compared, reviews.numbers(rows)),
            "letter": on_page(made.html), "checks": checks_of(made.findings, inquiry.id),
            "references": reviews.references(
                rows, literature.records(session, [row["record_id"] for row in rows]),
                evidence_store.decisions(session, inquiry.id),
                changes=record_changes.of_references(session, rows), viewer=self.viewer),
            "signatures": reviews.signed(store.signatures_of(session, store.SIGNED_VERSION, version.id)),
            "comments": drafts.returned(store.decisions(session, inquiry.id), store.versions(session, inquiry.id)),
            "checklist": CHECKLIST, "return_reasons": [(reason.value, reason.label) for reason in ReturnReason],
            "form": form or StepForm(formdata=None), **self._steps(latest), **more,
        }

    def _steps(self, latest: Any) -> dict[str, Any]:
        """Only the newest version can be decided on."""
        if latest.id != self.version.id:
            return {"decide": None, "give_back": None, "by_two": False}
        options = workflow.options(self.session, self.viewer, self.inquiry)
        decide = reviews.decision_button(options, self.inquiry.id)
        return {"decide": decide, "give_back": reviews.return_button(options, self.inquiry.id),
                "by_two": decide is not None and decide.action.value == "request_second_review"}

    def _brief(self) -> Any:
        session, inquiry = self.session, self.inquiry
        label = product_store.current_label(session, inquiry.product_id, inquiry.market)
        return brief_of(inquiry, label, inquiries.safety_cases(session, [inquiry.id]),
                        inquiries.complaints(session, [inquiry.id]), self.viewer.user_id, now())
