"""Fields of a record as people enter them: cleaned, checked, each fault named beside its field (R71)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from inquiry_service.bibliography import names, normalise
from inquiry_service.clock import now
from inquiry_service.domain.vocabulary import PeerReview, Population, RecordKind, StudyDesign
from inquiry_service.errors import InvalidInput
from inquiry_service.store import products as product_store

EVIDENCE = ("design", "participants", "funding", "peer_review", "limits", "populations", "products", "keywords",
            "medical_only")
BIBLIOGRAPHIC = ("kind", "title", "authors", "journal", "issue", "year", "abstract", "doi", "pmid")
MOST_PARTICIPANTS = 10_000_000
LONGEST = {"funding": 2000, "limits": 2000, "title": 2000, "journal": 500, "issue": 200, "abstract": 100_000}
MOST_KEYWORDS = 50

_TERMS = {"design": StudyDesign, "peer_review": PeerReview, "kind": RecordKind}


def told(value: Any) -> Any:
    """A value as the audit tells it; nothing and an empty text are the same."""
    return value if value not in ("", None, []) else None


def checked(session: Session, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return clean values.

    Raises:
        InvalidInput: names each field that cannot be kept.
    """
    faults: dict[str, str] = {}
    values: dict[str, Any] = {}
    for name, value in given.items():
        try:
            values[name] = _clean(session, name, value)
        except ValueError as fault:
            faults[name] = str(fault)
    if faults:
        raise InvalidInput("The record was not saved. Nothing you typed is lost.", fields=faults)
    return values


def _clean(session: Session, name: str, value: Any) -> Any:
    if name in _TERMS:
        return _TERMS[name](value) if value else None
    if name in _CLEANERS:
        return _CLEANERS[name](value)
    if name == "products":
        return _products(session, value)
    text = (normalise.clean_paragraphs if name in ("abstract", "limits") else normalise.clean_line)(str(value or ""))
    if name == "title" and not text:
        raise ValueError("Enter the title.")
    if len(text) > LONGEST.get(name, 200):
        raise ValueError(f"At most {LONGEST.get(name, 200):,} characters.")
    return text


def _products(session: Session, value: Any) -> list[str]:
    for key in value:
        if product_store.by_key(session, key) is None:
            raise ValueError(f"There is no product “{key}”.")
    return list(value)


def _participants(value: Any) -> int | None:
    if value is not None and not 1 <= int(value) <= MOST_PARTICIPANTS:
        raise ValueError(f"Enter a whole number from 1 to {MOST_PARTICIPANTS:,}, or nothing.")
    return None if value is None else int(value)


def _year(value: Any) -> int | None:
    if value is not None and not 1500 <= int(value) <= now().year + 1:
        raise ValueError(f"Enter a year from 1500 to {now().year + 1}.")
    return None if value is None else int(value)


def _authors(value: Any) -> list[dict[str, str]]:
    parsed = names.parse_author_list(normalise.clean_line(str(value or "")))
    return [{"family": one.family, "given": one.given, "initials": one.initials, "suffix": one.suffix,
             "collective": one.collective} for one in parsed]


def _identifier(words: str, read: Callable[[str], str]) -> Callable[[Any], str]:
    def clean(value: Any) -> str:
        found = read(str(value or ""))
        if value and str(value).strip() and not found:
            raise ValueError(f"This is not a {words}.")
        return found

    return clean


def _keywords(value: Any) -> list[str]:
    found = list(dict.fromkeys(word for one in value if (word := normalise.clean_line(one))))
    if len(found) > MOST_KEYWORDS or any(len(word) > 200 for word in found):
        raise ValueError(f"At most {MOST_KEYWORDS} keywords of 200 characters each.")
    return found


_CLEANERS: dict[str, Callable[[Any], Any]] = {
    "participants": _participants, "year": _year, "authors": _authors, "keywords": _keywords, "medical_only": bool,
    "populations": lambda value: [one.value for one in Population if one.value in set(value)],
    "doi": _identifier("DOI", normalise.normalise_doi), "pmid": _identifier("PMID", normalise.normalise_pmid),
}
