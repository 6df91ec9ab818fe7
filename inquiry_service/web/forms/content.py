"""Forms that take reviewed content or a label out of use."""

from __future__ import annotations

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from inquiry_service.web.forms.strict import StrictForm


def _why(element: str) -> TextAreaField:
    """Return the field; ``element`` is its id in a page that shows two such forms."""
    return TextAreaField(
        "Reason", [DataRequired("Say why; the reason is shown with the text and kept on record."), Length(max=1000)],
        description="Everybody who opens the text reads it.", id=element,
    )


class SuspendForm(StrictForm):
    """Take a version out of use for the time being."""

    reason = _why("suspend-reason")


class RetireForm(StrictForm):
    """Take a version out of use for good."""

    reason = _why("retire-reason")
