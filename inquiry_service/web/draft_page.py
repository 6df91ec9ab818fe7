"""Gathering what the page of a draft shows: which of its modes, the form, the letter, the checks, the panes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import request
from markupsafe import Markup

from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import State
from inquiry_service.errors import InvalidInput, StaleVersion
from inquiry_service.rendering.diff import compare
from inquiry_service.services import drafting, preview, workflow
from inquiry_service.services.composition import asked_fields
from inquiry_service.services.preview import Preview
from inquiry_service.services.runtime import Session
from inquiry_service.store import content as content_store
from inquiry_service.store import evidence as evidence_store
from inquiry_service.store import inquiries
from inquiry_service.store import products as product_store
from inquiry_service.store import responses as store
from inquiry_service.web.evidence_panel import panel_of
from inquiry_service.web.forms.drafts import CUSTOM, DraftForm, draft_form, values_of
from inquiry_service.web.presenters import drafts as show
from inquiry_service.web.presenters.brief import brief_of
from inquiry_service.web.presenters.findings import Checks, checks_of, numbers_of, unreadable
from inquiry_service.web.presenters.paper import on_page

_LEFT_OUT = "<p>…</p>"


@dataclass(frozen=True)
class Sheet:
    """The letter as it will look with its checks; ``problem`` instead of it when the text cannot be read."""

    html: str
    checks: Checks
    numbers: dict[str, int]
    problem: str = ""


@dataclass(frozen=True)
class Desk:
    """One viewer at one inquiry's draft."""

    session: Session
    viewer: Actor
    inquiry: Any

    @cached_property
    def version(self) -> Any:
        """The latest version, None before the first."""
        return store.latest_version(self.session, self.inquiry.id)

    def content(self, content_id: str | None) -> Any:
        """Return reviewed content by id; None for a custom answer."""
        if not content_id or content_id == CUSTOM:
            return None
        return content_store.version(self.session, self.viewer, content_id)

    def posted(self) -> DraftForm:
        """Return the form as it was sent: its inputs are those of the content that it names."""
        asked = asked_fields(self.inquiry, self.content(request.form.get("content_version_id")))
        return draft_form(asked)()

    def saved(self) -> DraftForm:
        """Return the form on the latest version."""
        row = self.version
        asked = asked_fields(self.inquiry, row.content_version)
        return draft_form(asked)(formdata=None, data={
            "title": row.title, "source": row.source, "base_version": row.version,
            "content_version_id": row.content_version_id or "", **values_of(asked, row.field_values)})

    def started(self, content_id: str) -> DraftForm:
        """Return the form on a text that begins with reviewed content, or with an empty outline."""
        content, row = self.content(content_id), self.version
        title, source = drafting.start_from(content, self.inquiry)
        asked = asked_fields(self.inquiry, content)
        return draft_form(asked)(formdata=None, data={
            "title": title, "source": source, "base_version": row.version if row else 0,
            "content_version_id": content.id if content else "", **values_of(asked, row.field_values if row else {})})

    def sheet(self, form: DraftForm) -> Sheet:
        """Return the letter of what stands in the editor."""
        data = form.data_of()
        try:
            return self._sheet(preview.of_input(self.session, self.viewer, self.inquiry, data), data.source)
        except InvalidInput as error:
            return self._unreadable(error, data.source)

    def _unreadable(self, error: InvalidInput, source: str) -> Sheet:
        words = " ".join(error.fields.values()) or error.message
        lines, number = source.split("\n"), int(error.data.get("line") or 0)
        line = lines[number - 1].strip() if 0 < number <= len(lines) else ""
        return Sheet("", unreadable(words, self.inquiry.id, line), {}, words)

    def saved_sheet(self, version: Any) -> Sheet:
        """Return the letter of a saved version, proven to be what was saved."""
        return self._sheet(preview.of_version(self.session, self.inquiry, version), version.source)

    def _sheet(self, made: Preview, source: str) -> Sheet:
        checks = checks_of(made.findings, self.inquiry.id, source)
        return Sheet(on_page(made.html), checks, numbers_of(made.references))

    def mode(self) -> str:
        """Return which page it is: start, early, choose, edit, read or none."""
        if self.inquiry.state is State.ASSIGNED:
            return "start"
        has_version = self.version is not None
        if not show.may_write(self.inquiry, self.viewer):
            return "read" if has_version else "none"
        started = request.args.get("content", "") or request.form.get("base_version", "")
        return "choose" if "choose" in request.args or not (has_version or started) else "edit"

    def page(self, mode: str, form: DraftForm | None = None, sheet: Sheet | None = None, **more: Any) -> dict[str, Any]:
        """Return everything that the template shows."""
        session, inquiry = self.session, self.inquiry
        options = workflow.options(session, self.viewer, inquiry)
        label = product_store.current_label(session, inquiry.product_id, inquiry.market)
        versions = store.versions(session, inquiry.id)
        matches = content_store.effective(session, self.viewer, show.wanted(inquiry, label)) if mode == "choose" else []
        return {
            "mode": mode, "form": form, "sheet": sheet, "inquiry": self.brief(label),
            "buttons": show.buttons(options, inquiry.id), "start": show.start_button(options, inquiry.id),
            "versions": show.version_lines(versions), "latest": versions[-1] if versions else None,
            "comments": show.returned(store.decisions(session, inquiry.id), versions),
            "offers": show.offers(matches), "content": self._content_line(form),
            "evidence": self._evidence(sheet, mode == "edit"), **more,
        }

    def brief(self, label: Any) -> Any:
        """Return the left pane."""
        session, inquiry = self.session, self.inquiry
        return brief_of(inquiry, label, inquiries.safety_cases(session, [inquiry.id]),
                        inquiries.complaints(session, [inquiry.id]), self.viewer.user_id, now())

    def _content_line(self, form: DraftForm | None) -> dict[str, Any]:
        row = self.version
        behind = self.content(form.content_version_id.data) if form else row.content_version if row else None
        return show.content_line(behind)

    def _evidence(self, sheet: Sheet | None, insertable: bool) -> dict[str, Any]:
        decisions = evidence_store.decisions(self.session, self.inquiry.id)
        return panel_of(self.session, self.viewer, self.inquiry, decisions,
                        numbers=sheet.numbers if sheet else None, insertable=insertable)

    def conflict(self, form: DraftForm, refusal: StaleVersion) -> dict[str, Any]:
        """Return the difference between what was saved meanwhile and what was typed; the next save stands on it."""
        row = self.version
        found = compare(row.source, form.data_of().source)
        form.base_version.data = row.version
        # compare() escapes both texts and leaves only its own marks.
        return {"message": refusal.message, "version": row.version, "author": row.author_name,
                "saved_at": row.saved_at, "html": Markup(_changed_only(found.html)), "changes": found.changes}  # noqa: S704


def _changed_only(html: str) -> str:
    """Leave out what is the same in both texts: a long letter would hide the one word that differs."""
    shown: list[str] = []
    for paragraph in html.split("\n"):
        if "<ins>" in paragraph or "<del>" in paragraph:
            shown.append(paragraph)
        elif not shown or shown[-1] != _LEFT_OUT:
            shown.append(_LEFT_OUT)
    return "\n".join(shown)
