"""Labels, reviewed content, and the parts of a letter."""

from __future__ import annotations

from inquiry_service.domain.vocabulary.term import Term


class LabelState(Term):
    """State of a label version."""

    CURRENT = "current", "Current"
    SUPERSEDED = "superseded", "Superseded"
    RETIRED = "retired", "Retired"


class ContentState(Term):
    """Lifecycle of reviewed content (R63); only EFFECTIVE may be used."""

    DRAFT = "draft", "Draft"
    EFFECTIVE = "effective", "Effective"
    SUSPENDED = "suspended", "Suspended"
    SUPERSEDED = "superseded", "Superseded"
    RETIRED = "retired", "Retired"


class BlockKind(Term):
    """Parts of a letter's text in the order in which they are printed (requirements, section 4)."""

    OPENING = "opening", "Your question"
    STATUS = "status", "Approval status"
    SAFETY_INFORMATION = "safety_information", "Important safety information"
    SUMMARY = "summary", "Summary"
    BACKGROUND = "background", "Background"
    SEARCH_METHODS = "search_methods", "How we searched"
    DATA = "data", "Data"
    CONTRARY_EVIDENCE = "contrary_evidence", "Conflicting, negative or missing evidence"
    GUIDELINES = "guidelines", "Guidelines"
    CLOSING = "closing", "Closing"


class ResponseType(Term):
    """What kind of answer a draft is; decides the depth of review (R79)."""

    STANDARD_UNCHANGED = "standard_unchanged", "Standard response, unchanged"
    STANDARD_EDITED = "standard_edited", "Standard response, edited"
    CUSTOM = "custom", "Custom response"


class Severity(Term):
    """Weight of a finding; a blocker forbids signing."""

    BLOCKER = "blocker", "Must be mended"
    WARNING = "warning", "Look at this"
