"""Merge fields: the catalogue of names that every template may use, and the fields a template declares itself.

A template can name nothing else. Catalogue names have a group and a dot (``product.name``); a template's
own fields have none, unless they give a default to a catalogue field that staff fill in (``use.description``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from inquiry_service.errors import InvalidInput

LONGEST_VALUE = 2000
_OWN_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_KNOWN_KEYS = frozenset({"name", "type", "label", "required", "choices", "default", "help"})


class FieldKind(StrEnum):
    """What a field holds. ``choice`` is a text out of a list; to the template it is text."""

    TEXT = "text"
    MARKDOWN = "markdown"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    CHOICE = "choice"

    @property
    def in_template(self) -> str:
        """The type by which the template subset checks comparisons and filters."""
        return "text" if self is FieldKind.CHOICE else self.value


@dataclass(frozen=True)
class Field:
    """A name of the catalogue, with a sample for previews and for checking templates.

    Attributes:
        by_staff: true for the few that a person fills in; all others come from the inquiry's records.
    """

    name: str
    kind: FieldKind
    description: str
    sample: str | date | bool | int
    by_staff: bool = False


@dataclass(frozen=True)
class DeclaredField:
    """A field that one template asks staff to fill in.

    Attributes:
        label: what the form calls it.
        choices: allowed values of a ``choice``.
        default: value offered in the form; counts as given.
    """

    name: str
    kind: FieldKind
    label: str
    required: bool = True
    choices: tuple[str, ...] = ()
    default: str = ""
    help: str = ""


_T, _M, _D, _B = FieldKind.TEXT, FieldKind.MARKDOWN, FieldKind.DATE, FieldKind.BOOLEAN

CATALOGUE: Mapping[str, Field] = {field.name: field for field in (
    Field("organisation.name", _T, "Name of the company or department that answers", "Example Therapeutics"),
    Field("organisation.follow_up", _T, "Telephone and e-mail for questions", "1-800-555-0199, medinfo@example.com"),
    Field("organisation.safety", _T, "Telephone and e-mail for adverse events and complaints",
          "1-800-555-0198, safety@example.com"),
    Field("product.name", _T, "Name of the product as asked about", "Sumatriptan tablets"),
    Field("product.generic_name", _T, "Non-proprietary name", "sumatriptan"),
    Field("product.forms", _T, "Form and strengths", "tablets 25 mg, 50 mg, 100 mg"),
    Field("label.version", _T, "Version of the current label", "2026-03"),
    Field("label.effective_date", _D, "Date from which the label is effective", date(2026, 3, 2)),
    Field("label.authority", _T, "Authority that approved the label", "US Food and Drug Administration"),
    Field("label.indications", _M, "Approved indications, word for word",
          "Indicated for the acute treatment of migraine attacks in adults."),
    Field("use.description", _T, "The use asked about, as it follows “not approved for”",
          "short-term prevention of menstrual migraine", by_staff=True),
    Field("requester.salutation", _T, "How the letter addresses the requester", "Dear Dr. Example"),
    Field("requester.name", _T, "Requester with title, as in an address", "Dr. Example"),
    Field("requester.affiliation", _T, "Where the requester works", "Example Hospital"),
    Field("inquiry.number", _T, "Number of the inquiry", "MI-2026-000123"),
    Field("inquiry.received_on", _D, "Day on which the question was received", date(2026, 11, 16)),
    Field("inquiry.channel", _T, "How the question came, as it follows a comma", "by telephone"),
    Field("inquiry.relayed", _B, "Whether a field person passed the question on", False),
    Field("letter.number", _T, "Number of the letter", "MI-2026-000123-L1"),
)}


def types(declared: Iterable[DeclaredField] = ()) -> dict[str, str]:
    """Return every name that a template may use with its type, as the template subset wants it."""
    known = {name: field.kind.in_template for name, field in CATALOGUE.items()}
    return known | {field.name: field.kind.in_template for field in declared}


def samples(declared: Iterable[DeclaredField] = ()) -> dict[str, Any]:
    """Return a value for every name, for previews of a template without an inquiry."""
    values: dict[str, Any] = {name: field.sample for name, field in CATALOGUE.items()}
    for field in declared:
        values[field.name] = convert(field, field.default or _sample(field))
    return values


def _sample(field: DeclaredField) -> str:
    if field.choices:
        return field.choices[0]
    return {FieldKind.NUMBER: "1", FieldKind.DATE: "2026-11-16", FieldKind.BOOLEAN: "yes"}.get(field.kind, field.label)


def declared_fields(rows: Iterable[Mapping[str, Any]]) -> tuple[DeclaredField, ...]:
    """Read the ``[[fields]]`` of a template's meta data.

    Raises:
        InvalidInput: an unknown key, type or name, a choice without choices, a name used twice; all of them
            in ``fields``.
    """
    found: dict[str, DeclaredField] = {}
    problems: dict[str, str] = {}
    for number, row in enumerate(rows, start=1):
        name = str(row.get("name", ""))
        reason = _problem(row, name) or ("is declared twice" if name in found else "")
        if reason:
            problems[name or f"field {number}"] = reason
            continue
        found[name] = DeclaredField(
            name, FieldKind(str(row.get("type", "text"))), str(row["label"]), bool(row.get("required", True)),
            tuple(str(choice) for choice in row.get("choices", ())), str(row.get("default", "")),
            str(row.get("help", "")),
        )
    if problems:
        name, reason = next(iter(problems.items()))
        raise InvalidInput(f"The field {name} of the template {reason}.", fields=problems)
    return tuple(found.values())


def _problem(row: Mapping[str, Any], name: str) -> str:
    overrides = name in CATALOGUE and CATALOGUE[name].by_staff
    if not overrides and not _OWN_NAME.fullmatch(name):
        return "needs a name of small letters, digits and underscores"
    if not overrides and any(known.partition(".")[0] == name for known in CATALOGUE):
        return "has the name of a group of the catalogue"
    if unknown := set(row) - _KNOWN_KEYS:
        return f"has the unknown entry {min(unknown)}"
    kind = str(row.get("type", "text"))
    if kind not in set(FieldKind) or kind == FieldKind.MARKDOWN:
        return f"has the unknown type {kind}"
    if not str(row.get("label", "")).strip():
        return "has no label"
    choices = [str(choice) for choice in row.get("choices", ())]
    if (kind == FieldKind.CHOICE) != bool(choices):
        return "needs choices if, and only if, its type is choice"
    default = str(row.get("default", ""))
    return "has a default that is not among its choices" if choices and default and default not in choices else ""


def convert(field: DeclaredField, text: str) -> str | int | bool | date:
    """Turn what a person typed into the value of the field.

    Raises:
        InvalidInput: it does not fit the type; the message says what is expected.
    """
    given = text.strip()
    try:
        if field.kind is FieldKind.DATE:
            return date.fromisoformat(given)
        if field.kind is FieldKind.NUMBER:
            return int(given)
    except ValueError:
        wanted = "a date like 2026-11-16" if field.kind is FieldKind.DATE else "a whole number"
        raise InvalidInput(f"{field.label}: write {wanted}.", fields={field.name: f"Write {wanted}."}) from None
    if field.kind is FieldKind.BOOLEAN:
        return given.lower() in ("yes", "true", "1", "on")
    return _text(field, given)


def _text(field: DeclaredField, given: str) -> str:
    if field.choices and given not in field.choices:
        raise InvalidInput(f"{field.label}: choose one of {', '.join(field.choices)}.",
                           fields={field.name: "Choose one of the list."})
    if len(given) > LONGEST_VALUE:
        raise InvalidInput(f"{field.label}: write at most {LONGEST_VALUE} characters.",
                           fields={field.name: f"At most {LONGEST_VALUE} characters."})
    return given


def missing(declared: Iterable[DeclaredField], values: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the labels of required fields that have neither a value nor a default (R68)."""
    return tuple(
        field.label for field in declared
        if field.required and field.kind is not FieldKind.BOOLEAN
        and not str(values.get(field.name, field.default) or "").strip()
    )
