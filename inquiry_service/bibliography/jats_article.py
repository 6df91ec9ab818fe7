"""One JATS article: from its XML element to a record."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from inquiry_service.bibliography import names
from inquiry_service.bibliography.jats_text import abstract_of, flat, name_of, unknown_entity
from inquiry_service.bibliography.raw import RawRecord, finish
from inquiry_service.bibliography.record import Author, ParsedRecord, Rejected, Relation

FORMAT = "jats"

_XLINK = "{http://www.w3.org/1999/xlink}href"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
# MEDLINE and AMA cite the year of the issue, not of the first appearance online.
_DATES = ("ppub", "collection", "print", "pub", "epub-ppub", "epub", "electronic", "preprint", "")
_RELATIONS = {
    "retracted-article": "retraction_of", "retraction-forward": "retraction_in",
    "partial-retraction": "partial_retraction_of", "corrected-article": "erratum_for",
    "correction-forward": "erratum_in", "addended-article": "erratum_for", "addendum": "erratum_in",
    "object-of-concern": "expression_of_concern_for", "concern-forward": "expression_of_concern_in",
    "expression-of-concern": "expression_of_concern_in", "commentary-article": "comment_on",
    "commentary": "comment_in", "preprint": "has_preprint", "updated-article": "update_of",
    "republished-article": "republished_from",
}  # fmt: skip
_NO_AUTHORS = {"editor", "reviewer", "translator", "collab", "transmitting editor"}


def read_article(element: etree._Element, position: int) -> ParsedRecord | Rejected:
    """Read an ``article`` element."""
    front = _child(element, "front")
    if front is None:
        front = element
    meta = _child(front, "article-meta")
    if meta is None:
        return Rejected(position, "", "The article has no article-meta element.")
    entity = unknown_entity(front)
    if entity:
        reason = f"The record uses the undeclared entity {entity}, so its text is incomplete."
        return Rejected(position, _id(meta, "doi"), reason)
    raw = RawRecord(FORMAT, position, has_markup=False)
    raw.doi, raw.pmid = _id(meta, "doi"), _id(meta, "pmid")
    raw.pmcid = _id(meta, "pmc") or _id(meta, "pmcid") or _id(meta, "pmcaid")
    raw.title = _title(meta)
    raw.authors = list(_authors(meta))
    main = [node for node in meta.iterfind("{*}abstract") if not node.get("abstract-type")]
    raw.abstract = "\n\n".join(abstract_of(node) for node in main)
    raw.keywords = [flat(kwd) for group in meta.iterfind("{*}kwd-group") if _is_of_authors(group)
                    for kwd in group.iterfind(".//{*}kwd")]  # fmt: skip
    raw.language = element.get(_LANGUAGE) or ""
    raw.publication_types = [kind.replace("-", " ") for kind in (element.get("article-type"),) if kind]
    raw.relations = [relation for node in meta.iterfind("{*}related-article") if (relation := _relation(node))]
    raw.registrations = [node.get("document-id") or "" for node in meta.iterfind("{*}related-object")
                         if node.get("document-id-type") == "clinical-trial-number"]  # fmt: skip
    _read_source(raw, front, meta)
    raw.other = list(_other(meta))
    return finish(raw)


def _title(meta: etree._Element) -> str:
    group = _child(meta, "title-group")
    if group is None:
        return ""
    title, subtitle = flat(_child(group, "article-title")), flat(_child(group, "subtitle"))
    return f"{title.rstrip(' :')}: {subtitle}" if title and subtitle else title


def _authors(meta: etree._Element) -> Iterator[Author]:
    """The article's own contributors; the members of a group stand inside its ``collab`` and are not listed."""
    for group in meta.iterfind("{*}contrib-group"):
        for node in group:
            name = name_of(node)
            if name == "on-behalf-of":
                yield names.group(flat(node))
            elif name == "contrib" and node.get("contrib-type", "author").lower() not in _NO_AUTHORS:
                yield from _contributor(node)


def _contributor(node: etree._Element) -> Iterator[Author]:
    alternatives = _child(node, "name-alternatives")
    holder = node if alternatives is None else alternatives
    for part in holder:
        kind = name_of(part)
        if kind in ("name", "string-name") and (author := _person(part)):
            yield author
            # Alternatives are one person's name in several scripts, the first the one to cite.
            break
    collab = _child(holder, "collab")
    if collab is not None and (text := _collective(collab)):
        yield names.group(text)
    if (behalf := flat(_child(node, "on-behalf-of"))):
        yield names.group(behalf)


