"""The page of one record as plain data: its standing and how that is known, evidence, rights, files, use, versions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from inquiry_service.bibliography.formats import FORMATS
from inquiry_service.clock import now
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import (
    ExtractionState,
    PeerReview,
    Population,
    RecordKind,
    RecordStatus,
    StudyDesign,
)
from inquiry_service.services import literature_rights, reference_list
from inquiry_service.services.literature_records import BY_HAND
from inquiry_service.services.literature_rights import RightData
from inquiry_service.store.inquiries import OPEN_STATES
from inquiry_service.store.literature_notices import ListState
from inquiry_service.web.presenters.literature import HELD_BACK, bare, summary, summary_for

_NEVER_SHOWN = ("raw_position", "imported", "source_format", "is_notice", "other", "remarks", "relations")
_TERMS = {"status": RecordStatus, "kind": RecordKind, "design": StudyDesign, "peer_review": PeerReview}
_WORDS = {"mesh": "MeSH", "doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "journal_abbrev": "Journal, short",
          "status_note": "Known from", "issue": "Issue or number", "medical_only": "Confidential"}
_FILE_TONES = {ExtractionState.WAITING: ("info", "clock"), ExtractionState.EXTRACTED: ("ok", "check"),
               ExtractionState.FAILED: ("warn", "alert-triangle")}
_FORMATS = {known.key: known.label for known in FORMATS}
_LONGEST_VALUE = 600


@dataclass(frozen=True)
class Found:
    """What the stores say of one record.

    Attributes:
        links: from or to it, with ``others``: id to the record at the other end, if the viewer may see it.
        listed: the lines of retraction lists about it, in words. lists: which lists are held.
        proposed: an open licence that the record itself names.
    """

    row: Any
    versions: Sequence[Any]
    links: Sequence[Any]
    others: Mapping[str, Any]
    listed: Sequence[str]
    letters: Sequence[Any]
    verdicts: Mapping[Any, int]
    products: Iterable[Any]
    rights: Sequence[Any]
    files: Sequence[Any]
    proposed: RightData | None
    lists: Sequence[ListState]


def page(found: Found) -> dict[str, Any]:
    """Return everything the page of one record shows."""
    row, names = found.row, {product.key: product.name for product in found.products}
    return heading(row) | {
        "version": row.version, "merged_into": row.merged_into, "authors": [_author(author) for author in row.authors],
        "abstract": [part for part in row.abstract.split("\n\n") if part.strip()],
        "reference_html": Markup(reference_list.one(row)),  # noqa: S704 - escaped by the formatter
        "pmid": row.pmid, "doi": row.doi, "pmcid": row.pmcid, "facts": _facts(row), "mesh": list(row.mesh),
        "types": list(row.publication_types), "keywords": list(row.keywords),
        "products": [names.get(key, key) for key in row.products], "medical_only": row.medical_only,
        "added_at": row.added_at, "added_by": row.added_by, "source_format": _FORMATS.get(row.source, row.source),
        "standing": _standing(found), "evidence": _evidence(row), "limits": row.limits,
        "links": [_link(link, row.id, found.others) for link in found.links],
        "rights": [_right(right) for right in found.rights], "sendable": _sendable(found),
        "proposed": found.proposed.proof if found.proposed and not found.rights else "",
        "files": [held_file(file) for file in found.files],
        "verdicts": [(verdict.label, count) for verdict, count in found.verdicts.items()],
        "letters": list(found.letters),
        "versions": [{"number": version.version, "at": version.created_at, "sha256": version.sha256,
                      "status": _value("status", version.content.get("status"))} for version in found.versions],
    }


def heading(row: Any) -> dict[str, Any]:
    """Return what every page about a record shows of it."""
    return summary(row) | {"kind": row.kind.label, "is_article": row.kind is RecordKind.ARTICLE}


def file_line(file: Any, row: Any, viewer: Actor) -> dict[str, Any]:
    """Return one held file with its record; of a record that is not for ``viewer`` only that there is a file (R24)."""
    record = summary_for(viewer, row)
    told = held_file(file) | {"record": record}
    return told if record["id"] else told | {"name": HELD_BACK, "failure": ""}


def author_text(row: Any) -> str:
    """Return the authors as they are typed: ``Newman, Lawrence; Lay, C; The Group``."""
    def typed(author: Mapping[str, str]) -> str:
        given = author.get("given") or author.get("initials") or ""
        return author.get("collective") or f"{author.get('family', '')}, {given}".strip(", ")

    return "; ".join(typed(author) for author in row.authors)


def _standing(found: Found) -> dict[str, Any]:
    row = found.row
    unsent = [letter for letter in found.letters if letter.state in OPEN_STATES]
    notices = [_link(link, row.id, found.others) for link in found.links if link.to_id == row.id and _is_notice(link)]
    return {
        "is_sound": row.status is RecordStatus.CURRENT, "words": row.status.label,
        "tone": "bad" if row.status is RecordStatus.RETRACTED else "warn", "note": row.status_note,
        "notices": notices, "listed": list(found.listed), "checked_at": row.status_checked_at,
        "decided_at": row.status_decided_at, "unsent": len(unsent), "sent": len(found.letters) - len(unsent),
        "lists": bool(found.lists),
    }


def _is_notice(link: Any) -> bool:
    return link.kind.value in ("retracts", "retracts_partly", "corrects", "raises_concern", "reinstates")


def _link(link: Any, here: str, others: Mapping[str, Any]) -> dict[str, Any]:
    outward = link.from_id == here
    end = link.to_id if outward else link.from_id
    other = others.get(end or "")
    named = f"PMID {link.pmid}" if link.pmid else f"DOI {link.doi}" if link.doi else link.citation
    return {
        "words": f"This record {link.kind.label}" if outward else f"It {link.kind.label} this record",
        "id": other.id if other else "", "title": bare(other.title) if other else HELD_BACK if end else named,
        "key": other.citation_key if other else "", "held": end is not None,
    }


def _evidence(row: Any) -> list[tuple[str, str]]:
    people = f"{row.participants:,}" if row.participants is not None else ""
    return [
        ("Design", row.design.label if row.design else ""), ("Participants", people),
        ("Population", ", ".join(Population(value).label for value in row.populations)),
        ("Peer review", row.peer_review.label if row.peer_review else ""), ("Funding", row.funding),
    ]


def _right(right: Any) -> dict[str, Any]:
    today = now().date()
    why_not = literature_rights.why_not(right, today)
    return {"id": right.id, "kind": right.kind.label, "scope": right.scope.label, "holder": right.holder,
            "proof": right.proof, "usable": not why_not, "ended": right.ended_at is not None,
            "reason": right.ended_reason, "state": literature_rights.state_words(right, today)}


def _sendable(found: Found) -> str:
    usable = [right for right in found.rights if not literature_rights.why_not(right, now().date())]
    if any(right.scope.value.startswith("send") for right in usable):
        return "A copy may be sent under the right below."
    return "No copy may be sent: citation and link only."


def held_file(file: Any) -> dict[str, Any]:
    """Return one held file as a line of a list."""
    tone, icon = _FILE_TONES[file.state]
    partly = file.state is ExtractionState.EXTRACTED and bool(file.failure)
    return {
        "id": file.id, "name": file.file_name, "size": _size(file.size), "sha256": file.sha256,
        "pages": file.page_count, "failure": file.failure, "added_at": file.added_at, "added_by": file.added_by,
        "state": "Text extracted in part" if partly else file.state.label, "tone": "warn" if partly else tone,
        "icon": "alert-triangle" if partly else icon, "is_waiting": file.state is ExtractionState.WAITING,
    }


def text_page(row: Any, file: Any, pages: Sequence[Any], *, first: int, most: int) -> dict[str, Any]:
    """Return the text of some pages of a file, from ``first`` on, with the way to those before and behind."""
    last = first + len(pages) - 1
    return {"record": heading(row), "file": held_file(file), "id": file.id,
            "words": f"Pages {first:,} to {last:,} of {file.page_count:,}" if file.page_count > most else "",
            "previous": max(1, first - most) if first > 1 else None,
            "next": last + 1 if last < file.page_count else None,
            "pages": [{"number": one.number, "paragraphs": [part for part in one.text.split("\n\n") if part.strip()]}
                      for one in pages]}


def steps(versions: Sequence[Any]) -> list[dict[str, Any]]:
    """Return each version with what it changed against the one before, the newest first."""
    found = []
    for newer, older in zip(versions, [*versions[1:], None], strict=True):
        changes = _changes(older.content, newer.content) if older else []
        found.append({"number": newer.version, "at": newer.created_at, "sha256": newer.sha256, "changes": changes,
                      "is_first": older is None})
    return found


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, str]]:
    names = [name for name in {**before, **after} if name not in _NEVER_SHOWN]
    different = [name for name in names if (before.get(name) or "") != (after.get(name) or "")]
    return [{"field": _WORDS.get(name, name.replace("_", " ").capitalize()), "before": _value(name, before.get(name)),
             "after": _value(name, after.get(name))} for name in different]


def _value(name: str, value: Any) -> str:
    if value in (None, "", [], ()):
        return ""
    if name in _TERMS:
        return _TERMS[name](value).label
    if name == "authors":
        return "; ".join(_author(author) for author in value)
    if name == "populations":
        return ", ".join(Population(one).label for one in value)
    text = "; ".join(map(str, value)) if isinstance(value, list | tuple) else "Yes" if value is True else str(value)
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"


def _facts(row: Any) -> list[tuple[str, str]]:
    volume = f"{row.volume}({row.issue})" if row.volume and row.issue else row.volume
    own = row.source == BY_HAND and not row.volume
    return [
        ("Kind", row.kind.label), ("Held or published by" if own else "Journal", row.journal or row.journal_abbrev),
        ("Number", row.issue if own else ""), ("Year", str(row.year or "")), ("Volume", volume), ("Pages", row.pages),
        ("Language", row.language),
    ]


def _author(author: Mapping[str, str]) -> str:
    person = " ".join(filter(None, (author.get("family"), author.get("initials"), author.get("suffix"))))
    return author.get("collective") or person


def _size(size: int) -> str:
    return f"{size / 1_048_576:.1f} MB" if size >= 1_048_576 else f"{max(1, round(size / 1024)):,} KB"
