"""Forms of a signed step: what was on screen, the reviewer's checklist, and the two components of a signature."""

from __future__ import annotations

from wtforms import HiddenField, PasswordField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from inquiry_service.services.review import CHECKLIST, Seen
from inquiry_service.services.signatures import Components
from inquiry_service.web.forms.strict import StrictForm


class StepForm(StrictForm):
    """Asks for the sign dialog of a step; says which version with which content was on screen."""

    version_id = HiddenField()
    digest = HiddenField()
    checklist = SelectMultipleField(
        "Checklist", choices=[SelectChoice(item, words) for item, words in CHECKLIST.items()],
        option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False))

    @property
    def seen(self) -> Seen:
        """What the person had on screen."""
        return Seen(self.version_id.data or "", self.digest.data or "")

    @property
    def answers(self) -> dict[str, bool]:
        """The checklist as the service takes it."""
        return {item: item in (self.checklist.data or ()) for item in CHECKLIST}


class SignForm(StepForm):
    """The sign dialog. Nothing is stripped from the password; managers may fill both (WCAG 3.3.8)."""

    ticket = HiddenField()
    email = StringField("User id", [InputRequired("Enter your user id.")])
    password = PasswordField("Password", [InputRequired("Enter your password.")])
    comment = TextAreaField("Comment, optional", [Length(max=2000)])

    @property
    def components(self) -> Components:
        """What was typed, with the ticket of the dialog."""
        return Components(self.ticket.data or "", self.email.data or "", self.password.data or "",
                          (self.comment.data or "").strip())
