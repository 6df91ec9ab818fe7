"""The filters of the audit explorer, as they stand in the address, and the same again for an export."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from flask_wtf import FlaskForm
from wtforms import Field, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, Optional
from wtforms.widgets import TextInput

from inquiry_service.domain.audit_events import Event
from inquiry_service.domain.vocabulary import ReasonCode, ReturnReason, Role
from inquiry_service.store.audit import NO_ACCOUNT, AuditFilter
from inquiry_service.web.forms.strict import StrictForm

PAGING = frozenset({"before", "after", "open"})
"""Names in the address that move within what is shown and do not narrow it."""
HOW_TO_WRITE = "Write the moment in UTC as 2026-11-23 14:05, or the day alone."
_FORMATS = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d")
_REASONS = {term.value: term.label for term in (*ReturnReason, *ReasonCode)}


def _choices(all_words: str, pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice("", all_words), *(SelectChoice(value, words) for value, words in pairs)]


def _actions() -> list[SelectChoice]:
    """Every event under its subject; the subject alone stands for all of its events."""
    choices: list[SelectChoice] = []
    for subject, events in groupby(Event, lambda event: event.value.partition(":")[0]):
        title = subject.replace("_", " ").capitalize()
        choices.append(SelectChoice(subject, f"{title}: all", optgroup=title))
        for event in events:
            verb = event.value.partition(":")[2].replace("_", " ")
            choices.append(SelectChoice(event.value, f"{title}: {verb}", optgroup=title))
    return choices


def _stripped(text: str | None) -> str:
    return (text or "").strip()


class MomentField(Field):
    """A moment in UTC, written the same way by everybody, whatever the language of the browser."""

    widget = TextInput()

    def _value(self) -> str:
        return self.raw_data[0] if self.raw_data else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the first of the known ways of writing; raise ValueError for any other."""
        text = valuelist[0].strip().replace("T", " ").removesuffix("Z").removesuffix("UTC").strip() if valuelist else ""
        self.data = _moment(text) if text else None


def _moment(text: str) -> datetime:
    for way in _FORMATS:
        try:
            return datetime.strptime(text, way).replace(tzinfo=UTC)
        except ValueError:
            continue
    raise ValueError(HOW_TO_WRITE)


class _Filters:
    """The fields; names are those in the address."""

    object = StringField(
        "Object", [Length(max=200)], filters=[_stripped],
        render_kw={"placeholder": "Number or id, like MI-2026-000001"})
    actor = SelectField("Who", [Optional()])
    action = SelectField("Action", [Optional()], choices=[SelectChoice("", "All actions", optgroup="All"), *_actions()])
    since = MomentField("From, UTC", [Optional()], render_kw={"placeholder": "2026-11-23 00:00"})
    until = MomentField("Before, UTC", [Optional()], render_kw={"placeholder": "2026-11-24 00:00"})
    reason = SelectField("Reason", [Optional()], choices=_choices("Any", _REASONS.items()))
    type = SelectField("Object type", [Optional()])
    role = SelectField("Role then", [Optional()], choices=_choices("Any", ((role.value, role.label) for role in Role)))
    request = StringField("Request id", [Length(max=200)], filters=[_stripped])

    def offer(self, people: Iterable[tuple[str, str]], types: Iterable[str]) -> None:
        """Give the lists what the log holds: accounts as (id, name), kinds of objects."""
        self.actor.choices = _choices("Anyone", [(NO_ACCOUNT, "Nobody signed in"), *people])
        self.type.choices = _choices("Any", ((kind, kind.replace("_", " ").capitalize()) for kind in types))

    def filters(self) -> AuditFilter:
        """Return what a valid form asks for."""
        return AuditFilter(
            actor_id=self.actor.data or "", role=self.role.data or "", action=self.action.data or "",
            object=self.object.data or "", object_type=self.type.data or "",
            reason_code=self.reason.data or "", request_id=self.request.data or "",
            since=self.since.data, until=self.until.data,
        )

    def query(self) -> dict[str, str]:
        """Return what narrows, for links."""
        narrowing = (field for field in self if field.name != "csrf_token" and field.data)  # type: ignore[attr-defined]
        return {field.name: str(field._value() if hasattr(field, "_value") else field.data) for field in narrowing}

    def words(self) -> list[tuple[str, str]]:
        """Return what narrows as (field, value) in the words of the page."""
        return [(self[name].label.text, _chosen(self[name], value))  # type: ignore[index]
                for name, value in self.query().items()]

    def check_period(self) -> bool:
        """Refuse a period that ends before it begins."""
        if self.since.data and self.until.data and self.since.data >= self.until.data:
            self.until.errors = [*self.until.errors, "The end must be later than the beginning."]
            return False
        return True


def _chosen(field: Any, value: str) -> str:
    choices = field.choices if isinstance(field, SelectField) else ()
    return next((str(choice.label) for choice in choices if choice.value == value), value)


class FilterForm(_Filters, FlaskForm):
    """The filters of a page that is only read; nothing to protect, so no token."""

    class Meta:
        csrf = False

    def check(self, sent: Mapping[str, Any]) -> bool:
        """Say whether the address can be answered; a misspelt filter would show more than was asked for."""
        valid = bool(self.validate()) and self.check_period()
        foreign = sorted(set(sent) - set(self._fields) - PAGING)
        if foreign:
            self.form_errors.append(f"There is no filter {', '.join(name[:40] for name in foreign)}.")
        return valid and not foreign


class ExportForm(_Filters, StrictForm):
    """The same filters, sent to make an export of what they show."""
