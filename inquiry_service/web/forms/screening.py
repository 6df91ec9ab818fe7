"""Forms of screening: one contact, the eight situations, confirmation, a later message, a correction."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms import (
    BooleanField,
    DateField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from inquiry_service.domain.vocabulary import (
    Channel,
    Forum,
    ScreenAnswer,
    Seriousness,
    SolicitationSituation,
    SpecialSituation,
)
from inquiry_service.services.attachments import Upload
from inquiry_service.services.contacts import ContactData
from inquiry_service.services.safety import CaseData, ComplaintData
from inquiry_service.services.screening import ContactScreen
from inquiry_service.web.forms.choices import countries, terms, zones
from inquiry_service.web.forms.intake import as_typed
from inquiry_service.web.forms.moments import moment_in
from inquiry_service.web.forms.strict import StrictForm

LONGEST_LINE, LONGEST_TEXT = 200, 20_000
NO_NAMES = "A code, age and sex; never a name, initials or address."


def line(label: str, hint: str = "", *validators: Any) -> StringField:
    """Return a one-line field that fits its column."""
    return StringField(label, [*validators, Length(max=LONGEST_LINE)], description=hint)


def text(label: str, hint: str = "", *validators: Any) -> TextAreaField:
    """Return a field for several lines."""
    return TextAreaField(label, [*validators, Length(max=LONGEST_TEXT)], description=hint)


def ticks(label: str, choices: list[SelectChoice], hint: str = "") -> SelectMultipleField:
    """Return a group of tick boxes."""
    return SelectMultipleField(
        label, choices=choices, description=hint, option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False))


class CaseFields(StrictForm):
    """The four criteria of a safety record (R36) and the special situations (R37)."""

    special_situations = ticks("Special situations", terms(SpecialSituation), "Also without any reaction.")
    reaction = text("Reaction, in the reporter's own words")
    seriousness = ticks("Seriousness", terms(Seriousness), "Tick what was reported; leave open what was not.")
    patient_code = line("Patient code", NO_NAMES)
    patient_facts = line("Patient", "For example: woman, 34, migraine.")
    suspect_product = line("Suspect product", "Empty means the product of the inquiry.")
    reporter_qualification = line("Reporter's qualification", "Empty means consumer.")
    reporter_country = SelectField("Reporter's country", choices=countries("Country of receipt"), default="")

    def case_data(self, *, is_adverse_event: bool) -> CaseData:
        """Return what is known of the case; whatever is not stays empty (R35)."""
        return CaseData(
            is_adverse_event=is_adverse_event,
            special_situations=tuple(SpecialSituation(value) for value in self.special_situations.data or ()),
            reporter_qualification=(self.reporter_qualification.data or "").strip(),
            reporter_country=self.reporter_country.data or "",
            patient_code=(self.patient_code.data or "").strip(),
            patient_facts=(self.patient_facts.data or "").strip(),
            suspect_product=(self.suspect_product.data or "").strip(),
            reaction=as_typed(self.reaction.data).strip(), seriousness=tuple(self.seriousness.data or ()),
        )


class ComplaintFields(StrictForm):
    """A complaint as it was made (R44)."""

    product_and_strength = line("Product and strength")
    nature = text("What is wrong with it, in the complainant's own words")
    lot = line("Lot")
    expiry = line("Expiry date on the pack")
    sample_available = BooleanField("A sample can be sent in")

    def complaint_data(self) -> ComplaintData:
        """Return what is known of the complaint."""
        return ComplaintData(
            product_and_strength=(self.product_and_strength.data or "").strip(),
            nature=as_typed(self.nature.data).strip(), lot=(self.lot.data or "").strip(),
            expiry=(self.expiry.data or "").strip(), sample_available=bool(self.sample_available.data),
        )


def _answer(label: str, hint: str) -> RadioField:
    return RadioField(label, [InputRequired("Answer yes or no.")], choices=terms(ScreenAnswer), description=hint)


class ContactScreenForm(CaseFields, ComplaintFields):
    """The three answers on one contact; the records that a yes opens are part of it (R34, R35)."""

    adverse_event = _answer(
        "Did anybody have something unwanted happen while using a product?",
        "Any sign or symptom, whether or not the product caused it. In doubt: yes.")
    special_situation = _answer(
        "Is there a special situation, even without a reaction?",
        "Pregnancy, breast-feeding, a child, overdose, misuse, medication error, lack of effect and the like. "
        "Whoever asks about pregnancy may have a patient in mind: ask back.")
    complaint = _answer(
        "Is something wrong with the product itself?", "Pack, tablet, device, label, smell, a suspected falsification.")

    def screen(self) -> ContactScreen:
        """Return the answers, with the records that belong to a yes."""
        event = ScreenAnswer(self.adverse_event.data)
        situation = ScreenAnswer(self.special_situation.data)
        complaint = ScreenAnswer(self.complaint.data)
        opens = ScreenAnswer.YES in (event, situation)
        return ContactScreen(
            event, situation, complaint,
            case=self.case_data(is_adverse_event=event is ScreenAnswer.YES) if opens else None,
            complaint_data=self.complaint_data() if complaint is ScreenAnswer.YES else None,
        )


class SolicitationForm(StrictForm):
    """The eight prompted situations, each yes or no; the fields are named by the situation (R6)."""

    note = text("Note", "Needed for a yes: who did what, when, where.")

    def answers(self) -> dict[SolicitationSituation, bool]:
        """Return the answers given so far."""
        return {item: self[item.value].data == "yes" for item in SolicitationSituation if self[item.value].data}

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, and that a yes is explained."""
        valid: bool = super().validate(extra_validators)
        if any(self.answers().values()) and not (self.note.data or "").strip():
            self.note.errors = ["Say in a few words what happened; Compliance decides on it."]
            return False
        return valid


