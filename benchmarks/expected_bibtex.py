"""What JabRef's and Citation.js's test files expect: BibTeX of the same stem, and CSL items.

The expectation is read with bibtexparser and pylatexenc, never with our own reader, so that an error of ours does
not cancel itself out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from bibtexparser.splitter import Splitter
from pylatexenc.latex2text import LatexNodes2Text

from benchmarks.expected_fields import Checked, checked, letters
from inquiry_service.bibliography import formats
from inquiry_service.bibliography.normalise import normalise_language
from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.errors import InvalidInput

_TEXTS = {
    "title": "title", "journal": "journal", "journaltitle": "journal", "volume": "volume", "number": "issue",
    "issue": "issue", "pages": "pages", "doi": "doi", "pmid": "pmid", "abstract": "abstract",
}  # fmt: skip
_KINDS = {
    "book": "book", "inbook": "book", "incollection": "book", "inproceedings": "congress_abstract",
    "techreport": "other", "phdthesis": "other",
}  # fmt: skip
_CSL_TEXTS = {
    "title": "title", "container-title": "journal", "volume": "volume", "issue": "issue", "page": "pages",
    "DOI": "doi", "PMID": "pmid", "abstract": "abstract",
}  # fmt: skip


def jabref_twins(folder: Path) -> Iterator[Checked]:
    """Compare every file that has a ``.bib`` of the same stem with it."""
    for path in sorted(folder.glob("bib_jabref/*")):
        if path.is_dir() or path.suffix in {".bib", ".pdf", ".cff", ".ctv6bak", ".yml"}:
            continue
        stem = re.sub(r"^(OvidImporterTest)(?=\d)", r"\1Bib", path.stem)
        twin = path.with_name(f"{stem}.bib")
        records = read(path)
        if records and twin.exists():
            yield from _compared(path.name, records, list(bibtex_items(twin.read_text("utf-8"))))


def citation_js(folder: Path) -> Iterator[Checked]:
    """Compare Citation.js's BibTeX inputs with the CSL items it expects."""
    tests = folder / "bib_citationjs/packages/plugin-bibtex/test"
    for suite in ("biblatex", "bibtex"):
        expected = json.loads((tests / f"mapping/{suite}-csl.json").read_text("utf-8"))
        path = tests / f"mapping/{suite}-input.bib"
        yield from _compared(path.name, read(path), [csl_item(item) for item in expected])
    cases = json.loads((tests / "input.json").read_text("utf-8"))
    for path in sorted(tests.glob("input/*.bib")):
        items = next(
            (suite[name][1] for suite in cases.values() for name in suite if name == f"with {path.stem}"), None
        ) or next((suite[name][1] for suite in cases.values() for name in suite if name == path.stem), None)
        if isinstance(items, list):
            yield from _compared(path.name, read(path), [csl_item(item) for item in items])


def read(path: Path) -> list[ParsedRecord | Rejected]:
    """Everything that our reader makes of a file; nothing when the format is none of ours."""
    try:
        return list(formats.read(path.read_bytes(), path.name))
    except InvalidInput:
        return []


def _compared(
    name: str, results: list[ParsedRecord | Rejected], expected: list[Mapping[str, object]]
) -> Iterator[Checked]:
    yield Checked(name, "records", len(results), len(expected))
    titled = {letters(item.title): item for item in results if isinstance(item, ParsedRecord)}
    for number, (result, fields) in enumerate(zip(results, expected, strict=False), 1):
        # The order of a file is not what is judged: elsewhere in it, a record is found by its title.
        wanted = letters(str(fields.get("title", "")))
        record = result if isinstance(result, ParsedRecord) else None
        if record is None or letters(record.title) != wanted:
            record = titled.get(wanted, record)
        if record is None and not fields.get("title"):
            continue  # without a title nothing can be kept, and nothing is expected to be
        yield from checked(f"{name}[{number}]", record, fields)


def bibtex_items(text: str) -> Iterator[dict[str, object]]:
    """Expected fields of each entry of a BibTeX text."""
    # The splitter drops an entry whose key was there before; each is split alone.
    for source in re.split(r"(?m)^(?=\s*@\w+\s*\{)", text):
        for block in Splitter(StringIO(source).read()).split().blocks:
            entry = getattr(block, "ignore_error_block", block)
            if hasattr(entry, "fields"):
                yield _entry(entry)


def _entry(entry: Any) -> dict[str, object]:
    values = {item.key.lower(): re.sub(r'^[{"]|[}"]\Z', "", str(item.value).strip()) for item in entry.fields}
    fields: dict[str, object] = {ours: _decoded(values[name]) for name, ours in _TEXTS.items() if name in values}
    if "author" in values:
        fields["authors"] = [_name(_decoded(part)) for part in re.split(r"\s+and\s+", values["author"]) if part]
    if "keywords" in values:
        fields["keywords"] = re.split("[,;]", values["keywords"])
    if "language" in values:
        fields["language"] = normalise_language(values["language"])
    year = re.search(r"\d{4}", values.get("year", "") or values.get("date", ""))
    fields["year"] = int(year[0]) if year else None
    fields["kind"] = _KINDS.get(entry.entry_type.lower(), "")
    if entry.entry_type.lower() != "article":
        fields.pop("journal", None)
        fields["journal"] = _decoded(values.get("booktitle", values.get("journal", "")))
    return fields


def _decoded(text: str) -> str:
    if "\\" not in text:
        return text
    return str(LatexNodes2Text().latex_to_text(re.sub(r"(?<!\\)%", r"\\%", text)))


def _name(text: str) -> tuple[str, str]:
    family, _, given = text.partition(",")
    if not given and " " in family.strip():
        given, _, family = family.strip().rpartition(" ")
    return family, given


def csl_item(item: Mapping[str, Any]) -> dict[str, object]:
    """Expected fields of a CSL item."""
    fields: dict[str, object] = {ours: _untagged(str(item[name])) for name, ours in _CSL_TEXTS.items() if name in item}
    fields["authors"] = [
        (
            f"{person.get('non-dropping-particle', '')} {person.get('family', person.get('literal', ''))}",
            person.get("given", ""),
        )
        for person in item.get("author", ())
    ]
    dates = item.get("issued", {}).get("date-parts", [[None]])
    fields["year"] = dates[0][0]
    return fields


def _untagged(text: str) -> str:
    return re.sub(r"</?(?:i|b|sup|sub|span)[^>]*>", "", text)
