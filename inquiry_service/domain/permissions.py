"""Who may do what: one table, deny by default (R24-R33).

A view is tagged with a permission, a transition names one, a template asks for one: all of them ask
this table. Which *rows* a person sees is the store's business; which *step* is possible now is the
workflow's.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from inquiry_service.domain.vocabulary import Role


class Permission(Enum):
    """A right, named ``object:verb``; the docstring of each member says what it opens."""

    ACCOUNT_OWN = "account:own"
    """See and change one's own account settings, sign out."""
    INQUIRY_SUBMIT = "inquiry:submit"
    """Hand in a question from the field, under attestation (R4)."""
    INQUIRY_STATUS = "inquiry:status"
    """See status words of the inquiries one submitted (R25)."""
    INQUIRY_RECORD = "inquiry:record"
    """Record an inquiry that reached the department."""
    INQUIRY_READ = "inquiry:read"
    """Read inquiries with their content."""
    INQUIRY_SCREEN = "inquiry:screen"
    """Answer the screens and open safety or complaint records."""
    INQUIRY_TRIAGE = "inquiry:triage"
    """Classify, prioritise, redirect, ask the requester."""
    INQUIRY_ASSIGN = "inquiry:assign"
    """Assign an inquiry and start drafting."""
    INQUIRY_HOLD_DECIDE = "inquiry:hold_decide"
    """Decide on a solicitation hold (R6)."""
    INQUIRY_CLOSE = "inquiry:close"
    """Close or withdraw an inquiry."""
    LITERATURE_SEARCH = "literature:search"
    """Search and read the literature library."""
    LITERATURE_CONFIDENTIAL = "literature:confidential"
    """Find and read records that are for medical information staff only, such as data on file."""
    LITERATURE_IMPORT = "literature:import"
    """Import records into the library."""
    LITERATURE_MANAGE = "literature:manage"
    """Describe, link and merge records, store files, record rights and standing."""
    EVIDENCE_DECIDE = "evidence:decide"
    """Record searches on an inquiry and keep or reject hits."""
    DRAFT_WRITE = "draft:write"
    """Write drafts and sign authorship."""
    DRAFT_READ = "draft:read"
    """Read drafts and letters."""
    REVIEW_DECIDE = "review:decide"
    """Review, return, approve and sign."""
    RESPONSE_RELEASE = "response:release"
    """Release an unchanged standard response on the fast path (R79)."""
    RESPONSE_SEND = "response:send"
    """Send an approved letter."""
    CONTENT_READ = "content:read"
    """Read the response library and labels."""
    CONTENT_MANAGE = "content:manage"
    """Change the state of reviewed content and labels."""
    SAFETY_READ = "safety:read"
    """Read safety records."""
    SAFETY_FORWARD = "safety:forward"
    """Hand a safety record over to pharmacovigilance."""
    SAFETY_ACKNOWLEDGE = "safety:acknowledge"
    """Confirm receipt of a safety record."""
    COMPLAINT_READ = "complaint:read"
    """Read product complaints."""
    COMPLAINT_ACKNOWLEDGE = "complaint:acknowledge"
    """Confirm receipt of a complaint."""
    AUDIT_READ = "audit:read"
    """Read and verify the audit log."""
    AUDIT_EXPORT = "audit:export"
    """Export the audit log."""
    USERS_MANAGE = "users:manage"
    """Create and disable accounts, grant roles."""
    SECURITY_READ = "security:read"
    """See locked accounts and refused signatures (R77)."""
    SYSTEM_HEALTH = "system:health"
    """See jobs and the health of the installation."""


P = Permission

