"""References in AMA style, 11th edition (R57), and the superscript numbers that point at them.

citeproc-py formats with the style and locale files in ``csl/``. It writes variables into its HTML unescaped,
so ``<``, ``>`` and ``&`` travel through it as private-use characters and come out as character references.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from citeproc import Citation, CitationItem, CitationStylesBibliography, CitationStylesStyle
from citeproc.frontend import CitationStylesXML
from citeproc.source.json import CiteProcJSON

_CSL = Path(__file__).parent / "csl"
_STYLE = _CSL / "american-medical-association.csl"
_LOCALE = _CSL / "locales-en-US.xml"

# A style object keeps state while it formats; one thread at a time may use it.
_LOCK = threading.Lock()

# What citeproc-py may see; it warns about every other key.
_TEXT_KEYS = {
    "title", "container-title", "container-title-short", "volume", "issue", "page", "number", "DOI", "URL",
    "publisher", "publisher-place", "genre", "edition", "collection-title", "authority",
}  # fmt: skip
_NAME_KEYS = {"author", "editor"}
_NAME_PARTS = {"family", "given", "suffix", "literal"}
_DATE_KEYS = {"issued", "accessed"}

_MARKS = {"retracted": "[Retracted]", "expression_of_concern": "[Expression of concern]"}

_PRIVATE = dict.fromkeys("\ue000\ue001\ue002\ue003", "")
_SHIELD = str.maketrans(_PRIVATE | {"<": "\ue000", ">": "\ue001", "&": "\ue002"})
_UNSHIELD = str.maketrans({"\ue000": "&lt;", "\ue001": "&gt;", "\ue002": "&amp;"})
_OTHER_TAGS = re.compile(r"<(?!/?(?:i|b|sup|sub)>)[^>]*>")

# Stands in for a missing author: the style would put the title there, and citeproc-py then prints it twice.
_NOBODY = "\ue003"
_NOBODY_PRINTED = re.compile(rf"\A{_NOBODY}\.?\s*")
_NAMES_A_LABEL = re.compile(r"prescribing information|product characteristics|leaflet|\blabel", re.IGNORECASE)
_SHORT_RANGE = re.compile(r"\b([A-Za-z]{0,2})(\d+)-\1?(\d+)\b")


def to_csl(record: Mapping[str, Any]) -> dict[str, Any]:
    """Turn a record's fields into a CSL-JSON item.

    Args:
        record: the field names of ``ParsedRecord`` (see its ``as_mapping``); ``authors`` holds mappings with
            the field names of ``Author``. ``kind`` is the value of a ``RecordKind``; ``type``, ``publisher``,
            ``url`` and ``accessed`` (a date as ISO text) may be given for works that are no journal articles.
            Missing fields are left out.

    Returns:
        a CSL-JSON item; PMID and status are kept for :func:`format_references`.
    """
    title = str(record.get("title") or "").strip()
    # PubMed ends titles with a full stop, which the style adds itself.
    title = title[:-1] if title.endswith(".") and not title.endswith("..") else title
    item: dict[str, Any] = {
        "type": record.get("type") or "article-journal",
        "title": title,
        "container-title": record.get("journal"),
        "container-title-short": record.get("journal_abbrev"),
        "volume": record.get("volume"),
        "issue": record.get("issue"),
        "page": record.get("pages"),
        "DOI": record.get("doi"),
        "URL": record.get("url"),
        "publisher": record.get("publisher"),
        "PMID": record.get("pmid"),
        "status": str(record.get("status") or ""),
        "author": [_csl_name(author) for author in record.get("authors") or ()],
    }
    if record.get("year"):
        item["issued"] = {"date-parts": [[int(record["year"])]]}
    if record.get("accessed"):
        item["accessed"] = {"date-parts": [[int(part) for part in str(record["accessed"])[:10].split("-")]]}
    item |= _by_kind(record, title)
    return {key: value for key, value in item.items() if value}


def format_references(items: Sequence[Mapping[str, Any]]) -> list[str]:
    """Format CSL-JSON items as AMA references, in the order given and without their numbers.

    Up to six authors are named, of more the first three and "et al". The DOI stands last; without one, the
    PMID does. A retracted work is marked behind its title.

    Args:
        items: CSL-JSON, as made by :func:`to_csl` or by another program; unknown keys are ignored.

    Returns:
        one HTML fragment per item, with no tags but ``i``, ``b``, ``sup`` and ``sub``, all text escaped.
    """
    if not items:
        return []
    numbered = [_prepared(item, str(number)) for number, item in enumerate(items)]
    with _LOCK:
        bibliography = CitationStylesBibliography(_style(), CiteProcJSON(numbered))
        bibliography.register(Citation([CitationItem(item["id"]) for item in numbered]))
        formatted = [str(entry) for entry in bibliography.bibliography()]
    return [_finished(text, item) for text, item in zip(formatted, items, strict=True)]


def citation_numbers(numbers: Sequence[int]) -> str:
    """Write citation numbers as AMA does in the text: ``1–3,5``. Two neighbours stay a pair: ``1,2``.

    Args:
        numbers: positive numbers in any order; repetitions count once.

    Raises:
        ValueError: a number is below 1.
    """
    ordered = sorted(set(numbers))
    if ordered and ordered[0] < 1:
        raise ValueError(f"a citation number is 1 or more, got {ordered[0]}")
    runs: list[list[int]] = [[number] for number in ordered[:1]]
    for before, number in pairwise(ordered):
        if number == before + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ",".join(_run(run) for run in runs)


def _run(run: list[int]) -> str:
    return f"{run[0]}–{run[-1]}" if len(run) > 2 else ",".join(map(str, run))


def _by_kind(record: Mapping[str, Any], title: str) -> dict[str, Any]:
    """What is written otherwise of a source that is no journal article (AMA Manual of Style, 11th ed, 3.11-3.15).

    A source without volume is set as a web page, because the style's types for reports and books print a title with
    capitals: "50 mg" would become "50 Mg".
    """
    kind, holder, number = record.get("kind"), record.get("journal") or "", record.get("issue") or ""
    bare = {"type": "webpage", "issue": None}
    if kind == "data_on_file":
        return bare | {"title": f"{title}. Data on file{f', {number}' if number else ''}"}
    if kind == "label":
        return bare | {"title": title if _NAMES_A_LABEL.search(title) else f"{title}. Prescribing information"}
    if kind == "congress_abstract" and "[abstract]" not in title.lower():
        at = f"Presented at: {holder}{f', abstract {number}' if number else ''}" if holder else ""
        held = {} if record.get("volume") else bare | {"container-title": at, "container-title-short": None}
        return held | {"title": f"{title} [abstract]"}
    if kind == "preprint":
        return {"type": "article", "genre": "Preprint", "publisher": None}
    if kind == "book":
        return {"type": "chapter" if holder else "book"}
    if kind == "trial_registration":
        return bare | {"title": f"{title}. Identifier {number}" if number else title}
    return {}


def _csl_name(author: Mapping[str, Any]) -> dict[str, str]:
    if author.get("collective"):
        return {"literal": str(author["collective"])}
    # The style takes the first letter of each word, so initials are set apart.
    given = " ".join(str(author.get("initials") or "")) or str(author.get("given") or "")
    name = {"family": author.get("family"), "given": given, "suffix": author.get("suffix")}
    return {part: str(text) for part, text in name.items() if text}


@cache
def _style() -> Any:
    """Parse style and locale once; the files are part of the product, so they are not validated again."""
    style = CitationStylesStyle(str(_STYLE), validate=False)
    locale = CitationStylesXML(str(_LOCALE), validate=False).root
    locale.style = style.root
    # The locale beside the style, not the one that the installed citeproc-py brings.
    style.root.locales = [found for found in style.root.locales if found.getparent() is not None] + [locale]
    return style


def _prepared(item: Mapping[str, Any], key: str) -> dict[str, Any]:
    """The item with known keys only, shielded, and of a type that makes the style say nothing untrue."""
    safe = {name: shielded for name, value in item.items() if value and (shielded := _shielded(name, value))}
    safe |= {"id": key, "type": item.get("type") or "article-journal"}
    if safe["type"] == "article-journal" and "container-title" not in safe:
        # Without a journal the style would print "Published online"; as a web page it prints the bare year.
        safe["type"] = "webpage"
    if "page" in safe:
        safe["page"] = _SHORT_RANGE.sub(_full_range, safe["page"])
    if not safe.get("author") and not safe.get("editor"):
        safe["author"] = [{"literal": _NOBODY}]
    mark = _MARKS.get(str(item.get("status") or ""))
    if mark:
        safe["title"] = f"{safe.get('title', '')} {mark}".strip()
    return safe


def _shielded(name: str, value: Any) -> Any:
    """One variable as citeproc-py may have it; None when it may not."""
    if name in _TEXT_KEYS:
        return str(value).translate(_SHIELD)
    if name in _NAME_KEYS:
        return [_shielded_name(person) for person in value]
    if name in _DATE_KEYS and value.get("date-parts"):
        return {"date-parts": value["date-parts"]}
    return None


def _full_range(match: re.Match[str]) -> str:
    """Write the last page in full, 637-41 as 637-641: the style asks for it, citeproc-py leaves it undone."""
    letters, first, last = match.groups()
    if len(last) < len(first):
        last = first[: len(first) - len(last)] + last
    return f"{letters}{first}-{letters}{last}"


def _shielded_name(person: Mapping[str, Any]) -> dict[str, str]:
    parts: Iterable[tuple[str, Any]] = person.items()
    if person.get("literal"):
        parts = [("literal", person["literal"])]
    return {part: str(text).translate(_SHIELD) for part, text in parts if part in _NAME_PARTS and text}


def _finished(text: str, item: Mapping[str, Any]) -> str:
    text = re.sub(r"\A\d+\.\s*", "", _OTHER_TAGS.sub("", text))
    text = _NOBODY_PRINTED.sub("", text)
    # The style's full stop after a title that asks or cries out.
    text = re.sub(r"([?!])\.(?=\s|\Z)", r"\1", text).translate(_UNSHIELD).strip()
    if item.get("PMID") and not item.get("DOI"):
        text = f"{text.rstrip()} PMID: {re.sub(r'[^0-9]', '', str(item['PMID']))}"
    return text
