"""What the gate says about a draft: findings, and the rules that make them.

A rule is a pure function from a dossier to issues. The table that lists it adds its name, weight and
requirement, so that a rule says only what is wrong, where, and how to mend it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from inquiry_service.domain.dossier import Dossier
from inquiry_service.domain.vocabulary import Severity
from inquiry_service.errors import Unmet

EXCERPT = 240
"""Characters of the letter that a finding quotes at most."""


@dataclass(frozen=True)
class Issue:
    """One thing that a rule found.

    Attributes:
        message: what is wrong, one sentence.
        where: a block kind (``summary``) or a part of the inquiry page (``evidence``, ``triage``,
            ``safety``, ``label``, ``template``, ``fields``, ``requester``).
        fix: what to do about it, one sentence.
        excerpt: the words concerned, as they stand in the letter.
        line: line of the block's text, from 1; 0 when the finding is not about a line.
        questions: numbers of the questions of the block concerned.
    """

    message: str
    where: str
    fix: str
    excerpt: str = ""
    line: int = 0
    questions: tuple[int, ...] = ()


Check = Callable[[Dossier], Iterator[Issue]]


@dataclass(frozen=True)
class Rule:
    """A line of a rule table.

    Attributes:
        id: stable name; findings, accepted warnings and tests refer to it.
        check: the function.
        severity: a blocker forbids signing; a warning may be accepted with a reason.
        requirement: the R-number that the rule enforces.
    """

    id: str
    check: Check
    severity: Severity
    requirement: str

    @property
    def title(self) -> str:
        """The rule in one sentence: the first line of its function's docstring."""
        return (self.check.__doc__ or "").strip().partition("\n")[0]


@dataclass(frozen=True)
class Finding:
    """An issue with the name, weight and requirement of the rule that found it."""

    rule: str
    severity: Severity
    message: str
    where: str
    fix: str
    requirement: str
    excerpt: str = ""
    line: int = 0
    questions: tuple[int, ...] = ()

    @property
    def blocks(self) -> bool:
        """True when nobody may sign while it stands."""
        return self.severity is Severity.BLOCKER


def run(rules: Iterable[Rule], dossier: Dossier) -> tuple[Finding, ...]:
    """Return the findings of ``rules`` on ``dossier``: blockers first, otherwise in the order of the table."""
    found = [_finding(rule, issue) for rule in rules for issue in rule.check(dossier)]
    return tuple(sorted(found, key=lambda finding: not finding.blocks))


def _finding(rule: Rule, issue: Issue) -> Finding:
    quoted = issue.excerpt if len(issue.excerpt) <= EXCERPT else issue.excerpt[: EXCERPT - 1].rstrip() + "…"
    return Finding(rule.id, rule.severity, issue.message, issue.where, issue.fix, rule.requirement,
                   quoted, issue.line, issue.questions)


def blockers(findings: Iterable[Finding]) -> tuple[Unmet, ...]:
    """Return the blockers among ``findings`` as unmet conditions, the form in which the workflow refuses."""
    return tuple(
        Unmet(finding.rule, f"{finding.message} {finding.fix}", finding.where, finding.requirement)
        for finding in findings if finding.blocks
    )


def warnings(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the warnings among ``findings``, for the reviewer to confirm one by one (R59)."""
    return tuple(finding for finding in findings if not finding.blocks)
