"""What the page of one record shows, gathered from the stores, and the small pages that change one thing of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from inquiry_service.services import literature_rights, literature_standing
from inquiry_service.services.literature_fields import EVIDENCE
from inquiry_service.services.literature_records import BY_HAND
from inquiry_service.services.runtime import Session
from inquiry_service.store import evidence as evidence_store
from inquiry_service.store import literature as store
from inquiry_service.store import literature_holdings as holdings
from inquiry_service.store import literature_notices as notices
from inquiry_service.store import products as product_store
from inquiry_service.store.literature_pairs import merged_into
from inquiry_service.web.access import current_actor
from inquiry_service.web.forms.literature_records import EvidenceForm, OwnSourceForm
from inquiry_service.web.identity_page import identity_of
from inquiry_service.web.presenters import literature_record as presenter
from inquiry_service.web.session import db_session


@dataclass(frozen=True)
class Act:
    """A page that asks for one change: title, what it means, the word on its button."""

    title: str
    text: str
    submit: str
    kind: str = "primary"
    enctype: str = ""


def act_page(act: Act, form: Any, fields: tuple[str, ...], back: str, row: Any) -> ResponseReturnValue:
    """Return the page of an act, with status 422 after a refused form."""
    body = render_template(
        "literature/act.html", act=act, form=form, fields=fields, back=back, record=presenter.heading(row))
    return body, 422 if form.is_submitted() else 200


def number_of(text: str | None) -> int:
    """Return the version that a form was made from; 0, which no record has, for anything else."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 9 else 0


def description_form(session: Session, row: Any) -> EvidenceForm:
    """Return the form with what the record says now: all fields of a source that was entered by hand."""
    held = {name: getattr(row, name) for name in EVIDENCE} | {
        "version": row.version, "keywords": "\n".join(row.keywords)}
    own = row.source == BY_HAND
    if own:
        held |= {name: getattr(row, name) for name in ("kind", "title", "journal", "issue", "year", "abstract")}
        held |= {"authors": presenter.author_text(row), "doi": row.doi or "", "pmid": row.pmid or ""}
    form = (OwnSourceForm if own else EvidenceForm)(data=held)
    form.offer(product_store.products(session))
    return form


def shown(record_id: str) -> dict[str, Any]:
    """Return everything that the page of one record shows.

    Raises:
        NotFound: there is no such record, or not for the viewer.
    """
    session, actor = db_session(), current_actor()
    row = store.record(session, record_id, actor)
    links = notices.links_of(session, [record_id])
    lines = notices.listed(session, pmids=[row.pmid] if row.pmid else [], dois=[row.doi] if row.doi else [])
    versions = store.versions(session, record_id)
    former = [one.id for one in merged_into(session, record_id)]
    found = presenter.Found(
        row=row, versions=versions, links=links,
        others={key: other for key, other in store.records(
            session, {end for link in links for end in (link.from_id, link.to_id) if end}).items()
            if store.may_see(actor, other)},
        listed=[f"{line.nature}: {literature_standing.list_words(line)}" for line in lines],
        letters=evidence_store.letters_citing(session, actor, [record_id, *former]),
        verdicts=evidence_store.verdicts_on(session, record_id), products=product_store.products(session),
        rights=holdings.rights_of(session, record_id), files=holdings.files_of(session, record_id),
        proposed=literature_rights.proposed(literature_rights.other_of(versions[0].content)) if versions else None,
        lists=notices.lists(session))
    return presenter.page(found) | {"identity": identity_of(session, actor, row)}
