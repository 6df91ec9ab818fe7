"""Staff templates: Markdown with a small part of Jinja, checked against a whitelist before anything runs.

General Jinja is a programming language: inside its immutable sandbox an ORM object could still dispose the
whole registry, and ``'%1000000000d' % 1`` burns processor time in C where no timer reaches. So a template is
parsed, every node of its tree must be on the list in ``template_grammar``, and only then is it rendered, on
plain values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from jinja2 import StrictUndefined, UndefinedError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from inquiry_service.errors import InvalidInput, RenderingFailed
from inquiry_service.rendering.template_grammar import (
    MAX_LIST,
    Fields,
    FieldType,
    Lists,
    MarkdownText,
    TemplateProblem,
    check,
    long_date,
)

__all__ = ["FieldType", "MarkdownText", "TemplateProblem", "problems", "render", "undeclared"]

MAX_OUTPUT = 200_000
"""Characters; a letter of 30 pages has about 90,000."""

_MARKDOWN_SIGNS = re.compile(r"([\\`*_\[\]<>|&{}])")
_LINE_START = re.compile(r"^(\s*)([#+\-=>~]|\d+[.)])")
_PLAIN = (str, bool, int, float, Decimal, datetime, date, type(None), MarkdownText)
"""Exact types only: a subclass could carry methods that a filter would call."""

_FIELD_TYPE_OF: dict[type, FieldType] = {
    bool: FieldType.BOOLEAN, int: FieldType.NUMBER, float: FieldType.NUMBER, Decimal: FieldType.NUMBER,
    date: FieldType.DATE, datetime: FieldType.DATE, MarkdownText: FieldType.MARKDOWN,
}


def problems(source: str, fields: Fields, lists: Lists | None = None) -> list[TemplateProblem]:
    """All reasons why a template may not be used, in the order of its lines; an empty list means it may.

    Args:
        source: the template, Markdown with ``{{ field }}``, ``{% if %}`` and ``{% for %}``.
        fields: the field catalogue, dotted name to type, e.g. ``{"product.name": FieldType.TEXT}``.
        lists: lists that ``for`` may walk: name to the fields of one item, or to one type for plain items.
    """
    found, _ = check(source, fields, lists or {})
    return found


def undeclared(source: str, fields: Fields, lists: Lists | None = None) -> tuple[str, ...]:
    """Names that the template uses and the catalogue does not have, sorted."""
    _, unknown = check(source, fields, lists or {})
    return tuple(sorted(unknown))


def render(source: str, values: Mapping[str, object], fields: Fields | None = None,
           lists: Lists | None = None) -> str:
    """Fill a staff template and return Markdown.

    Text values are escaped for Markdown, so that a name with an asterisk or a bracket stays a name; a
    ``MarkdownText`` value (label text kept as Markdown) is inserted as it is.

    Args:
        source: the template; checked again here, so that no caller can forget it.
        values: plain values by dotted name (``{"product.name": "Sumatriptan"}``) or nested one level deep.
        fields, lists: the catalogue; without it the shape of ``values`` is the catalogue. With it, a
            template may ask ``is defined`` of a field that has no value here.

    Raises:
        InvalidInput: a value is not plain data, or a list is longer than 200.
        RenderingFailed: the template uses something it may not, a field has no value, or the output is too
            long.
    """
    data = _plain(_nested(values))
    shape_fields, shape_lists = _shape(data)
    found = problems(source, shape_fields if fields is None else fields,
                     shape_lists if lists is None else lists)
    if found:
        raise RenderingFailed(f"The template cannot be used. Line {found[0].line}: {found[0].reason}",
                              problems=tuple(found))
    try:
        return _limited(_ENVIRONMENT.from_string(source).generate(_with_groups(data, fields or {})))
    except UndefinedError as error:
        raise RenderingFailed(f"A field of the template has no value: {error.message}.") from error
    except (TypeError, ValueError, ArithmeticError, RecursionError) as error:
        raise RenderingFailed(f"The template could not be filled: {error}.") from error


def _with_groups(data: dict[str, object], fields: Fields) -> dict[str, object]:
    """A group without any value is an empty group, so that ``is defined`` can be asked of its fields."""
    groups: dict[str, object] = {name.partition(".")[0]: {} for name in fields if "." in name}
    return {**groups, **data}


def _finalize(value: object) -> object:
    """How a value is written; called by Jinja for each ``{{ }}``."""
    if isinstance(value, MarkdownText):
        return str(value)
    if value is None:
        return ""
    if isinstance(value, date):
        return long_date(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return _escape(value)
    return value


def _escape(text: str) -> str:
    one_line = " ".join(text.split())
    return _LINE_START.sub(r"\1\\\2", _MARKDOWN_SIGNS.sub(r"\\\1", one_line))


def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, finalize=_finalize, autoescape=False, keep_trailing_newline=True,
        trim_blocks=True, lstrip_blocks=True, extensions=(), cache_size=50,
    )
    environment.filters["longdate"] = long_date
    environment.globals.clear()
    return environment


_ENVIRONMENT = _environment()


def _limited(chunks: Any) -> str:
    parts: list[str] = []
    size = 0
    for chunk in chunks:
        size += len(chunk)
        if size > MAX_OUTPUT:
            raise RenderingFailed(f"The template makes more than {MAX_OUTPUT:,} characters of text.")
        parts.append(chunk)
    return "".join(parts)


def _nested(values: Mapping[str, object]) -> dict[str, object]:
    """``{"a.b": 1}`` becomes ``{"a": {"b": 1}}``; other keys stay."""
    nested: dict[str, Any] = {}
    for name, value in values.items():
        group, dot, rest = name.partition(".")
        if not dot:
            nested[group] = dict(value) if type(value) is dict else value
        else:
            holder = nested.setdefault(group, {})
            if type(holder) is not dict:
                raise InvalidInput(f"The field {group} is both a value and a group of values.")
            holder[rest] = value
    return nested


def _plain(values: dict[str, object], depth: int = 0) -> dict[str, object]:
    """A deep copy of plain data; anything else is refused by its type's name."""
    for name in values:
        # Jinja looks for an attribute before a key: a field named "items" would print the method of the dict.
        if hasattr(dict, name) or name.startswith("_"):
            raise InvalidInput(f"A field cannot be named {name}: choose another word.")
    return {name: _plain_value(name, value, depth) for name, value in values.items()}