def _person(node: etree._Element) -> Author | None:
    family, given = flat(_child(node, "surname")), flat(_child(node, "given-names"))
    if not family and not given:
        return names.parse_author(flat(node))
    initials = node.find("{*}given-names").get("initials", "") if given else ""  # type: ignore[union-attr]
    return names.person(family or given, given if family else "", initials, flat(_child(node, "suffix")))


def _collective(collab: etree._Element) -> str:
    """The name of a group without the list of its members."""
    institution = flat(_child(collab, "institution"))
    pieces = [collab.text or ""]
    for child in collab:
        if name_of(child) not in ("contrib-group", "xref", "institution", "fn", "address", "aff"):
            pieces.append(flat(child))
        pieces.append(child.tail or "")
    return " ".join(" ".join([institution, *pieces]).split()).strip(" ,;")


def _read_source(raw: RawRecord, front: etree._Element, meta: etree._Element) -> None:
    journal = _child(front, "journal-meta")
    if journal is not None:
        raw.journal = flat(journal.find(".//{*}journal-title"))
        ids = {node.get("journal-id-type"): flat(node) for node in journal.iterfind("{*}journal-id")}
        abbreviated = flat(journal.find(".//{*}abbrev-journal-title"))
        raw.journal_abbrev = ids.get("nlm-ta") or ids.get("iso-abbrev") or abbreviated
    raw.date = _date(meta)
    raw.volume, raw.issue = flat(_child(meta, "volume")), flat(_child(meta, "issue"))
    ends = [flat(_child(meta, "fpage")), flat(_child(meta, "lpage"))]
    span = "-".join(dict.fromkeys(page for page in ends if page))
    raw.pages = flat(_child(meta, "page-range")) or span or flat(_child(meta, "elocation-id"))


def _date(meta: etree._Element) -> str:
    found: dict[str, str] = {}
    for node in meta.iterfind("{*}pub-date"):
        year = flat(_child(node, "year")) or flat(_child(node, "string-date"))
        for attribute in ("pub-type", "date-type", "publication-format"):
            found.setdefault(node.get(attribute, ""), year)
    return next((found[kind] for kind in _DATES if found.get(kind)), "")


def _relation(node: etree._Element) -> Relation | None:
    kind = _RELATIONS.get((node.get("related-article-type") or "").lower())
    if kind is None:
        return None
    link, where = (node.get(_XLINK) or "").strip(), (node.get("ext-link-type") or "").lower()
    cited = " ".join(filter(None, (node.get("journal-id"), node.get("vol"), node.get("page"), flat(node))))
    is_pmid = where in ("pubmed", "pmid") and link.isdigit()
    return Relation(kind, pmid=link if is_pmid else "", doi=link if "10." in link else "", citation=cited)


def _is_of_authors(group: etree._Element) -> bool:
    return (group.get("kwd-group-type") or "author").lower() not in ("abbreviations", "abbr", "highlights")


def _other(meta: etree._Element) -> Iterator[tuple[str, str]]:
    for node in meta.iterfind("{*}permissions/{*}license"):
        link = node.get(_XLINK) or next(iter(ref.text or "" for ref in node.iterfind("{*}license_ref")), "")
        yield "license", " ".join(filter(None, (node.get("license-type"), link, flat(node))))
    for name in ("permissions/{*}copyright-statement", "copyright-statement", "title-group/{*}trans-title-group"):
        yield name.partition("{*}")[2] or name, flat(meta.find("{*}" + name))
    for node in (*meta.iterfind("{*}abstract"), *meta.iterfind("{*}trans-abstract")):
        if node.get("abstract-type") or name_of(node) == "trans-abstract":
            yield node.get("abstract-type") or name_of(node), abstract_of(node)
    for node in meta.iterfind(".//{*}aff"):
        yield "Affiliation", flat(node)
    for node in meta.iterfind("{*}funding-group/{*}award-group"):
        yield "Grant", flat(node)


def _child(node: etree._Element, name: str) -> etree._Element | None:
    return node.find("{*}" + name)


def _id(meta: etree._Element, kind: str) -> str:
    return next((flat(node) for node in meta.iterfind("{*}article-id") if node.get("pub-id-type") == kind), "")
