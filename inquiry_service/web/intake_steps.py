"""What the staff's and the field's form do alike with a request: keep files, change rows, save or come back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from inquiry_service.errors import InvalidInput
from inquiry_service.services.attachments import Upload
from inquiry_service.store import products
from inquiry_service.web import kept_sources
from inquiry_service.web.access import current_actor
from inquiry_service.web.forms.intake import IntakeForm
from inquiry_service.web.kept_sources import KeptFile
from inquiry_service.web.session import db_session, runtime

Save = Callable[[tuple[Upload, ...]], Any]


@dataclass(frozen=True)
class Outcome:
    """What became of a request.

    Attributes:
        inquiry: the recorded inquiry; None when the form is shown (again).
        status: of the page that shows the form.
        kept: files that came with this or an earlier attempt.
    """

    inquiry: Any
    status: int
    kept: Sequence[KeptFile]


def handle(form: IntakeForm, save: Save) -> Outcome:
    """Do what the pressed button says; whatever happens, the form still holds all that was typed.

    Args:
        form: with the request's data.
        save: records the inquiry with these files; called only when the form is valid.
    """
    form.offer([(row.id, _words(row)) for row in products.products(db_session())])
    if not form.is_submitted():
        return Outcome(None, 200, ())
    kept, problems = _files(form)
    form.kept.data = kept_sources.sealed(kept, current_actor().user_id)
    if form.change_rows():
        form.source.errors = problems
        return Outcome(None, 200, kept)
    inquiry = _saved(form, save, kept, problems)
    return Outcome(inquiry, 422, kept)


def _saved(form: IntakeForm, save: Save, kept: Sequence[KeptFile], problems: Sequence[str]) -> Any:
    valid = form.validate()
    if problems:
        form.source.errors = [*form.source.errors, *problems]
    if not valid or problems:
        return None
    try:
        return save(kept_sources.uploads(kept, runtime().blobs))
    except InvalidInput as refusal:
        form.take_errors(refusal.fields)
        return None


def _files(form: IntakeForm) -> tuple[list[KeptFile], list[str]]:
    before = kept_sources.opened(form.kept.data, current_actor().user_id)
    act, _, number = (form.act.data or "").partition("-")
    if act == "drop" and number.isdigit():
        before = [file for position, file in enumerate(before) if position != int(number)]
    new, problems = kept_sources.keep(form.source.data or (), runtime().blobs)
    known = {file.sha256 for file in before}
    return [*before, *(file for file in new if file.sha256 not in known)], problems


def _words(product: Any) -> str:
    forms = f", {product.forms}" if product.forms else ""
    return f"{product.name} ({product.generic_name}{forms}){'' if product.own else ': other company'}"
