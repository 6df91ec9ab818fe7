"""What the pages of an inquiry share: loading it, saving a form on it, leading to other pages about it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from inquiry_service.errors import InvalidInput
from inquiry_service.store import inquiries
from inquiry_service.web.access import current_actor
from inquiry_service.web.forms.strict import StrictForm
from inquiry_service.web.session import SAFE_METHODS, db_session

UNPROCESSABLE = 422


def address_of(endpoint: str, **values: Any) -> str:
    """Return the address of a page, or an empty string when this installation has no such page."""
    return url_for(endpoint, **values) if endpoint in current_app.view_functions else ""


def loaded(inquiry_id: str) -> Any:
    """Return the inquiry as the viewer may see it; locked when the request may change it.

    Raises:
        NotFound: it does not exist, or not for this viewer.
    """
    return inquiries.get(
        db_session(), current_actor(), inquiry_id, lock=request.method not in SAFE_METHODS)


def saved(form: StrictForm, act: Callable[[], object]) -> bool:
    """Do ``act`` when the form is sent and valid; what the service refuses is shown beside the fields.

    Returns:
        Whether it was done; otherwise the form is to be shown (again), with status :func:`status_of`.
    """
    if not form.validate_on_submit():
        return False
    try:
        act()
    except InvalidInput as refusal:
        form.take_errors(refusal.fields or {"": refusal.message})
        return False
    return True


def status_of(form: StrictForm) -> int:
    """Return 200 for a form that is shown first, 422 for one that was refused."""
    return UNPROCESSABLE if form.is_submitted() else 200


def back_to(inquiry_id: str, words: str, *, anchor: str = "", tone: str = "success") -> ResponseReturnValue:
    """Say what was done and lead back to the inquiry."""
    flash(words, tone)
    return redirect(url_for("inquiries.show", inquiry_id=inquiry_id, _anchor=anchor or None), 303)
