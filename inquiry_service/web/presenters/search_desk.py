"""The question beside the search, as plain data: what was found in the verbatim, and the terms to search for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from inquiry_service.domain.message_parts import WORD, Part
from inquiry_service.domain.question_finding import Finding, compose
from inquiry_service.domain.question_terms import TermKind
from inquiry_service.domain.vocabulary import RecordStatus
from inquiry_service.services.search_proposal import Proposal

_KINDS = {
    TermKind.PRODUCT: "Product", TermKind.CONDITION: "Condition", TermKind.POPULATION: "Population",
    TermKind.DOSE: "Dose and route", TermKind.OUTCOME: "What is asked", TermKind.OTHER: "Other words",
}
_IGNORED = {Part.COURTESY: "greeting or thanks", Part.SIGNATURE: "signature", Part.QUOTED: "earlier message"}
_MARKED = {TermKind.PRODUCT: "product", TermKind.CONDITION: "condition"}


def desk(proposals: Sequence[Proposal], seq: int | None, typed: str | None) -> dict[str, Any] | None:
    """Return one question with its marks and terms, and the list to choose another one from; None without any.

    Args:
        seq: the question that is looked at; the first one if there is none with this number.
        typed: the search as it stands in the search field: terms that are in it are switched on; None for the
            proposal itself.
    """
    if not proposals:
        return None
    shown = next((one for one in proposals if one.seq == seq), proposals[0])
    return {
        "seq": shown.seq, "text": shown.text, "marks": list(_marks(shown.finding)),
        "groups": _groups(shown.finding, typed), "query": shown.finding.query,
        "ignored": _ignored(shown.finding),
        "others": [{"seq": one.seq, "text": one.text, "current": one is shown} for one in proposals],
    }


def composed(terms: Sequence[str], more: str) -> str:
    """Return the search of the terms that are switched on and the words typed beside them, which stay as typed."""
    return " ".join(filter(None, (compose(terms), " ".join(more.split()))))


def search_start(shown: Mapping[str, Any] | None, run: Any | None) -> dict[str, Any]:
    """Return what the search form starts with: the search that is shown, else the proposal for the question."""
    if run is None:
        query, seq = (shown["query"], str(shown["seq"])) if shown else ("", "")
        return {"q": query, "question": seq, "sound_only": True, "synonyms": True}
    stored = run.filters
    first = {name: next(iter(stored.get(names) or ()), "") for name, names in (
        ("product", "products"), ("of_design", "designs"), ("of_kind", "kinds"), ("of_population", "populations"))}
    return first | {
        "q": run.query, "sound_only": RecordStatus.RETRACTED not in (stored.get("statuses") or tuple(RecordStatus)),
        "year_from": str(stored.get("year_from") or ""), "year_to": str(stored.get("year_to") or ""),
        "synonyms": run.synonyms, "question": str(run.question_seq or ""),
    }


def _groups(finding: Finding, typed: str | None) -> list[dict[str, Any]]:
    """Terms by what they speak of, the telling kinds first."""
    words = None if typed is None else {match[0].casefold() for match in WORD.finditer(typed)}
    groups = []
    for kind, label in _KINDS.items():
        terms = [
            {"text": found.term.text, "why": found.why, "on": _is_on(found.term.text, words, found.chosen)}
            for found in finding.terms if found.term.kind is kind
        ]
        if terms:
            groups.append({"kind": kind.value, "label": label, "terms": terms})
    return groups


def _is_on(text: str, words: set[str] | None, chosen: bool) -> bool:
    if words is None:
        return chosen
    return all(match[0].casefold() in words for match in WORD.finditer(text))


def _marks(finding: Finding) -> Iterator[dict[str, Any]]:
    """Questions underlined as such, products and conditions in their own way, nothing twice."""
    named = [found.term for found in finding.terms if found.term.kind in _MARKED]
    spans: list[dict[str, Any]] = [
        {"start": term.start, "end": term.end, "kind": _MARKED[term.kind], "tag": ""} for term in named]
    for sentence in finding.questions:
        at = sentence.start
        inside = sorted((term for term in named if sentence.start <= term.start < sentence.end),
                        key=lambda term: term.start)
        for term in inside:
            spans.append({"start": at, "end": term.start, "kind": "question", "tag": ""})
            at = term.end
        spans.append({"start": at, "end": sentence.end, "kind": "question", "tag": ""})
    yield from sorted((span for span in spans if span["end"] > span["start"]), key=lambda span: span["start"])


def _ignored(finding: Finding) -> str:
    """What of the message was left out, in a line; empty if nothing was."""
    counts = {words: sum(one.part is part for one in finding.sentences) for part, words in _IGNORED.items()}
    return ", ".join(words for words, count in counts.items() if count)
