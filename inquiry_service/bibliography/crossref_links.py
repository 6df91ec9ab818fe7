"""What a Crossref work says of other works, with the right direction: the article against the notice (R69).

``update-to`` stands on the notice and names the article; ``updated-by`` stands on the article and names the
notice. Sources: Crossref, "Registering updates"; Crossref REST API, "Retraction Watch data"; Crossref,
"Relationships between works".
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inquiry_service.bibliography.json_values import object_in, objects_in, text_in
from inquiry_service.bibliography.normalise import normalise_doi
from inquiry_service.bibliography.record import Relation

# Update type -> (kind on the notice, kind on the article), in the words of MEDLINE.
_UPDATES = {
    "retraction": ("retraction_of", "retraction_in"),
    "partial_retraction": ("partial_retraction_of", "partial_retraction_in"),
    "withdrawal": ("retraction_of", "retraction_in"),
    "removal": ("retraction_of", "retraction_in"),
    "expression_of_concern": ("expression_of_concern_for", "expression_of_concern_in"),
    "correction": ("erratum_for", "erratum_in"),
    "corrigendum": ("erratum_for", "erratum_in"),
    "erratum": ("erratum_for", "erratum_in"),
    "addendum": ("erratum_for", "erratum_in"),
    "clarification": ("erratum_for", "erratum_in"),
    "reinstatement": ("reinstatement_of", "reinstatement_in"),
    "new_version": ("update_of", "update_in"),
    "new_edition": ("update_of", "update_in"),
}
_RELATIONS = {
    "is-preprint-of": "preprint_of",
    "has-preprint": "has_preprint",
    "is-comment-on": "comment_on",
    "has-comment": "comment_in",
    "is-correction-of": "erratum_for",
    "has-correction": "erratum_in",
    "is-retraction-of": "retraction_of",
    "has-retraction": "retraction_in",
}


def relations_of(item: Mapping[str, Any]) -> list[Relation]:
    """The relations of a work, the notices first."""
    own = normalise_doi(text_in(item.get("DOI")))
    found = [_update(update, own, on_notice=True) for update in objects_in(item.get("update-to"))]
    found += [_update(update, own, on_notice=False) for update in objects_in(item.get("updated-by"))]
    for name, others in object_in(item.get("relation")).items():
        kind = _RELATIONS.get(name)
        found += [_relation(kind, other) for other in objects_in(others) if kind]
    return list(dict.fromkeys(found))


def _update(update: Mapping[str, Any], own: str, *, on_notice: bool) -> Relation:
    doi = text_in(update.get("DOI"))
    name = text_in(update.get("type")).lower().replace("-", "_").replace(" ", "_")
    # A work that updates itself is the article under the same DOI, not a notice of it.
    of_notice = on_notice and normalise_doi(doi) != own
    kinds = _UPDATES.get(name, ("update_of", "update_in"))
    label, date = text_in(update.get("label")) or name, text_in(object_in(update.get("updated")).get("date-time"))
    return Relation(kinds[0 if of_notice else 1], doi=doi, citation=" ".join((label, date[:10])).strip())


def _relation(kind: str, other: Mapping[str, Any]) -> Relation:
    identifier = text_in(other.get("id"))
    is_pmid = text_in(other.get("id-type")).lower() == "pmid"
    return Relation(kind, pmid=identifier, citation="") if is_pmid else Relation(kind, doi=identifier)