_NO_YES = [SelectChoice("no", "No"), SelectChoice("yes", "Yes")]
for _situation in SolicitationSituation:
    setattr(SolicitationForm, _situation.value, RadioField(
        _situation.label, [InputRequired("Answer yes or no.")], choices=_NO_YES))


class ConfirmationForm(StrictForm):
    """How the professional confirmed the request of a sales submitter (R5)."""

    confirmation = text("How and when they confirmed it", "For example: e-mail of 20 November, signed form attached.",
                        InputRequired("Say how and when the professional confirmed."))


class MessageForm(StrictForm):
    """A later message: a contact of its own (R34)."""

    channel = SelectField("How it came in", [InputRequired("Choose how it came in.")], choices=terms(Channel, "Choose"))
    forum = SelectField("Where", choices=terms(Forum), default=Forum.PRIVATE.value)
    received_on = DateField("Date", [InputRequired("Enter the date.")])
    received_time = TimeField("Time", [InputRequired("Enter the time.")])
    zone = SelectField("Time zone", choices=zones, default="UTC")
    message = text("What was said or written, word for word", "Kept as the source, unchanged.")
    source = MultipleFileField("Original files")
    question = text("A further question in it, word for word", "Leave empty when nothing new was asked.")
    late_reason = text("Why it is entered late", "Only when more than one business day has passed.")

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, and that date and time name a moment."""
        valid: bool = super().validate(extra_validators)
        if self.received_on.data and self.received_time.data:
            try:
                self.received_at()
            except ValueError as problem:
                self.received_on.errors = [str(problem)]
                return False
        return valid

    def received_at(self) -> Any:
        """Return the moment of awareness."""
        return moment_in(self.received_on.data, self.received_time.data, self.zone.data)

    def contact_data(self) -> ContactData:
        """Return the message, as the service takes it."""
        return ContactData(
            channel=Channel(self.channel.data), forum=Forum(self.forum.data), received_at=self.received_at(),
            zone=self.zone.data, message=as_typed(self.message.data), question=as_typed(self.question.data).strip(),
            late_reason=as_typed(self.late_reason.data).strip(), uploads=uploads_of(self.source),
        )

    def take_errors(self, fields: dict[str, str]) -> None:
        """Show what the service refused beside the field where it was typed."""
        super().take_errors({"received_on" if name == "received_at" else name: words for name, words in fields.items()})


def uploads_of(field: Any) -> tuple[Upload, ...]:
    """Return the chosen files with their bytes."""
    return tuple(Upload(file.filename, file.read()) for file in field.data or () if file and file.filename)


class AddendumForm(StrictForm):
    """A dated correction beside a verbatim question (R1)."""

    text = text("Correction or addition", "It stands beside the question; the question itself stays as it is.",
                InputRequired("Write the correction."))
