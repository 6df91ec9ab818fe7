"""What Crossref works, JATS articles and retraction cases must give: read from the source by other means, or known.

Crossref works are compared with their own JSON, read key by key without our reader; JATS articles with what a few
XPath expressions find in them; the retraction cases with what really became of the articles, and with the links that
their files hold word for word.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lxml import etree

from benchmarks.expected_fields import Checked, checked
from inquiry_service.bibliography import formats
from inquiry_service.bibliography.record import ParsedRecord

_TAGS = re.compile(r"<[^>]+>")

# What JATS 1.x and the NLM DTD call a field, as XPath below the article's front matter.
_JATS = {
    "title": "string(.//article-meta/title-group/article-title)",
    "journal": "string(.//journal-meta//journal-title)",
    "journal_abbrev": "string(.//journal-meta/journal-id[@journal-id-type='nlm-ta'])",
    "volume": "string(.//article-meta/volume)", "issue": "string(.//article-meta/issue)",
    "doi": "string(.//article-meta/article-id[@pub-id-type='doi'])",
    "pmid": "string(.//article-meta/article-id[@pub-id-type='pmid'])",
    "pages": "string(.//article-meta/elocation-id)",
}  # fmt: skip

_MEDLINE = {"title": "TI", "journal": "JT", "journal_abbrev": "TA", "volume": "VI", "issue": "IP", "pages": "PG",
            "pmid": "PMID", "abstract": "AB"}  # fmt: skip

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
    """Compare each article with what XPath finds in its front matter."""
    for path in sorted((folder / "jats").glob("*.nxml")):
        front = etree.parse(path, etree.XMLParser(load_dtd=False, no_network=True)).find(".//front")
        if front is not None:
            found = _records(path)
            yield from checked(path.name, found[0] if found else None, _of_front(front))


def _of_front(front: etree._Element) -> dict[str, object]:
    fields: dict[str, object] = {name: " ".join(str(front.xpath(path)).split()) for name, path in _JATS.items()}
    first, last = (str(front.xpath(f"string(.//article-meta/{name})")) for name in ("fpage", "lpage"))
    fields["pages"] = f"{first}-{last}" if last and last != first else first or fields["pages"]
    pmcid = str(front.xpath("string(.//article-id[@pub-id-type='pmc' or @pub-id-type='pmcid'])"))
    fields["pmcid"] = f"PMC{pmcid.removeprefix('PMC')}" if pmcid else ""
    printed = "string(.//article-meta/pub-date[@pub-type='ppub' or @pub-type='collection']/year)"
    year = str(front.xpath(printed)) or str(front.xpath("string(.//article-meta/pub-date/year)"))
    fields["year"] = int(year) if year else None
    people = front.xpath(".//article-meta/contrib-group/contrib[@contrib-type='author'][name or collab]")
    fields["authors"] = [
        (str(node.xpath("string(name/surname | collab)")), str(node.xpath("string(name/given-names)")))
        for node in (people if isinstance(people, list) else [])
        if isinstance(node, etree._Element)
    ]
    fields["keywords"] = [str(word) for word in _found(front, ".//article-meta/kwd-group//kwd/text()")]
    sections = _found(front, ".//article-meta/abstract[not(@abstract-type)]/sec")
    labelled = [_section(section) for section in sections if isinstance(section, etree._Element)]
    whole = str(front.xpath("string(.//article-meta/abstract[not(@abstract-type)])"))
    fields["abstract"] = " ".join(labelled) if labelled else whole
    return fields


def _section(section: etree._Element) -> str:
    """A section's title is its label."""
    title, whole = str(section.xpath("string(title)")), str(section.xpath("string(.)")).strip()
    return f"{title.rstrip(' :.')}: {whole.removeprefix(title)}"


def _found(front: etree._Element, path: str) -> list[object]:
    found = front.xpath(path)
    return list(found) if isinstance(found, list) else []


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
    for path in sorted((folder / "bib_retractions").glob("*.txt")):
        text = path.read_text("utf-8")
        if "PMID- " not in text:
            continue
        record = _records(path)[0]
        yield from checked(path.name, record, _of_medline(text))
        linked = re.findall(r"^(?:RIN|ROF) *-(?:.|\n {6})*?PMID:\s+(\d+)", text, re.MULTILINE)
        if linked:
            yield Checked(path.name, "linked PMID", sorted(item.pmid for item in record.relations), sorted(linked))


def _of_medline(text: str) -> dict[str, object]:
    """The first record of a MEDLINE file, read line by line with nothing but its documented tags."""
    lines = re.sub(r"\r?\n {6}", " ", text).splitlines()
    pairs = [(line[:4].strip(), line[6:].strip()) for line in lines if line[4:6] == "- "]
    first = dict(reversed(pairs))
    fields: dict[str, object] = {name: first.get(tag, "") for name, tag in _MEDLINE.items()}
    fields["doi"] = next((value[:-6] for tag, value in pairs if tag in ("LID", "AID") and value.endswith(" [doi]")), "")
    fields["year"] = int(first["DP"][:4]) if "DP" in first else None
    # A group may stand among the people; it has no initials.
    people = [value.rpartition(" ") for tag, value in pairs if tag == "AU"]
    fields["authors"] = [(name, last) if last.isupper() else (f"{name} {last}", "") for name, _, last in people]
    return fields


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
