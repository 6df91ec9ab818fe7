"""Publication status of a record from its own data: retracted, of concern, corrected, or a notice (R69).

Direction matters: ``Retraction in`` stands on the article, ``Retraction of`` on the notice. A concern is
not a retraction. Sources: NLM, "Errata, Retractions, and Other Linked Citations in PubMed"; COPE, "Retraction
guidelines"; Crossref, "Registering updates"; Clarivate, "Web of Science document types".
"""

from __future__ import annotations

import re
from collections.abc import Collection

from inquiry_service.domain.vocabulary import RecordStatus

# Compared in lower case, with hyphens and underscores read as spaces: JATS writes retraction-notice.
_RETRACTED_TYPES = {
    "retracted publication", "retracted article", "retracted", "withdrawn publication", "withdrawn article",
    "retracted paper", "retracted preprint", "withdrawn",
}  # fmt: skip
_CONCERN_TYPES = {"publication with expression of concern"}
_NOTICE_TYPES = {
    "retraction of publication", "retraction notice", "retraction", "partial retraction", "expression of concern",
    "expression of concern notice", "published erratum", "erratum", "corrigendum", "correction", "item withdrawal",
    "withdrawal notice", "addendum", "reinstatement",
}  # fmt: skip
_RETRACTED_LINKS = {"retraction_in", "retracted_and_republished_in", "withdrawal_in", "removal_in"}
# A partial retraction leaves part of the article standing: more than "corrected", less than "retracted".
_CONCERN_LINKS = {"expression_of_concern_in", "partial_retraction_in"}
_CORRECTED_LINKS = {"erratum_in", "corrected_and_republished_in", "correction_in", "corrigendum_in"}
_NOTICE_LINKS = {
    "retraction_of", "partial_retraction_of", "expression_of_concern_for", "erratum_for", "withdrawal_of",
    "removal_of", "correction_for", "corrigendum_for", "reinstatement_of",
}  # fmt: skip

# Publishers put these words before a title; the sign or word after them keeps
# "Retraction of the lung in thoracic surgery" and "Correction of hyponatraemia" out.
_RETRACTED_TITLE = re.compile(
    r"(?:(?i:[\[(]?\s*(?:retracted|withdrawn|removed)(?:\s+(?:article|paper|chapter|preprint))?\s*[\])]?\s*[:.\]])"
    r"|(?:RETRACTED|WITHDRAWN)(?: ARTICLE)?\s*[-–—]|(?i:retracted)\s+[-–—]\s)"
)
_RETRACTED_TITLE_END = re.compile(
    r"(?:[\[(](?i:retracted|retracted article|withdrawn)\b[^\])]*[\])]?|\s[-–—]\s*RETRACTED)\s*\.?\Z")
_REMOVED_FOR_NOW = re.compile(r"[\[(]?temporary removal[\])]?\s*[:.–—-]", re.IGNORECASE)
_WHOSE = r"(?:author(?:'s|’s)? |publisher(?:'s|’s)? |editor(?:ial)?(?:'s|’s)? )?"
_BEFORE_A_TITLE = r"(?:\s*(?:--|[:–—]|[“‘\"«])|\s+to\b)"
_NOTICE_TITLE = re.compile(
    r"(?:notice of (?:retraction|withdrawal|concern|correction)|statement of retraction"
    r"|(?:retraction|withdrawal|removal) (?:notice|note|statement)"
    rf"|{_WHOSE}(?:partial )?retraction(?: of)?{_BEFORE_A_TITLE}"
    rf"|{_WHOSE}(?:expression|note) of concern(?:{_BEFORE_A_TITLE}|\s+for\b)"
    rf"|{_WHOSE}(?:correction|corrigendum|erratum|errata|addendum)"
    r"(?:\s*(?:--|[:–—]|[“‘\"«])|\s+to(?::|\s+[“‘\"«]|\s+the article\b)|\s+for\s+[^,]{2,60}\bet al\b)"
    r"|(?:retraction|expression of concern) for\s+[^,]{2,60}\bet al\b"
    r"|(?:corrigendum|erratum|errata) (?:to|on|for)\b|department of error\b"
    r"|(?:retraction|correction|corrections|corrigendum|erratum|errata|expression of concern)\.?\Z)",
    re.IGNORECASE,
)
_WITHDRAWN_ABSTRACT = re.compile(
    r"(?:withdrawal statement|(?:this|the) (?:preprint|manuscript|article|paper|study|review) (?:has been|is|was) "
    r"(?:withdrawn|retracted)|the authors? (?:have|has) withdrawn (?:this|their|the) (?:preprint|manuscript|article))",
    re.IGNORECASE,
)


def standing(
    title: str, types: Collection[str], links: Collection[str], abstract: str = ""
) -> tuple[RecordStatus, bool]:
    """Tell a record's publication status and whether it is itself a notice.

    Args:
        title: the cleaned title.
        types: publication types as the source writes them.
        links: kinds of the record's relations, e.g. ``retraction_in``.
        abstract: the cleaned abstract; a withdrawn preprint says so there, under its old title.

    Returns:
        (status, is_notice). The gravest finding wins.
    """
    lowered = {re.sub(r"[-_\s]+", " ", name).strip().lower() for name in types}
    kinds = set(links)
    notice = bool(lowered & _NOTICE_TYPES or kinds & _NOTICE_LINKS or _NOTICE_TITLE.match(title))
    if lowered & _RETRACTED_TYPES or kinds & _RETRACTED_LINKS or (not notice and _says_retracted(title, abstract)):
        return RecordStatus.RETRACTED, notice
    if lowered & _CONCERN_TYPES or kinds & _CONCERN_LINKS or _REMOVED_FOR_NOW.match(title):
        return RecordStatus.EXPRESSION_OF_CONCERN, notice
    if kinds & _CORRECTED_LINKS:
        return RecordStatus.CORRECTED, notice
    return RecordStatus.CURRENT, notice


def _says_retracted(title: str, abstract: str) -> bool:
    return bool(
        _RETRACTED_TITLE.match(title) or _RETRACTED_TITLE_END.search(title) or _WITHDRAWN_ABSTRACT.match(abstract)
    )
