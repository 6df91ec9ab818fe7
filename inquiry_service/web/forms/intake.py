"""The forms by which a question comes in: the staff's and the field's share contact, requester and questions."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from flask_wtf.file import MultipleFileField
from wtforms import (
    BooleanField,
    DateField,
    EmailField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    SelectField,
    StringField,
    TelField,
    TextAreaField,
    TimeField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp

from inquiry_service.domain.vocabulary import Channel, Forum, Purpose, RequesterType, Urgency
from inquiry_service.services.intake_checks import LONGEST_LINE, LONGEST_TEXT
from inquiry_service.web.forms.choices import LANGUAGES, countries, terms, zones
from inquiry_service.web.forms.moments import moment_in
from inquiry_service.web.forms.strict import StrictForm

MOST_QUESTIONS = 20
END_OF_DAY = time(17)
_STAFF_CHANNELS = [channel for channel in Channel if channel not in (Channel.MSL, Channel.REP)]
_ELSEWHERE = {"received_at": "received_on", "requester_deadline": "deadline_on"}
"""Names of the service for which the form has another field."""
_FORUMS = [
    SelectChoice(Forum.PRIVATE.value, "In private"),
    SelectChoice(Forum.PUBLIC.value, "In public: others can read it"),
]
_NO_IDENTIFIERS = "No patient's name, initials, date of birth or number: age, sex and findings are enough."


def _line(label: str, hint: str = "", **options: Any) -> StringField:
    return StringField(label, [Length(max=LONGEST_LINE)], description=hint, **options)


def _text(label: str, hint: str = "") -> TextAreaField:
    return TextAreaField(label, [Length(max=LONGEST_TEXT)], description=hint)


def as_typed(text: str | None) -> str:
    """Return the words as they stood in the box: browsers send each line end as CR LF (HTML, section 4.10.21)."""
    return (text or "").replace("\r\n", "\n")


class PersonForm(Form):
    """A requester or another recipient (R2, R3)."""

    type = SelectField("Who", choices=terms(RequesterType, "Choose"))
    title = _line("Title")
    given_name = _line("Given name")
    family_name = _line("Family name")
    qualification = _line("Qualification, for example MD or RN")
    affiliation = _line("Institution")
    address = TextAreaField("Postal address", [Length(max=1000)])
    email = EmailField("E-mail address", [
        Optional(), Length(max=LONGEST_LINE), Regexp(r"[^@\s]+@[^@\s]+\.[^@\s]+\Z", message="Check the address."),
    ])
    phone = TelField("Telephone", [Length(max=LONGEST_LINE)])
    country = SelectField("Country", choices=countries())
    details_refused_reason = _line(
        "Why details are missing", "If the name, a contact or the institution was refused, say so here.")


class RequesterForm(PersonForm):
    """The one who asks; the two facts without which no answer can be planned."""

    type = SelectField("Who", [InputRequired("Choose who it is.")], choices=terms(RequesterType, "Choose"))
    country = SelectField("Country", [InputRequired("Choose the country.")], choices=countries())


class IntakeForm(StrictForm):
    """What every way in asks for.

    ``act`` is the button that was pressed: ``save``, ``add`` a question, ``remove-<n>`` a question,
    ``drop-<n>`` a kept file. ``kept`` is the signed list of files that came with an earlier attempt.
    """

    received_on = DateField("Date received", [InputRequired("Enter the date.")])
    received_time = TimeField("Time received", [InputRequired("Enter the time.")])
    zone = SelectField("Time zone", choices=zones, default="UTC")
    late_reason = TextAreaField(
        "Why it is entered late", [Length(max=LONGEST_TEXT)],
        description="More than one business day has passed since the question came in.")
    requester = FormField(RequesterForm, label="Who asks")
    product_id = SelectField("Product", [InputRequired("Choose the product.")], choices=[])
    questions = FieldList(
        TextAreaField("Question"), label="Questions", min_entries=1, max_entries=MOST_QUESTIONS)
    source = MultipleFileField("Files")
    kept = HiddenField()
    act = StringField()

    def offer(self, products: list[tuple[str, str]]) -> None:
        """Fill the list of products: id and words of each."""
        self.product_id.choices = [
            SelectChoice("", "Choose a product"), *(SelectChoice(key, words) for key, words in products)]

    def change_rows(self) -> bool:
        """Add or remove a question when that is the button pressed; say whether it was.

        The words of all other questions stay as they are.
        """
        act = self.act.data or ""
        if act == "add":
            if len(self.questions) < MOST_QUESTIONS:
                self.questions.append_entry()
            return True
        name, _, number = act.partition("-")
        if name == "remove" and number.isdigit():
            self._remove_question(int(number))
        return name in ("remove", "drop")

    def _remove_question(self, index: int) -> None:
        texts = [entry.data for position, entry in enumerate(self.questions) if position != index]
        while len(self.questions):
            self.questions.pop_entry()
        self.questions.last_index = -1
        for text in texts or [""]:
            self.questions.append_entry(text)

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each field, then what concerns several."""
        valid = super().validate(extra_validators)
        if not any(self.words()):
            self.questions.errors = ["Write down at least one question, word for word."]
        for day, at, optional in self._moments():
            self._check_moment(day, at, optional)
        return valid and not self.errors

    def _moments(self) -> list[tuple[Any, Any, bool]]:
        return [(self.received_on, self.received_time, False)]

    def _check_moment(self, day: Any, at: Any, optional: bool) -> None:
        if day.data is None or (at.data is None and not optional):
            return
        try:
            moment_in(day.data, at.data or END_OF_DAY, self.zone.data)
        except ValueError as problem:
            day.errors = [str(problem)]

    def received_at(self) -> datetime:
        """Return the moment of awareness; only after a successful validation."""
        day, at = self.received_on.data, self.received_time.data
        return moment_in(day, at, self.zone.data)

    def words(self) -> tuple[str, ...]:
        """Return the questions as typed, without those left empty after the first."""
        texts = [as_typed(entry.data) for entry in self.questions]
        return tuple(text for text in texts if text.strip()) or ("",)

    def take_errors(self, fields: dict[str, str]) -> None:
        """Show what the service refused beside the field where it was typed."""
        rest = {}
        for name, message in fields.items():
            person, _, part = name.partition(".")
            if part and person in self:
                self[person].form[part].errors = [message]
            else:
                rest[_ELSEWHERE.get(name, name)] = message
        super().take_errors(rest)


