"""Forms of the draft page."""

from __future__ import annotations

from flask import request
from wtforms import HiddenField, IntegerField, StringField, TextAreaField
from wtforms.validators import InputRequired, NumberRange

from inquiry_service.services.drafting import DraftData
from inquiry_service.web.forms.strict import StrictForm

FIELD_PREFIX = "field:"
"""Inputs of merge fields are named ``field:NAME``: their names come from the reviewed content."""


class DraftForm(StrictForm):
    """The editor: title, source, the version it was opened on."""

    title = StringField("Title of the letter", [InputRequired("Give the letter a title.")])
    source = TextAreaField("Text")
    base_version = IntegerField("Version", [NumberRange(min=0)], default=0)
    content_version_id = HiddenField()
    change_note = StringField("What changed")

    @classmethod
    def free_names(cls) -> tuple[str, ...]:
        """Merge fields are the only inputs beyond the declared ones."""
        return (FIELD_PREFIX,)

    def data_of(self) -> DraftData:
        """Return what was typed, as the service takes it; line ends as Markdown has them."""
        values = {
            name.removeprefix(FIELD_PREFIX): value.strip()
            for name, value in request.form.items() if name.startswith(FIELD_PREFIX)
        }
        return DraftData(
            title=self.title.data or "", source=(self.source.data or "").replace("\r\n", "\n"),
            field_values=values, content_version_id=self.content_version_id.data or None,
            base_version=self.base_version.data or 0, change_note=self.change_note.data or "",
        )
