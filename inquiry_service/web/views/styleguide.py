"""Every part of the interface on one page; only a demonstration has it."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from inquiry_service.domain.permissions import Permission
from inquiry_service.web.access import requires
from inquiry_service.web.forms.admin import NewAccountForm

blueprint = Blueprint("styleguide", __name__, url_prefix="/styleguide")


@requires(Permission.ACCOUNT_OWN)
def show() -> ResponseReturnValue:
    """Show the style guide with a form that was filled in wrongly."""
    form = NewAccountForm(formdata=MultiDict({"email": "someone", "printed_name": ""}))
    form.validate()
    return render_template("styleguide.html", sample_form=form)


blueprint.add_url_rule("", view_func=show)
