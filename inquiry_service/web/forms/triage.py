"""Forms of triage: classification, level, asking back, redirecting, assigning."""

from __future__ import annotations

from typing import Any

from wtforms import DateField, RadioField, SelectField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from inquiry_service.domain.audit_entry import Reason
from inquiry_service.domain.vocabulary import (
    Channel,
    Complexity,
    LabelStatus,
    Lane,
    OffLabelSubtype,
    ReasonCode,
    Topic,
    Urgency,
)
from inquiry_service.services.triage import TOPICS_ABOUT_A_PATIENT, ClassificationData
from inquiry_service.web.forms.choices import terms, zones
from inquiry_service.web.forms.intake import END_OF_DAY, as_typed
from inquiry_service.web.forms.moments import moment_in
from inquiry_service.web.forms.screening import text, ticks
from inquiry_service.web.forms.strict import StrictForm

_ASKED = [SelectChoice("yes", "Yes, and it is on the safety screen"),
          SelectChoice("none", "Asked: there is no actual patient"), SelectChoice("unknown", "Asked: not known yet")]


class ClassifyForm(StrictForm):
    """One question against the label of one market (R16-R22)."""

    label_status = RadioField(
        "Against the label", [InputRequired("Choose how the question stands to the label.")],
        choices=terms(LabelStatus), description="In doubt, off-label: undecided is treated as off-label.")
    off_label_subtype = SelectField(
        "In which respect it leaves the label", [Optional()], choices=terms(OffLabelSubtype, "Choose"), default="")
    label_version_id = SelectField("Label version looked at", [Optional()], choices=[], default="")
    rationale = text("Rationale", "The words of the label on which this rests.",
                     InputRequired("Say on which words of the label this rests."))
    restated = text("Question restated", "One neutral sentence; it becomes the title of the letter.",
                    InputRequired("Restate the question in one sentence."))
    topics = ticks("Topics", terms(Topic))
    patient_asked = RadioField(
        "Is there an actual patient?", [Optional()], choices=_ASKED,
        description="For pregnancy and overdose: the question itself may be the sign of an event, so ask back.")
    lane = RadioField("For whom the answer is written", [InputRequired("Choose the lane.")], choices=terms(Lane))
    reason_text = text("Why the classification changes", "Kept on record with the change.")

    def offer(self, labels: list[tuple[str, str]]) -> None:
        """Fill the list of label versions: id and words of each."""
        self.label_version_id.choices = [SelectChoice("", "None"), *(SelectChoice(*label) for label in labels)]

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, and that one asked back where the topic calls for it (R38)."""
        valid: bool = super().validate(extra_validators)
        topics = {Topic(value) for value in self.topics.data or ()}
        if topics & TOPICS_ABOUT_A_PATIENT and not self.patient_asked.data:
            self.patient_asked.errors = ["Ask whether there is an actual patient, and say what came of it."]
            return False
        return valid

    def classification(self) -> ClassificationData:
        """Return the classification, as the service takes it."""
        subtype = self.off_label_subtype.data
        status = LabelStatus(self.label_status.data)
        why = as_typed(self.reason_text.data).strip()
        return ClassificationData(
            label_status=status, rationale=as_typed(self.rationale.data).strip(), lane=Lane(self.lane.data),
            topics=[Topic(value) for value in self.topics.data or ()], restated=as_typed(self.restated.data).strip(),
            off_label_subtype=OffLabelSubtype(subtype) if subtype and status is LabelStatus.OFF_LABEL else None,
            label_version_id=self.label_version_id.data or None,
            reason=Reason(ReasonCode.RECLASSIFIED.value, why) if why else None,
            patient_asked=self.patient_asked.data or None,
        )


class LevelForm(StrictForm):
    """Complexity and priority; the due date follows (R21, R103)."""

    complexity = RadioField("Level", [InputRequired("Choose the level.")], choices=terms(Complexity))
    urgency = RadioField("Priority", [InputRequired("Choose the priority.")], choices=terms(Urgency))
    deadline_on = DateField("Requester needs it by", [Optional()], description="Only when they named a day.")
    deadline_time = TimeField("At", [Optional()], description="17:00 when empty.")
    zone = SelectField("Time zone", choices=zones, default="UTC")

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, and that the deadline names a moment."""
        valid: bool = super().validate(extra_validators)
        try:
            self.deadline()
        except ValueError as problem:
            self.deadline_on.errors = [str(problem)]
            return False
        return valid

    def level(self) -> Complexity:
        """Return the level chosen."""
        return Complexity(self.complexity.data)

    def priority(self) -> Urgency:
        """Return the priority chosen."""
        return Urgency(self.urgency.data)

    def deadline(self) -> Any:
        """Return the moment by which the requester needs the answer, if one was named."""
        day = self.deadline_on.data
        return moment_in(day, self.deadline_time.data or END_OF_DAY, self.zone.data) if day else None


class ReasonForm(StrictForm):
    """A step that asks for a coded reason and words (R23); the view fills the list from the workflow."""

    reason = RadioField("Reason", [InputRequired("Choose a reason.")], choices=[])
    reason_text = text("In your own words", "Kept on record with the step.", InputRequired("Say in a few words why."))

    def offer(self, reasons: tuple[ReasonCode, ...]) -> None:
        """Fill the list; a single reason is chosen already."""
        self.reason.choices = terms(reasons)
        if len(reasons) == 1 and not self.is_submitted():
            self.reason.data = reasons[0].value

    def chosen(self) -> Reason:
        """Return what was chosen and written."""
        return Reason(self.reason.data, as_typed(self.reason_text.data).strip())


class AskForm(ReasonForm):
    """Asking the requester back: the attempt and why."""

    channel = SelectField("How you asked", [InputRequired("Choose how you asked.")], choices=terms(Channel, "Choose"))
    note = text("What you asked, and what came of it", "", InputRequired("Say what was tried and what came of it."))

    def way(self) -> Channel:
        """Return how the requester was asked."""
        return Channel(self.channel.data)


class AttemptForm(StrictForm):
    """One more try to reach the requester."""

    channel = SelectField("How", [InputRequired("Choose how you tried.")], choices=terms(Channel, "Choose"))
    note = text("What was tried, and what came of it", "", InputRequired("Say what was tried and what came of it."))


class AssignForm(StrictForm):
    """Who writes the answer."""

    assignee = RadioField("Who writes the answer", [InputRequired("Choose who writes the answer.")], choices=[])

    def offer(self, people: list[tuple[str, str]]) -> None:
        """Fill the list: id and name of each."""
        self.assignee.choices = [SelectChoice(*person) for person in people]
