"""What the rules found on a draft, as a list to work through."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from inquiry_service.domain import gate
from inquiry_service.domain.draft import parse_source
from inquiry_service.domain.findings import Finding
from inquiry_service.errors import EvenhandError
from inquiry_service.web.presenters.reasons import place_of

_REQUIREMENT = re.compile(r" \((?:R\d+|letter outline)[^()]*\)")


@dataclass(frozen=True)
class Item:
    """One finding.

    Attributes:
        goto: words of the source to select when the person follows it; empty when it is not about the text.
        href: where it is mended.
    """

    severity: str
    title: str
    text: str
    excerpt: str
    href: str
    goto: str = ""
    requirement: str = ""


@dataclass(frozen=True)
class Checks:
    """The findings with their counts; ``passed`` has the rules, in words, that found nothing."""

    items: tuple[Item, ...]
    blockers: int
    warnings: int
    passed: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The heading: ``2 to mend, 1 to look at``, or that nothing was found."""
        if not self.items:
            return "Nothing to mend"
        parts = [f"{self.blockers} to mend" if self.blockers else "",
                 f"{self.warnings} to look at" if self.warnings else ""]
        return ", ".join(part for part in parts if part)


def checks_of(findings: Sequence[Finding], inquiry_id: str, source: str = "") -> Checks:
    """Return the findings on a text; ``source`` is the Markdown in the editor, if there is one."""
    lines = _lines(source)
    items = tuple(_item(finding, inquiry_id, lines) for finding in findings)
    blockers = sum(finding.blocks for finding in findings)
    struck = {finding.rule for finding in findings}
    passed = tuple(_plain(rule.title) for rule in gate.RULES if rule.id not in struck)
    return Checks(items, blockers, len(items) - blockers, passed)


def unreadable(message: str, inquiry_id: str, line: str = "") -> Checks:
    """Return the one finding on a text that cannot be read as a letter."""
    href = place_of("draft", inquiry_id)
    return Checks((Item("blocker", "The text cannot be read", message, "", href, line),), 1, 0)


def _item(finding: Finding, inquiry_id: str, lines: dict[tuple[str, int], str]) -> Item:
    goto = lines.get((finding.where, finding.line), "") or lines.get((finding.where, 0), "")
    return Item(finding.severity.value, finding.message, finding.fix, finding.excerpt,
                place_of(finding.where, inquiry_id), goto, finding.requirement)


def _plain(title: str) -> str:
    """A rule's sentence without the requirement behind it: that stands in the documentation."""
    return _REQUIREMENT.sub("", title).rstrip(".")


def _lines(source: str) -> dict[tuple[str, int], str]:
    """Return what stands in the editor, by block and line of the block; line 0 is the heading."""
    try:
        blocks = parse_source(source)
    except EvenhandError:
        return {}
    found: dict[tuple[str, int], str] = {}
    for block in blocks:
        found.setdefault((block.kind.value, 0), f"## {block.heading}")
        for number, line in enumerate(block.text.split("\n"), start=1):
            found.setdefault((block.kind.value, number), line.strip())
    return found


def numbers_of(references: Iterable[dict[str, Any]]) -> dict[str, int]:
    """Return record id to its number in the letter."""
    return {reference["record_id"]: reference["number"] for reference in references}
