"""The catalogue of merge fields and the fields that a template declares."""

from __future__ import annotations

from datetime import date

import pytest

from inquiry_service.domain.fields import CATALOGUE, convert, declared_fields, missing, samples, types
from inquiry_service.errors import InvalidInput

ROWS = [
    {"name": "route", "type": "choice", "label": "Route", "choices": ["oral", "nasal"], "default": "oral"},
    {"name": "as_of", "type": "date", "label": "As of"},
    {"name": "patients", "type": "number", "label": "Patients", "required": False},
    {"name": "urgent", "type": "boolean", "label": "Urgent"},
    {"name": "use.description", "label": "The use asked about"},
]


def test_every_catalogue_field_has_a_group_a_description_and_a_sample_of_its_type() -> None:
    kinds = {"text": str, "markdown": str, "date": date, "boolean": bool, "number": int}
    for name, field in CATALOGUE.items():
        assert name == field.name
        assert name.count(".") == 1
        assert field.description
        assert isinstance(field.sample, kinds[field.kind.value])


def test_declared_fields_join_the_catalogue_and_get_samples() -> None:
    declared = declared_fields(ROWS)
    assert types(declared)["route"] == "text"
    assert types(declared)["as_of"] == "date"
    assert samples(declared)["route"] == "oral"
    assert samples(declared)["as_of"] == date(2026, 11, 16)
    assert samples(declared)["patients"] == 1
    assert samples(declared)["use.description"] == "The use asked about"


def test_required_fields_without_value_and_default_are_missing() -> None:
    declared = declared_fields(ROWS)
    assert missing(declared, {}) == ("As of", "The use asked about")
    assert missing(declared, {"as_of": "2026-11-01", "use.description": " "}) == ("The use asked about",)
    assert missing(declared, {"as_of": "2026-11-01", "use.description": "prevention", "route": ""}) == ("Route",)


@pytest.mark.parametrize(("row", "reason"), [
    ({"name": "Route", "label": "x"}, "small letters"),
    ({"name": "product.name", "label": "x"}, "small letters"),
    ({"name": "product", "label": "x"}, "name of a group"),
    ({"name": "a", "label": "x", "type": "markdown"}, "unknown type"),
    ({"name": "a", "label": " "}, "no label"),
    ({"name": "a", "label": "x", "type": "choice"}, "needs choices"),
    ({"name": "a", "label": "x", "choices": ["b"]}, "needs choices"),
    ({"name": "a", "label": "x", "type": "choice", "choices": ["b"], "default": "c"}, "not among its choices"),
    ({"name": "a", "label": "x", "colour": "red"}, "unknown entry colour"),
])
def test_an_unusable_declaration_is_refused(row: dict[str, object], reason: str) -> None:
    with pytest.raises(InvalidInput, match=reason):
        declared_fields([row])


def test_a_field_is_declared_once() -> None:
    with pytest.raises(InvalidInput, match="declared twice"):
        declared_fields([ROWS[0], ROWS[0]])


@pytest.mark.parametrize(("name", "typed", "value"), [
    ("as_of", "2026-11-16", date(2026, 11, 16)),
    ("patients", " 20 ", 20),
    ("urgent", "yes", True),
    ("urgent", "", False),
    ("route", "nasal", "nasal"),
])
def test_typed_text_becomes_a_value(name: str, typed: str, value: object) -> None:
    field = next(field for field in declared_fields(ROWS) if field.name == name)
    assert convert(field, typed) == value


@pytest.mark.parametrize(("name", "typed"), [
    ("as_of", "16.11.2026"), ("patients", "many"), ("route", "rectal"), ("use.description", "x" * 2001),
])
def test_text_that_does_not_fit_is_refused_at_its_field(name: str, typed: str) -> None:
    field = next(field for field in declared_fields(ROWS) if field.name == name)
    with pytest.raises(InvalidInput) as refused:
        convert(field, typed)
    assert name in refused.value.fields
