"""The gate: every rule on one dossier. Signing refuses while a blocker stands."""

from __future__ import annotations

from inquiry_service.domain import balance, compliance
from inquiry_service.domain.dossier import Dossier
from inquiry_service.domain.findings import Finding, Rule, blockers, run, warnings
from inquiry_service.errors import Refused

__all__ = ["RULES", "blockers", "check", "refuse_blockers", "warnings"]

RULES: tuple[Rule, ...] = (*compliance.RULES, *balance.RULES)
"""Compliance first: whether to answer at all comes before how well."""


def check(dossier: Dossier, rules: tuple[Rule, ...] = RULES) -> tuple[Finding, ...]:
    """Return everything that the rules find on this draft, blockers first (R51-R60, R69)."""
    return run(rules, dossier)


def refuse_blockers(dossier: Dossier) -> tuple[Finding, ...]:
    """Return the warnings of a draft that may be signed.

    Raises:
        Refused: a blocker stands; ``unmet`` has all of them.
    """
    findings = check(dossier)
    unmet = blockers(findings)
    if unmet:
        count = len(unmet)
        raise Refused(f"{count} finding{'s' if count != 1 else ''} must be mended before this letter can be signed.",
                      unmet)
    return warnings(findings)