class StaffForm(IntakeForm):
    """An inquiry that reached the department."""

    channel = SelectField(
        "How it came in", [InputRequired("Choose how it came in.")], choices=terms(_STAFF_CHANNELS, "Choose"))
    forum = SelectField("Where it was asked", choices=_FORUMS, default=Forum.PRIVATE.value)
    recipient = FormField(PersonForm, label="Other recipient")
    recipient_reason = _line("Why not the requester", "For example: an assistant asked for the physician.")
    market = SelectField("Market whose label counts", choices=countries("The requester’s country"))
    language = SelectField("Language of the answer", choices=LANGUAGES, default="en")
    urgency = SelectField("Urgency", choices=terms(Urgency), default=Urgency.STANDARD.value)
    purpose = SelectField("About", choices=terms(Purpose), default=Purpose.GENERAL.value)
    deadline_on = DateField("Needed by", [Optional()])
    deadline_time = TimeField("At, 17:00 if empty", [Optional()])
    background = _text("Background", _NO_IDENTIFIERS)
    sources_consulted = _text("Already looked at", "What the requester has read or tried before asking.")
    lot = _line("Lot or serial number")
    parent_number = _line("Follow-up to inquiry")

    def has_recipient(self) -> bool:
        """Say whether anything was filled in about another recipient; the country alone says nothing."""
        texts = {name: value for name, value in self.recipient.data.items() if name != "country"}
        return any(texts.values()) or bool(self.recipient_reason.data)

    def validate(self, extra_validators: Any = None) -> bool:
        """A recipient, once begun, needs what a requester needs."""
        valid = super().validate(extra_validators)
        if self.has_recipient():
            for name, message in (("type", "Choose who it is."), ("country", "Choose the country.")):
                if not self.recipient.form[name].data:
                    self.recipient.form[name].errors = [message]
        return valid and not self.errors

    def _moments(self) -> list[tuple[Any, Any, bool]]:
        return [*super()._moments(), (self.deadline_on, self.deadline_time, True)]

    def deadline(self) -> datetime | None:
        """Return the moment by which the requester needs the answer, if one was named."""
        day: date | None = self.deadline_on.data
        return moment_in(day, self.deadline_time.data or END_OF_DAY, self.zone.data) if day else None


class FieldForm(IntakeForm):
    """A question handed in from the field, under attestation (R4, R5)."""

    place = StringField(
        "Where or how", [InputRequired("Say where or by which channel you were asked."), Length(max=LONGEST_LINE)],
        description="For example: visit at the clinic, telephone, congress hall 3.")
    others_present = _line("Who else was present", "Functions are enough; leave empty if nobody was.")
    attestation = BooleanField(
        "I confirm this", [InputRequired("Confirm that the question was unprompted, or do not hand it in.")])
    confirmation = TextAreaField(
        "The professional’s own confirmation", [Length(max=LONGEST_TEXT)],
        description="How and when they confirmed the request in their own words, for example a signed form attached "
                    "below. Leave empty if they have not; Medical Information then asks them.")
