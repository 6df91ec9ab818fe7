"""What Crossref works, JATS articles and retraction cases must give: read from the source by other means, or known.

Crossref works are compared with their own JSON, read key by key without our reader; the four JATS articles with
PubMed's citation of them; the retraction cases with what really became of the articles.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from benchmarks.expected_fields import Checked, checked
from inquiry_service.bibliography import formats
from inquiry_service.bibliography.record import ParsedRecord

_TAGS = re.compile(r"<[^>]+>")

# PubMed's citations: title, family and initials of the first authors and the last, source, numbers.
_JATS: Mapping[str, Mapping[str, object]] = {
    "1471-2180-11-174.nxml": {
        "title": "Factors influencing lysis time stochasticity in bacteriophage λ", "journal": "BMC Microbiology",
        "journal_abbrev": "BMC Microbiol", "year": 2011, "volume": "11", "pages": "174", "pmid": "21810267",
        "doi": "10.1186/1471-2180-11-174", "pmcid": "PMC3166277", "authors": [("Dennehy", "JJ"), ("Wang", "IN")],
    },
    "1472-6831-8-11.nxml": {
        "title": "The Dutch version of the Oral Health Impact Profile (OHIP-NL): Translation, reliability and "
        "construct validity", "journal": "BMC Oral Health", "journal_abbrev": "BMC Oral Health", "year": 2008,
        "volume": "8", "pages": "11", "pmid": "18405359", "doi": "10.1186/1472-6831-8-11", "pmcid": "PMC2329613",
        "authors": [("van der Meulen", "MJ"), ("John", "MT"), ("Naeije", "M"), ("Lobbezoo", "F")],
    },
    "6605965a.nxml": {
        "title": "Oral contraceptives, reproductive history and risk of colorectal cancer in the European Prospective "
        "Investigation into Cancer and Nutrition", "journal": "British Journal of Cancer", "year": 2010,
        "journal_abbrev": "Br J Cancer", "volume": "103", "issue": "11", "pages": "1755-1759", "pmid": "21045829",
        "doi": "10.1038/sj.bjc.6605965", "pmcid": "PMC2994229",
    },
    "ehp-116-1694.nxml": {
        "title": "Dietary Exposure to 2,2′,4,4′-Tetrabromodiphenyl Ether (PBDE-47) Alters Thyroid Status and Thyroid "
        "Hormone–Regulated Gene Transcription in the Pituitary and Brain", "year": 2008,
        "journal": "Environmental Health Perspectives", "journal_abbrev": "Environ Health Perspect", "volume": "116",
        "issue": "12", "pages": "1694-1699", "pmid": "19079722", "doi": "10.1289/ehp.11570", "pmcid": "PMC2599765",
        "authors": [("Lema", "SC"), ("Dickey", "JT"), ("Schultz", "IR"), ("Swanson", "P")],
    },
}  # fmt: skip

# File -> status, whether it is a notice, and a link that must be there.
_STANDINGS: Mapping[str, tuple[str, bool, str]] = {
    "compare_crossref_expression_of_concern.json": ("expression_of_concern", False, "expression_of_concern_in"),
    "compare_crossref_wakefield_notice.json": ("current", True, "retraction_of"),
    "compare_crossref_wakefield_retracted.json": ("retracted", False, "retraction_in"),
    "compare_pubmed_wakefield_notice.txt": ("current", True, "retraction_of"),
    "pubmed_retracted.txt": ("retracted", False, "retraction_in"),
    "pubmed_retraction_notice.txt": ("current", True, "retraction_of"),
    "pubmed_translated_title.txt": ("current", False, ""),
    "audit_crossref_interleaved_collective.json": ("current", False, ""),
    "datacite_journal_article.json": ("current", False, ""),
}


def crossref_works(folder: Path) -> Iterator[Checked]:
    """Compare each work of the recorded answers with its own JSON."""
    for path in sorted((folder / "crossref_json").glob("*.json")):
        message = json.loads(path.read_text("utf-8")).get("message")
        works = message.get("items", [message]) if isinstance(message, dict) else []
        works = [work for work in works if work.get("title") and work.get("DOI")]
        found = {record.doi: record for record in _records(path)} if works else {}
        for work in works:
            where = f"{path.name} {work['DOI']}"
            yield from checked(where, found.get(work["DOI"].lower()), _of_work(work))


def jats_articles(folder: Path) -> Iterator[Checked]:
    """Compare the articles with PubMed's citations of them."""
    for name, expected in _JATS.items():
        path = folder / "jats" / name
        if path.exists():
            yield from checked(name, _records(path)[0], expected)


def retraction_cases(folder: Path) -> Iterator[Checked]:
    """Check the standing and the direction of the link: article against notice, concern against retraction."""
    for name, (status, is_notice, kind) in _STANDINGS.items():
        path = folder / "bib_retractions" / name
        if path.exists():
            record = _records(path)[0]
            kinds = {relation.kind for relation in record.relations}
            yield Checked(name, "status", record.status.value, status)
            yield Checked(name, "is notice", record.is_notice, is_notice)
            yield Checked(name, "link", kind in kinds if kind else bool(kinds), bool(kind))


def _records(path: Path) -> list[ParsedRecord]:
    return [result for result in formats.read(path.read_bytes(), path.name) if isinstance(result, ParsedRecord)]


def _of_work(work: Mapping[str, Any]) -> dict[str, object]:
    issued = work.get("published-print") or work.get("issued") or {}
    year = (issued.get("date-parts") or [[None]])[0][0]
    return {
        "title": _plain(": ".join(filter(None, [*work["title"][:1], *(work.get("subtitle") or [])[:1]]))),
        "journal": _plain((work.get("container-title") or [""])[-1 if "chapter" in work.get("type", "") else 0]),
        "year": int(year) if year else None, "volume": work.get("volume", ""), "issue": work.get("issue", ""),
        "pages": work.get("page") or work.get("article-number", ""), "doi": work["DOI"],
        "authors": [_name(author) for author in work.get("author", ()) if author.get("family") or author.get("name")],
    }  # fmt: skip


def _name(author: Mapping[str, str]) -> tuple[str, str]:
    if author.get("family"):
        return html.unescape(author["family"]), html.unescape(author.get("given", ""))
    return html.unescape(author["name"]), ""


def _plain(text: str) -> str:
    return " ".join(html.unescape(_TAGS.sub("", text)).split())
