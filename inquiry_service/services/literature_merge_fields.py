"""What becomes of the fields when two records are made one: chosen from one of them, joined, or the graver of both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inquiry_service.domain.vocabulary import PeerReview, RecordKind, RecordStatus, StudyDesign, Term
from inquiry_service.errors import InvalidInput
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.services.literature_changes import is_richer

KEPT, GONE = "kept", "gone"
IDENTIFIERS = ("doi", "pmid", "pmcid")
CHOSEN = (
    "title", "abstract", "authors", "journal", "journal_abbrev", "year", "volume", "issue", "pages", *IDENTIFIERS,
    "language", "kind", "design", "participants", "funding", "peer_review", "limits",
)
"""Fields of which a person chooses one side."""
JOINED = ("mesh", "keywords", "publication_types", "products", "populations")
"""Lists of which nothing is lost."""

_TERMS: Mapping[str, type[Term]] = {
    "kind": RecordKind, "design": StudyDesign, "peer_review": PeerReview, "status": RecordStatus,
}
_GRAVITY = {status: rank for rank, status in enumerate(RecordStatus)}


def defaults(kept: LiteratureRecord, gone: LiteratureRecord) -> dict[str, str]:
    """Return the side that is proposed for each field: what says more, otherwise the record that stays.

    An abstract says more when it is longer or has its sections set apart, a list of authors when it names more, a
    range of pages when it has its end.
    """
    return {name: GONE if _says_more(name, getattr(gone, name), getattr(kept, name)) else KEPT for name in CHOSEN}


def differing(kept: LiteratureRecord, gone: LiteratureRecord) -> list[str]:
    """Return the fields in which there is something to choose."""
    return [name for name in CHOSEN if (getattr(kept, name) or None) != (getattr(gone, name) or None)]


def checked(choices: Mapping[str, str]) -> dict[str, str]:
    """Return the choices.

    Raises:
        InvalidInput: a field or a side that does not exist.
    """
    wrong = {name: "Choose one of the two records." for name, side in choices.items()
             if name not in CHOSEN or side not in (KEPT, GONE)}
    if wrong:
        raise InvalidInput("Some fields were not chosen.", fields=wrong)
    return dict(choices)


def outcome(kept: LiteratureRecord, gone: LiteratureRecord, choices: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields in which the kept record changes, with their new values."""
    wanted = defaults(kept, gone) | dict(choices)
    values: dict[str, Any] = {name: getattr(gone, name) for name, side in wanted.items() if side == GONE}
    values |= {name: _joined(getattr(kept, name), getattr(gone, name)) for name in JOINED}
    values["medical_only"] = kept.medical_only or gone.medical_only
    if _GRAVITY[gone.status] > _GRAVITY[kept.status]:
        values |= {"status": gone.status, "status_note": gone.status_note}
    return {name: value for name, value in values.items() if value != getattr(kept, name)}


def _says_more(name: str, theirs: Any, ours: Any) -> bool:
    if name == "kind":
        return bool(ours is RecordKind.OTHER and theirs is not RecordKind.OTHER)
    if not theirs or not ours:
        return bool(theirs) and not ours
    if name == "abstract":
        return is_richer(theirs, ours) or (len(theirs) > len(ours) and not is_richer(ours, theirs))
    if name == "authors":
        return len(theirs) > len(ours) or (len(theirs) == len(ours) and _letters(theirs) > _letters(ours))
    return bool(name == "pages" and "-" not in ours and theirs.startswith(f"{ours}-"))


def _letters(authors: list[dict[str, Any]]) -> int:
    return sum(len(str(author.get("given", ""))) for author in authors)


def _joined(ours: list[str], theirs: list[str]) -> list[str]:
    """Both lists, each entry once, whatever its case and whether it is marked as a major topic."""
    known = {entry.replace("*", "").casefold() for entry in ours}
    return [*ours, *(entry for entry in theirs if entry.replace("*", "").casefold() not in known)]


def plain(value: Any) -> Any:
    """Return a field's value as it can be stored in JSON."""
    return value.value if isinstance(value, Term) else value


def typed(name: str, value: Any) -> Any:
    """Return a stored value as the field holds it."""
    return _TERMS[name](value) if name in _TERMS and value is not None else value
