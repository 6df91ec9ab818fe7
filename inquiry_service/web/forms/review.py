"""The form that returns a draft to its author."""

from __future__ import annotations

from wtforms import HiddenField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from inquiry_service.domain.vocabulary import ReturnReason
from inquiry_service.services.review import Seen
from inquiry_service.web.forms.strict import StrictForm


class ReturnForm(StrictForm):
    """Coded reason and comment (R80)."""

    version_id = HiddenField()
    digest = HiddenField()
    reason = SelectField("Reason", [InputRequired("Choose a reason from the list.")], choices=[
        SelectChoice("", "Choose a reason"), *(SelectChoice(reason.value, reason.label) for reason in ReturnReason)])
    comment = TextAreaField("What has to change", [InputRequired("Say what has to change."), Length(max=4000)],
                            description="The author reads it beside the text. It never appears in the letter.")

    @property
    def seen(self) -> Seen:
        """What the person had on screen."""
        return Seen(self.version_id.data or "", self.digest.data or "")

    @property
    def coded(self) -> ReturnReason | None:
        """The chosen reason."""
        return ReturnReason(self.reason.data) if self.reason.data in set(ReturnReason) else None
