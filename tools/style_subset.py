"""Cut a large style sheet down to the classes that are used, without a build step for anyone else.

A rule stays when every class in one of its selectors is wanted; selectors without a class (the reset,
the custom properties) stay. Declarations that refer to a ``data:`` address go, because the product's
Content-Security-Policy refuses them and each would be reported in the console.
"""

from __future__ import annotations

import re
from typing import Any

import tinycss2

_CLASS = re.compile(r"\.(-?[_a-zA-Z][\w-]*)")
_USED_PROPERTY = re.compile(r"var\(\s*(--[\w-]+)")
_SPLIT = re.compile(r",(?![^(]*\))")
_NESTING = ("media", "supports", "layer")
_LEFT_OUT = ("keyframes", "-webkit-keyframes", "charset", "import", "font-face")


def _selectors(prelude: list[Any], wanted: frozenset[str]) -> str:
    """Return those selectors of a rule whose classes are all wanted, joined again."""
    listed = _SPLIT.split(tinycss2.serialize(prelude))
    return ",".join(one.strip() for one in listed if set(_CLASS.findall(one)) <= wanted)


def _declarations(content: list[Any]) -> list[tuple[str, str]]:
    """Return (property, value) pairs of a rule, without those that need a ``data:`` address."""
    pairs = []
    for part in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        if part.type == "declaration":
            value = tinycss2.serialize(part.value).strip()
            if "data:" not in value:
                pairs.append((part.name, value + ("!important" if part.important else "")))
    return pairs


Rule = tuple[str, list[tuple[str, str]]]


def _rules(content: Any, wanted: frozenset[str]) -> list[Rule | tuple[str, list[Any]]]:
    """Walk rules and nested at-rules; return what is kept, in order."""
    kept: list[Any] = []
    for part in content:
        if part.type == "qualified-rule":
            selector, pairs = _selectors(part.prelude, wanted), _declarations(part.content)
            if selector and pairs:
                kept.append((selector, pairs))
        elif part.type == "at-rule" and part.content and part.lower_at_keyword in _NESTING:
            inner = tinycss2.parse_rule_list(part.content, skip_comments=True, skip_whitespace=True)
            name = f"@{part.at_keyword} {tinycss2.serialize(part.prelude).strip()}"
            if nested := _rules(inner, wanted):
                kept.append((name, nested))
    return kept


def _needed(text: str, defined: dict[str, str]) -> set[str]:
    """Return the custom properties that ``text`` needs, also through other custom properties."""
    found: set[str] = set()
    todo = set(_USED_PROPERTY.findall(text))
    while todo:
        name = todo.pop()
        found.add(name)
        todo |= set(_USED_PROPERTY.findall(defined.get(name, ""))) - found
    return found


def _text(rules: list[Any], keep: set[str] | None) -> str:
    """Write rules as text; with ``keep``, custom properties that nobody needs are left out."""
    lines = []
    for selector, body in rules:
        if selector.startswith("@"):
            inner = _text(body, keep)
        else:
            inner = "".join(
                f"  {name}: {value};\n" for name, value in body
                if keep is None or not name.startswith("--") or name in keep
            )
        if inner:
            lines.append(f"{selector} {{\n{inner}}}\n")
    return "".join(lines)


def _defined(rules: list[Any]) -> dict[str, str]:
    """Return every custom property with all the values it is given, joined."""
    values: dict[str, str] = {}
    for selector, body in rules:
        pairs = _defined(body).items() if selector.startswith("@") else body
        for name, value in pairs:
            if name.startswith("--"):
                values[name] = values.get(name, "") + " " + value
    return values


def subset(sheet: str, wanted: frozenset[str]) -> str:
    """Return the part of ``sheet`` that pages with the classes ``wanted`` can show.

    The licence banner (first ``/*!`` comment) is kept. Keyframes, fonts and imports are left out.
    """
    banner = re.search(r"/\*!.*?\*/", sheet, re.DOTALL)
    parsed = tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)
    rules = _rules(parsed, wanted)
    plain = "".join(
        f"{value};" for _, body in _flat(rules) for name, value in body if not name.startswith("--")
    )
    keep = _needed(plain, _defined(rules))
    note = "/* Subset made by tools/vendor_assets.py: classes listed in tools/assets.toml. */\n"
    return (banner.group(0) + "\n" if banner else "") + note + _text(rules, keep)


def _flat(rules: list[Any]) -> list[Rule]:
    """Return all plain rules, also those inside at-rules."""
    return [
        one for rule in rules
        for one in (_flat(rule[1]) if rule[0].startswith("@") else [rule])
    ]
