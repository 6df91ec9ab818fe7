"""Forms about a letter that is to be sent, is on its way, or came back."""

from __future__ import annotations

from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from inquiry_service.domain.vocabulary import ReasonCode
from inquiry_service.web.forms.strict import StrictForm

_AGAIN = (ReasonCode.ADDRESS_CORRECTED, ReasonCode.OTHER)


class SendForm(StrictForm):
    """The confirmation: names the document that was read back, so that no other one can leave."""

    sha256 = HiddenField()


class AgainForm(StrictForm):
    """Prepare a failed letter for another attempt."""

    reason = SelectField("Reason", [InputRequired("Choose a reason from the list.")], choices=[
        SelectChoice("", "Choose a reason"), *(SelectChoice(reason.value, reason.label) for reason in _AGAIN)])
    words = TextAreaField("In a few words", [InputRequired("Say in a few words why."), Length(max=2000)])

    @property
    def coded(self) -> ReasonCode | None:
        """The chosen reason."""
        return ReasonCode(self.reason.data) if self.reason.data in set(ReasonCode) else None


class BounceForm(StrictForm):
    """Record that a sent letter came back."""

    words = TextAreaField("What came back", [InputRequired("Say what came back."), Length(max=2000)],
                          description="For example the words of the other mail server.")


class ResolveForm(StrictForm):
    """Say what became of a delivery that nobody could confirm."""

    arrived = RadioField("Did the letter arrive?", [InputRequired("Choose one.")], choices=[
        SelectChoice("yes", "Yes, it arrived"), SelectChoice("no", "No, it did not arrive")])
    words = TextAreaField("How do you know?", [InputRequired("Say how you know."), Length(max=2000)])
