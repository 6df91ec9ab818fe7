"""The editor of a draft: its form has an input for each merge field that the content at hand asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import BooleanField, Field, HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange

from inquiry_service.domain.fields import LONGEST_VALUE, DeclaredField, FieldKind
from inquiry_service.services.drafting import LONGEST_SOURCE, DraftData
from inquiry_service.web.forms.strict import StrictForm

CUSTOM = "custom"
"""Stands in addresses for an answer without reviewed content."""
_PREFIX = "merge_"
_YES = "yes"


class DraftForm(StrictForm):
    """Title, text, the version it was opened on, the content it is made from; use :func:`draft_form`."""

    title = StringField("Title of the letter", [InputRequired("Give the letter a title."), Length(max=500)],
                        description="The question restated; it stands above the letter.")
    source = TextAreaField("Text", [Length(max=LONGEST_SOURCE)])
    change_note = StringField("What changed", [Length(max=500)], description="Stays with the version, for reviewers.")
    base_version = IntegerField("Version", [NumberRange(min=0)], default=0)
    content_version_id = HiddenField()
    asked: tuple[DeclaredField, ...] = ()
    """The merge fields of this form."""

    @property
    def merge_fields(self) -> list[Field]:
        """The inputs of the merge fields, in order."""
        return [self[input_name(field.name)] for field in self.asked]

    def data_of(self) -> DraftData:
        """Return what was typed, as the service takes it; line ends as Markdown has them."""
        return DraftData(
            title=self.title.data or "", source=(self.source.data or "").replace("\r\n", "\n"),
            field_values={field.name: _text(self[input_name(field.name)].data) for field in self.asked},
            content_version_id=self.content_version_id.data or None, base_version=self.base_version.data or 0,
            change_note=self.change_note.data or "",
        )

    def take_refusal(self, message: str, fields: dict[str, str]) -> None:
        """Show what the service refused; a text that cannot be read names its line in ``message``."""
        own = {name: input_name(name) for name in (field.name for field in self.asked)}
        self.take_errors({own.get(name, name): words for name, words in (fields or {"source": message}).items()})


def draft_form(asked: Iterable[DeclaredField]) -> type[DraftForm]:
    """Return the form for content that asks for these merge fields; it takes these inputs and no others."""
    declared = tuple(asked)
    inputs: dict[str, Any] = {input_name(field.name): _input(field) for field in declared}
    return type("DraftFormOfContent", (DraftForm,), {"asked": declared, **inputs})


def input_name(name: str) -> str:
    """Return the name of the input of a merge field: ``use.description`` becomes ``merge_use__description``."""
    return _PREFIX + name.replace(".", "__")


def values_of(asked: Sequence[DeclaredField], stored: dict[str, Any]) -> dict[str, Any]:
    """Return what the inputs start with: what was saved, else the default of the content."""
    started = {field.name: stored.get(field.name, field.default) for field in asked}
    return {input_name(field.name): started[field.name] == _YES if field.kind is FieldKind.BOOLEAN
            else started[field.name] for field in asked}


def _input(field: DeclaredField) -> Any:
    if field.kind is FieldKind.BOOLEAN:
        return BooleanField(field.label, description=field.help)
    if field.kind is FieldKind.CHOICE:
        choices = [SelectChoice("", "Choose"), *(SelectChoice(choice) for choice in field.choices)]
        return SelectField(field.label, choices=choices, description=field.help)
    hint = {FieldKind.DATE: "A date like 2026-11-16.", FieldKind.NUMBER: "A whole number."}.get(field.kind, "")
    return StringField(field.label, [Length(max=LONGEST_VALUE)], description=field.help or hint)


def _text(value: object) -> str:
    if isinstance(value, bool):
        return _YES if value else "no"
    return str(value or "").strip()
