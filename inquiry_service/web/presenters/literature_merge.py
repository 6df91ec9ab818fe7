"""What the pages about two records show: open pairs, the fields side by side, what became of a merge."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import RecordStatus, Term
from inquiry_service.services.literature_merge_fields import CHOSEN, GONE, JOINED, defaults, differing, outcome
from inquiry_service.store.literature import may_see
from inquiry_service.web.presenters.literature import summary, summary_for

_LABELS = {"journal_abbrev": "Journal, short", "doi": "DOI", "pmid": "PMID", "pmcid": "PMCID",
           "peer_review": "Peer review", "limits": "Limits of the study", "mesh": "MeSH headings",
           "publication_types": "Publication types"}
_WORD = re.compile(r"\s+|[^\s]+")
_MOST_WORDS = 4000
"""Words up to which two texts are compared; beyond, both are shown without marks."""

Parts = list[tuple[bool, str]]


def pair_line(found: Any, viewer: Actor) -> dict[str, Any]:
    """Return one pair of the queue; where ``viewer`` may not see a record, nothing tells its words (R24)."""
    rows = (found.first, found.second)
    if all(may_see(viewer, row) for row in rows):
        titles = marked(found.first.title, found.second.title)
    else:
        first, second = ([(False, summary_for(viewer, row)["title"])] for row in rows)
        titles = first, second
    return {
        "id": found.pair.id, "score": f"{found.pair.score_milli / 10:.0f} %" if found.pair.score_milli else "–",
        "why": found.pair.why, "found_at": found.pair.found_at,
        "sides": [summary_for(viewer, row) | {"parts": parts} for row, parts in zip(rows, titles, strict=True)],
    }


def side_by_side(kept: Any, gone: Any, chosen: Mapping[str, str]) -> dict[str, Any]:
    """Return both records field by field.

    Args:
        chosen: what the person chose, if the page is shown again.
    """
    sides, differ = defaults(kept, gone) | dict(chosen), differing(kept, gone)
    after = outcome(kept, gone, sides)
    return {
        "kept": summary(kept) | {"version": kept.version}, "gone": summary(gone) | {"version": gone.version},
        "rows": [_row(name, kept, gone, sides[name]) for name in differ],
        "same": [(label(name), words(getattr(kept, name))) for name in CHOSEN if name not in differ],
        "joined": [(label(name), ", ".join(after.get(name, getattr(kept, name)))) for name in JOINED],
        "status": _status(kept, gone),
    }


def merged(row: Any, kept: Any, gone: Any) -> dict[str, Any]:
    """Return a merge with what it did to the record that stays."""
    taken = sorted((label(name) for name, side in row.choices.items() if side == GONE and name in row.kept_after))
    return {
        "id": row.id, "kept": summary(kept), "gone": summary(gone), "at": row.merged_at, "by": row.merged_by,
        "reason": row.reason, "undone_at": row.undone_at, "undone_by": row.undone_by,
        "undone_reason": row.undone_reason, "taken": taken,
        "changes": [{"field": label(name), "before": words(row.kept_before[name]), "after": words(value)}
                    for name, value in row.kept_after.items()],
    }


def identity(row: Any, viewer: Actor, *, standing: Any, merges: Sequence[Any], former: Iterable[Any],
             pairs: Iterable[Any]) -> dict[str, Any]:
    """Return how a record stands to others of the library.

    Args:
        viewer: who looks; of records that are not for them it is told only that they are (R24).
        standing: the record that stands for the work now, if that is another one. former: what was merged into this
            one. pairs: open pairs with both records.
    """
    lasting = [one for one in merges if one.undone_at is None]
    into = next((one for one in lasting if one.gone_id == row.id), None)
    return {
        "id": row.id, "merge_id": into.id if into else "",
        "standing": summary_for(viewer, standing) if standing else None,
        "former": [summary_for(viewer, one) | {"merge_id": next((m.id for m in lasting if m.gone_id == one.id), "")}
                   for one in former],
        "pairs": [summary_for(viewer, other) | {"why": found.pair.why} for found in pairs
                  for other in (found.first, found.second) if other.id != row.id],
    }


def marked(first: str, second: str) -> tuple[Parts, Parts]:
    """Cut two texts into parts of (only here, text), word by word; case and punctuation are no difference."""
    ours, theirs = _WORD.findall(first), _WORD.findall(second)
    if not ours or not theirs or len(ours) + len(theirs) > _MOST_WORDS:
        return [(False, first)], [(False, second)]
    left, right = list[tuple[bool, str]](), list[tuple[bool, str]]()
    matcher = SequenceMatcher(None, [_bare(word) for word in ours], [_bare(word) for word in theirs], autojunk=False)
    for kind, start, end, from_, to in matcher.get_opcodes():
        left.append((kind != "equal", "".join(ours[start:end])))
        right.append((kind != "equal", "".join(theirs[from_:to])))
    return [part for part in left if part[1]], [part for part in right if part[1]]


def _bare(word: str) -> str:
    return word.casefold().strip(".,:;") or word


def label(name: str) -> str:
    """Return a field's name for people."""
    return _LABELS.get(name, name.replace("_", " ").capitalize())


def words(value: Any) -> str:
    """Return a field's value as text."""
    if isinstance(value, list):
        return ", ".join(_author(one) if isinstance(one, dict) else str(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Term):
        return value.label
    return "" if value is None else str(value)


def _row(name: str, kept: Any, gone: Any, side: str) -> dict[str, Any]:
    texts = words(getattr(kept, name)), words(getattr(gone, name))
    left, right = marked(*texts)
    return {"name": f"take_{name}", "label": label(name), "chosen": side, "is_long": max(map(len, texts)) > 400,
            "kept": left if texts[0] else [], "gone": right if texts[1] else []}


def _status(kept: Any, gone: Any) -> str:
    statuses = list(RecordStatus)
    return max(kept.status, gone.status, key=statuses.index).label if kept.status is not gone.status else ""


def _author(author: Mapping[str, Any]) -> str:
    person = " ".join(str(author[part]) for part in ("family", "initials", "suffix") if author.get(part))
    return str(author.get("collective") or person)
