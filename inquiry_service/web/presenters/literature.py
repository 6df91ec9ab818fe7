"""What the pages of the library show, as plain data: records, results, facets, import reports."""

from __future__ import annotations

from typing import Any

from inquiry_service.domain.actor import Actor
from inquiry_service.errors import InvalidInput
from inquiry_service.store.literature import may_see

HELD_BACK = "A confidential record"
"""Stands in lists for a record that the viewer may not see."""
_OPENING, _CLOSING = "“(", "”)"
_JOINTS = (" AND ", " OR ")


def summary(row: Any) -> dict[str, Any]:
    """Return what every list shows of a record: title, a line about its source, standing, design, citation."""
    return {
        "id": row.id, "key": row.citation_key, "citation": f"[@{row.citation_key}]", "title": bare(row.title),
        "source": source_line(row), "status": row.status.value, "status_words": row.status.label,
        "is_notice": row.is_notice, "is_merged": bool(row.merged_into),
        "design": row.design.label if row.design else "", "has_abstract": bool(row.abstract),
    }


def summary_for(viewer: Actor, row: Any) -> dict[str, Any]:
    """Return the summary of a record; of one that the viewer may not see only that there is one (R24)."""
    if may_see(viewer, row):
        return summary(row)
    return {
        "id": "", "key": "", "citation": "", "title": HELD_BACK, "source": "", "status": row.status.value,
        "status_words": row.status.label, "is_notice": row.is_notice, "is_merged": bool(row.merged_into), "design": "",
        "has_abstract": True,
    }


def bare(title: str) -> str:
    """Return a title as a heading: PubMed ends each with a full stop."""
    return title[:-1] if title.endswith(".") and not title.endswith("..") else title


def source_line(row: Any) -> str:
    """Return ``Newman, Lipton, Lay et al. 1998. Headache. PMID 9674831``."""
    names = [author.get("collective") or author.get("family", "") for author in row.authors]
    who = ", ".join(names if len(names) <= 4 else names[:3]) + (" et al" if len(names) > 4 else "")
    parts = (who or "No author named", str(row.year or "no year"), row.journal_abbrev or row.journal,
             f"PMID {row.pmid}" if row.pmid else f"DOI {row.doi}" if row.doi else "")
    return ". ".join(part for part in parts if part)


def place_of(text: str, problem: InvalidInput) -> dict[str, str] | None:
    """Return the search around the place that was not understood; None when the problem is none of a place."""
    at = problem.data.get("position")
    if not isinstance(at, int):
        return None
    end = at + 1
    while end < len(text) and text[end].isalnum() and text[end - 1].isalnum():
        end += 1
    return {"before": text[:at][-200:], "here": text[at:end] or "␣", "after": text[end:][:200]}


def terms(parsed: str) -> list[dict[str, Any]]:
    """Cut the "Read as" line at its outer AND and OR: items of {text, joint}, the joint empty for the first."""
    depth, start, joint, cut = 0, 0, "", []
    for at, char in enumerate(parsed):
        depth += (char in _OPENING) - (char in _CLOSING)
        found = next((word for word in _JOINTS if depth == 0 and parsed.startswith(word, at)), "")
        if found:
            cut.append({"text": parsed[start:at], "joint": joint})
            start, joint = at + len(found), found.strip()
    return [*cut, {"text": parsed[start:], "joint": joint}]


