"""Publication status of a record from its own data: retracted, of concern, corrected, or a notice (R69).

Direction matters: ``Retraction in`` stands on the article, ``Retraction of`` on the notice. A concern is
not a retraction. Sources: NLM, "Errata, Retractions, and Other Linked Citations in PubMed".
"""

from __future__ import annotations

import re
from collections.abc import Collection

from inquiry_service.domain.vocabulary import RecordStatus

_RETRACTED_TYPES = {"retracted publication", "retracted article", "retracted"}
_NOTICE_TYPES = {
    "retraction of publication",
    "retraction notice",
    "retraction",
    "expression of concern",
    "published erratum",
    "erratum",
    "corrigendum",
    "correction",
}
_RETRACTED_LINKS = {"retraction_in", "retracted_and_republished_in"}
# A partial retraction leaves part of the article standing: more than "corrected", less than "retracted".
_CONCERN_LINKS = {"expression_of_concern_in", "partial_retraction_in"}
_CORRECTED_LINKS = {"erratum_in", "corrected_and_republished_in"}
_NOTICE_LINKS = {"retraction_of", "partial_retraction_of", "expression_of_concern_for", "erratum_for"}

# Publishers put these words before a title; the sign or word after them keeps
# "Retraction of the lung in thoracic surgery" and "Correction of hyponatraemia" out.
_RETRACTED_TITLE = re.compile(
    r"[\[(]?\s*(retracted|withdrawn)(\s+(article|paper))?\s*[\])]?\s*[:.\-–—\]]", re.IGNORECASE
)
_NOTICE_TITLE = re.compile(
    r"(notice of retraction|retraction (notice|note|statement)|retraction\s*(--|[:–—])|retraction to\b"
    r"|expression of concern\s*(--|[:–—]|to\b|for\b)"
    r"|(correction|corrigendum|erratum|errata)\s*(--|[:–—]|to:|to the article\b))",
    re.IGNORECASE,
)
_RETRACTED_TITLE_END = re.compile(r"[\[(](retracted|retracted article|withdrawn)\b[^\])]*[\])]?\s*\.?\Z", re.IGNORECASE)


def standing(title: str, types: Collection[str], links: Collection[str]) -> tuple[RecordStatus, bool]:
    """Tell a record's publication status and whether it is itself a notice.

    Args:
        title: the cleaned title.
        types: publication types as the source writes them.
        links: kinds of the record's relations, e.g. ``retraction_in``.

    Returns:
        (status, is_notice). The gravest finding wins.
    """
    lowered = {name.strip().lower() for name in types}
    kinds = set(links)
    notice = bool(lowered & _NOTICE_TYPES or kinds & _NOTICE_LINKS or _NOTICE_TITLE.match(title))
    if lowered & _RETRACTED_TYPES or kinds & _RETRACTED_LINKS or (not notice and _title_says_retracted(title)):
        return RecordStatus.RETRACTED, notice
    if kinds & _CONCERN_LINKS:
        return RecordStatus.EXPRESSION_OF_CONCERN, notice
    if kinds & _CORRECTED_LINKS:
        return RecordStatus.CORRECTED, notice
    return RecordStatus.CURRENT, notice


def _title_says_retracted(title: str) -> bool:
    return bool(_RETRACTED_TITLE.match(title) or _RETRACTED_TITLE_END.search(title))