def _plain_value(name: str, value: object, depth: int) -> object:
    if type(value) in _PLAIN:
        return value
    if type(value) is dict and depth < 2:
        return _plain({str(key): item for key, item in value.items()}, depth + 1)
    if type(value) in (list, tuple) and depth < 2:
        items = list(value)  # type: ignore[call-overload]
        if len(items) > MAX_LIST:
            raise InvalidInput(f"The list {name} has more than {MAX_LIST} items.")
        return [_plain_value(name, item, depth + 1) for item in items]
    kind = type(value).__name__
    raise InvalidInput(f"The field {name} holds {kind}, not plain text, number, date or list.")


def _shape(data: Mapping[str, object]) -> tuple[dict[str, FieldType], dict[str, Any]]:
    """The catalogue that the values themselves describe."""
    fields: dict[str, FieldType] = {}
    lists: dict[str, Any] = {}
    for name, value in data.items():
        members = {name: value} if not isinstance(value, dict) else {
            f"{name}.{key}": item for key, item in value.items()}
        for full_name, member in members.items():
            if isinstance(member, list):
                lists[full_name] = _item_shape(member)
            else:
                fields[full_name] = _type_of(member)
    return fields, lists


def _item_shape(items: list[object]) -> Any:
    first = items[0] if items else None
    if isinstance(first, dict):
        return {str(key): _type_of(value) for key, value in first.items()}
    return _type_of(first) if items else None


def _type_of(value: object) -> FieldType:
    return _FIELD_TYPE_OF.get(type(value), FieldType.TEXT)
