"""Forms of the Compliance hold: the finding, and the signature under it."""

from __future__ import annotations

from wtforms import EmailField, HiddenField, PasswordField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from inquiry_service.services.hold import LONGEST_FINDING, Decision, Finding
from inquiry_service.web.forms.strict import StrictForm

_DECISIONS = [SelectChoice(Decision.RELEASE.value, "Unsolicited: release it to triage"),
              SelectChoice(Decision.CLOSE.value, "Solicited: close it without an answer")]


class FindingForm(StrictForm):
    """What Compliance found, and what follows."""

    decision = RadioField("Decision", [InputRequired("Decide.")], choices=_DECISIONS)
    finding = TextAreaField(
        "Finding", [InputRequired("Say what you looked at and found."), Length(max=LONGEST_FINDING)],
        description="What was looked at, who was asked, what follows. It is signed and kept with the inquiry.")

    def said(self) -> Finding:
        """Return the finding."""
        return Finding(Decision(self.decision.data), self.finding.data or "")


class SignFindingForm(StrictForm):
    """Both components, typed at every signing (R72); the finding comes along unchanged."""

    decision = HiddenField(validators=[InputRequired()])
    finding = HiddenField(validators=[InputRequired()])
    ticket = HiddenField(validators=[InputRequired()])
    email = EmailField("User id (e-mail address)", [InputRequired("Enter your user id.")])
    password = PasswordField("Password", [InputRequired("Enter your password.")])
