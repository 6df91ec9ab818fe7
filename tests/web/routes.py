"""Every route of the application, with addresses that lead to something real where a test knows it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Flask
from werkzeug.routing import IntegerConverter, PathConverter, Rule

from inquiry_service.web.session import SAFE_METHODS

NOWHERE = "00000000-0000-7000-8000-000000000000"
"""An id that no record has."""


@dataclass(frozen=True)
class Route:
    """One method of one route."""

    endpoint: str
    method: str
    path: str
    complete: bool
    """Whether each part of the path names a record that exists."""

    def __str__(self) -> str:
        return f"{self.method} {self.path} ({self.endpoint})"

    @property
    def is_unsafe(self) -> bool:
        """Whether it may change something."""
        return self.method not in SAFE_METHODS


def every_route(app: Flask, objects: dict[str, str]) -> Iterator[Route]:
    """Yield each method of each route except HEAD, OPTIONS and the static files.

    Args:
        objects: name of a path parameter to the id of a record that exists; others get an id that
            no record has. ``room.name`` holds for the endpoints of one room and goes before ``name``.
    """
    adapter = app.url_map.bind("localhost")
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        if rule.endpoint == "static":
            continue
        known = {name: _known(rule, name, objects) for name in rule.arguments}
        values = {name: value or _unknown(rule, name) for name, value in known.items()}
        complete = all(known.values())
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            yield Route(rule.endpoint, method, adapter.build(rule.endpoint, values, method=method), complete)


def _known(rule: Rule, name: str, objects: dict[str, str]) -> str:
    room = rule.endpoint.partition(".")[0]
    return objects.get(f"{room}.{name}", objects.get(name, ""))


def _unknown(rule: Rule, name: str) -> str | int:
    converter = rule._converters[name]
    if isinstance(converter, IntegerConverter):
        return 999_999
    return "nowhere/at/all" if isinstance(converter, PathConverter) else NOWHERE