_EVERYONE = {P.ACCOUNT_OWN}
_FIELD = _EVERYONE | {P.INQUIRY_SUBMIT, P.INQUIRY_STATUS}
_MEDICAL = _EVERYONE | {
    P.INQUIRY_READ, P.LITERATURE_SEARCH, P.DRAFT_READ, P.CONTENT_READ, P.SAFETY_READ, P.COMPLAINT_READ,
}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.FIELD_MSL: frozenset(_FIELD),
    Role.FIELD_SALES: frozenset(_FIELD),
    Role.INTAKE_AGENT: frozenset(_EVERYONE | {
        P.INQUIRY_RECORD, P.INQUIRY_READ, P.INQUIRY_SCREEN, P.SAFETY_READ, P.SAFETY_FORWARD, P.COMPLAINT_READ,
    }),
    Role.MI_SPECIALIST: frozenset(_MEDICAL | {
        P.INQUIRY_RECORD, P.INQUIRY_SCREEN, P.INQUIRY_TRIAGE, P.INQUIRY_ASSIGN, P.INQUIRY_CLOSE,
        P.LITERATURE_CONFIDENTIAL, P.LITERATURE_IMPORT, P.LITERATURE_MANAGE, P.EVIDENCE_DECIDE, P.DRAFT_WRITE,
        P.RESPONSE_RELEASE, P.RESPONSE_SEND, P.SAFETY_FORWARD,
    }),
    Role.MEDICAL_REVIEWER: frozenset(_MEDICAL | {P.LITERATURE_CONFIDENTIAL, P.REVIEW_DECIDE}),
    Role.CONTENT_OWNER: frozenset(_MEDICAL | {
        P.LITERATURE_CONFIDENTIAL, P.LITERATURE_IMPORT, P.LITERATURE_MANAGE, P.CONTENT_MANAGE,
    }),
    Role.SAFETY_CONTACT: frozenset(_EVERYONE | {
        P.INQUIRY_READ, P.SAFETY_READ, P.SAFETY_FORWARD, P.SAFETY_ACKNOWLEDGE,
    }),
    Role.QUALITY_CONTACT: frozenset(_EVERYONE | {P.INQUIRY_READ, P.COMPLAINT_READ, P.COMPLAINT_ACKNOWLEDGE}),
    Role.COMPLIANCE: frozenset(_MEDICAL | {P.INQUIRY_HOLD_DECIDE, P.AUDIT_READ}),
    Role.AUDITOR: frozenset(_MEDICAL | {
        P.LITERATURE_CONFIDENTIAL, P.AUDIT_READ, P.AUDIT_EXPORT, P.SECURITY_READ,
    }),
    Role.PRIVACY_OFFICER: frozenset(_EVERYONE | {P.INQUIRY_READ, P.AUDIT_READ}),
    Role.ADMINISTRATOR: frozenset(_EVERYONE | {P.USERS_MANAGE, P.SECURITY_READ, P.SYSTEM_HEALTH}),
    Role.SYSTEM: frozenset(),
}
"""R28: the administrator holds no content or signing right. R24: field roles read no content."""

SALES_ROLES = frozenset({Role.FIELD_SALES})
FIELD_ROLES = frozenset({Role.FIELD_MSL, Role.FIELD_SALES})

INCOMPATIBLE_ROLES: tuple[tuple[frozenset[Role], frozenset[Role]], ...] = (
    (FIELD_ROLES, frozenset(Role) - FIELD_ROLES),
    (frozenset({Role.ADMINISTRATOR}), frozenset(Role) - {Role.ADMINISTRATOR}),
    (frozenset({Role.AUDITOR}), frozenset(Role) - {Role.AUDITOR}),
)
"""Roles that one account may not hold together: separation of functions (R24, R28, R106)."""


def permissions_of(roles: Iterable[Role]) -> frozenset[Permission]:
    """Return the union of the permissions of ``roles``; an unknown role carries none."""
    return frozenset().union(*(ROLE_PERMISSIONS.get(role, frozenset()) for role in roles))


def conflict_of(roles: Iterable[Role]) -> tuple[Role, Role] | None:
    """Return two of ``roles`` that one person may not hold together, or None."""
    held = frozenset(roles)
    for left, right in INCOMPATIBLE_ROLES:
        if held & left and held & right:
            return min(held & left), min(held & right)
    return None
