"""What a staff template may contain: the Jinja nodes, names and filters, and the walk that enforces it.

Anything not listed is refused, so a new Jinja feature is refused until someone adds it here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, TypeAlias

from jinja2 import Environment, TemplateError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

MAX_SOURCE = 100_000
MAX_LIST = 200
MAX_LOOPS = 20
MAX_DEPTH = 12
MAX_CONSTANT = 2_000
_NESTED_LOOPS = 2
"""Loops, depth and list length together bound the work: 20 loops x 200 x 200 turns at the very most."""


class FieldType(StrEnum):
    """What a merge field holds; decides which comparisons and filters make sense."""

    TEXT = "text"
    MARKDOWN = "markdown"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"


class MarkdownText(str):
    """Text that is Markdown already (label sections, approved blocks) and is inserted unescaped."""

    __slots__ = ()


Fields: TypeAlias = Mapping[str, FieldType]
Lists: TypeAlias = Mapping[str, "Fields | FieldType | None"]


@dataclass(frozen=True, order=True)
class TemplateProblem:
    """One reason why a template is refused.

    Attributes:
        line: line of the template, from 1.
        reason: what is wrong, for the person who edits the template.
    """

    line: int
    reason: str


def long_date(value: date) -> str:
    """``20 November 2026``: no locale, no leading zero, unambiguous on both sides of the Atlantic."""
    if not isinstance(value, date):
        raise TypeError("longdate needs a date")
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")

FILTERS: Mapping[str, int] = {
    "upper": 0, "lower": 0, "capitalize": 0, "trim": 0, "length": 0, "first": 0, "last": 0, "longdate": 0,
    "default": 1, "join": 1,
}
"""Filter name to the most arguments it takes. None of them can make its input much longer."""

_LIST_FILTERS = frozenset({"length", "join", "first", "last"})
_TESTS = frozenset({"defined", "undefined", "none"})
_LOOP_FACTS = frozenset({"index", "first", "last", "length"})
_ORDER = frozenset({"lt", "lteq", "gt", "gteq"})
_COMPARABLE = (nodes.Name, nodes.Getattr, nodes.Const, nodes.Filter)
_STRUCTURE = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.And, nodes.Or, nodes.Not, nodes.If)
_NOT_OTHERS = "other templates cannot be used here"
_NOT_SET = "values cannot be set"
_NOT_MADE = "lists cannot be written here"
_NOT_CALCULATED = "calculations are not allowed"
_WORDS: Mapping[type[nodes.Node], str] = {
    nodes.Call: "calls are not allowed", nodes.Getitem: "square brackets are not allowed",
    nodes.Macro: "macros are not allowed", nodes.CallBlock: "macros are not allowed",
    nodes.Include: _NOT_OTHERS, nodes.Import: _NOT_OTHERS, nodes.FromImport: _NOT_OTHERS,
    nodes.Extends: _NOT_OTHERS, nodes.Block: "blocks are not allowed",
    nodes.Assign: _NOT_SET, nodes.AssignBlock: _NOT_SET, nodes.With: _NOT_SET,
    nodes.FilterBlock: "filter blocks are not allowed",
    nodes.CondExpr: "use a block {% if %} instead of an inline if",
    nodes.List: _NOT_MADE, nodes.Tuple: _NOT_MADE, nodes.Dict: _NOT_MADE,
    nodes.BinExpr: _NOT_CALCULATED, nodes.UnaryExpr: _NOT_CALCULATED, nodes.Concat: _NOT_CALCULATED,
}

_PARSER: Environment = ImmutableSandboxedEnvironment(extensions=())


def check(source: str, fields: Fields, lists: Lists) -> tuple[list[TemplateProblem], set[str]]:
    """Parse and walk a template: every problem in line order, and the names the catalogue lacks."""
    if len(source) > MAX_SOURCE:
        return [TemplateProblem(1, f"the template is longer than {MAX_SOURCE:,} characters")], set()
    try:
        tree = _PARSER.parse(source)
    except TemplateError as error:
        return [TemplateProblem(getattr(error, "lineno", 1) or 1, f"not understood: {error.message}")], set()
    except (RecursionError, ValueError, OverflowError, MemoryError):
        return [TemplateProblem(1, "nested too deeply, or a number is too long")], set()
    walk = _Walk(fields, lists)
    walk.node(tree, _Scope())
    return sorted(set(walk.found)), walk.unknown


@dataclass(frozen=True)
class _Scope:
    """Where the walk is: names bound by the loops around, and how deep it stands."""

    items: Mapping[str, Fields | FieldType | None] = field(default_factory=dict)
    loops: int = 0
    depth: int = 0

    def deeper(self) -> _Scope:
        return _Scope(self.items, self.loops, self.depth + 1)


class _Walk:
    """One pass over the tree; collects, never raises, so that an editor sees all problems at once."""

    def __init__(self, fields: Fields, lists: Lists) -> None:
        self.fields = fields
        self.lists = lists
        self.found: list[TemplateProblem] = []
        self.unknown: set[str] = set()
        self.loops = 0

    def refuse(self, node: nodes.Node, reason: str) -> None:
        self.found.append(TemplateProblem(node.lineno or 1, reason))

    def node(self, node: nodes.Node, scope: _Scope) -> None:
        if scope.depth > MAX_DEPTH:
            self.refuse(node, f"nested more than {MAX_DEPTH} deep")
        elif isinstance(node, _STRUCTURE):
            self.children(node, scope)
        else:
            rule = _RULES.get(type(node))
            if rule is None:
                self.refuse(node, _reason_for(node))
            else:
                rule(self, node, scope)

    def children(self, node: nodes.Node, scope: _Scope) -> None:
        for child in node.iter_child_nodes():
            self.node(child, scope.deeper())

    def name(self, node: nodes.Name, scope: _Scope) -> None:
        if node.name in scope.items:
            if isinstance(scope.items[node.name], Mapping):
                self.refuse(node, f"{node.name} is a whole item: write {node.name}.field")
        elif node.name not in self.fields:
            self.missing(node, node.name)

    def missing(self, node: nodes.Node, name: str) -> None:
        self.unknown.add(name)
        self.refuse(node, f"there is no field {name[:60]}")

    def getattr(self, node: nodes.Getattr, scope: _Scope) -> None:
        if not isinstance(node.node, nodes.Name):
            self.refuse(node, "a field name has at most one dot")
            return
        group, name = node.node.name, f"{node.node.name}.{node.attr}"
        if group == "loop" and scope.loops:
            known = node.attr in _LOOP_FACTS
        elif group in scope.items:
            item = scope.items[group]
            known = isinstance(item, Mapping) and node.attr in item
        else:
            known = name in self.fields
        if not known:
            self.missing(node, name)

    def const(self, node: nodes.Const, scope: _Scope) -> None:
        if isinstance(node.value, str) and len(node.value) > MAX_CONSTANT:
            self.refuse(node, f"a quoted text is longer than {MAX_CONSTANT:,} characters")

    def compare(self, node: nodes.Compare, scope: _Scope) -> None:
        sides = [node.expr, *(operand.expr for operand in node.ops)]
        if not all(isinstance(side, _COMPARABLE) for side in sides):
            self.refuse(node, "only fields and constants can be compared")
            return
        for side in sides:
            self.node(side, scope.deeper())
        kinds = {self.kind(side, scope) for side in sides} - {None}
        if len(kinds) > 1 and any(operand.op in _ORDER for operand in node.ops):
            self.refuse(node, f"{' and '.join(sorted(str(kind) for kind in kinds))} cannot be put in order")
        if any(operand.op in ("in", "notin") for operand in node.ops):
            self.refuse(node, "compare with ==, !=, <, <=, > or >=")

    def kind(self, node: nodes.Node, scope: _Scope) -> str | None:
        if isinstance(node, nodes.Const):
            return {str: "text", bool: "boolean", int: "number", float: "number"}.get(type(node.value))
        kind = None
        if isinstance(node, nodes.Name):
            kind = self.fields.get(node.name)
        elif isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            kind = self.fields.get(f"{node.node.name}.{node.attr}")
        return "text" if kind is FieldType.MARKDOWN else kind.value if kind else None

    def filter(self, node: nodes.Filter, scope: _Scope) -> None:
        if node.name not in FILTERS:
            allowed = ", ".join(sorted(FILTERS))
            self.refuse(node, f"there is no filter {node.name[:40]}; allowed are {allowed}")
            return
        arguments = list(node.args)
        if len(arguments) > FILTERS[node.name] or node.kwargs or node.dyn_args or node.dyn_kwargs:
            self.refuse(node, f"the filter {node.name} takes no such argument")
        if not all(isinstance(argument, nodes.Const) for argument in arguments):
            self.refuse(node, f"the argument of {node.name} must be a constant")
            return
        for argument in arguments:
            self.node(argument, scope.deeper())
        if node.node is None:
            self.refuse(node, "a filter needs a field before it")
        elif (name := self.list_named(node.node, scope)) is None:
            self.node(node.node, scope.deeper())
        elif node.name not in self.filters_for(name):
            self.refuse(node, f"the filter {node.name} does not fit the list {name}")

    def filters_for(self, name: str) -> frozenset[str]:
        """A list of plain items can be joined; of a list of groups only the length is text."""
        return frozenset({"length"}) if isinstance(self.lists[name], Mapping) else _LIST_FILTERS

    def test(self, node: nodes.Test, scope: _Scope) -> None:
        if node.name not in _TESTS or node.args or node.kwargs:
            self.refuse(node, f"the test 'is {node.name[:40]}' is not allowed")
        self.node(node.node, scope.deeper())

    def list_named(self, node: nodes.Node, scope: _Scope) -> str | None:
        if isinstance(node, nodes.Name):
            name = node.name
        elif isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
            name = f"{node.node.name}.{node.attr}"
        else:
            return None
        return name if name in self.lists else None

    def loop(self, node: nodes.For, scope: _Scope) -> None:
        self.loops += 1
        name = self.list_named(node.iter, scope)
        if self.loops > MAX_LOOPS or scope.loops >= _NESTED_LOOPS:
            self.refuse(node, f"at most {MAX_LOOPS} loops, nested at most {_NESTED_LOOPS} deep")
        elif name is None:
            self.refuse(node, "for can only walk one of the given lists")
        elif not isinstance(node.target, nodes.Name) or node.recursive or node.test is not None:
            self.refuse(node, "write a loop as {% for item in list %}")
        else:
            items = {**scope.items, node.target.name: self.lists[name]}
            inner = _Scope(items, scope.loops + 1, scope.depth + 1)
            for child in _bodies(node):
                self.node(child, inner)


def _bodies(node: nodes.For) -> Iterator[nodes.Node]:
    yield from node.body
    yield from node.else_


def _reason_for(node: nodes.Node) -> str:
    for kind, words in _WORDS.items():
        if isinstance(node, kind):
            return words
    return f"{type(node).__name__.lower()} is not allowed in a template"


_RULES: Mapping[type[nodes.Node], Callable[[_Walk, Any, _Scope], None]] = {
    nodes.Name: _Walk.name, nodes.Getattr: _Walk.getattr, nodes.Const: _Walk.const,
    nodes.Compare: _Walk.compare, nodes.Filter: _Walk.filter, nodes.Test: _Walk.test, nodes.For: _Walk.loop,
}
