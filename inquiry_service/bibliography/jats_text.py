"""Text of JATS elements: inline markup flattened, abstracts cut into labelled paragraphs.

The element names are the same in JATS, in the older NLM DTD and in the ``jats:`` markup of Crossref's abstracts.
Source: ANSI/NISO Z39.96-2021, "JATS: Journal Article Tag Suite".
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from lxml import etree

from inquiry_service.bibliography import mathml
from inquiry_service.bibliography.normalise import lowered, raised, strip_markup

# Footnote marks, and what stands beside the readable form of a formula.
_SILENT = {"fn", "tex-math", "annotation", "annotation-xml", "object-id", "label"}
_BLOCKS = {"p", "list", "list-item", "disp-quote", "def-list", "def-item", "disp-formula", "boxed-text"}
_TITLES_OF_THE_WHOLE = {"abstract", "summary", "author summary", "resumen", "zusammenfassung", "résumé"}
_LONGEST_MARKUP = 400_000


def name_of(node: etree._Element) -> str:
    """The local name of an element; "" of a comment, an instruction or an entity."""
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def flat(node: etree._Element | None) -> str:
    """The text of an element on one line; super- and subscripts keep their meaning in plain text."""
    return "" if node is None else " ".join("".join(_pieces(node)).split())


def abstract_of(node: etree._Element | None) -> str:
    """An abstract as paragraphs separated by blank lines; a section begins with its title in capitals."""
    return "" if node is None else "\n\n".join(_paragraphs(node))


def abstract_from_markup(text: str) -> str:
    """The same of an abstract that comes as a string with tags, as in Crossref's JSON; plain text stays."""
    if "<" not in text or len(text) > _LONGEST_MARKUP:
        return text
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True, huge_tree=False)
    source = f'<abstract xmlns:jats="urn:jats" xmlns:mml="urn:mml" xmlns:xlink="urn:xlink">{text}</abstract>'
    try:
        root = etree.fromstring(source.encode("utf-8", "replace"), parser)
    except etree.XMLSyntaxError:
        root = None
    found = "" if root is None else abstract_of(root)
    # The repair of broken markup can swallow text, as behind the sign in "p<0.05".
    whole = " ".join(strip_markup(text).split())
    return found if len(found) >= len(whole) * 0.8 else whole


def _paragraphs(node: etree._Element) -> Iterator[str]:
    title, loose = "", [node.text or ""]
    for child in node:
        name = name_of(child)
        if name == "title":
            title = _label(child)
        elif name == "sec" or name in _BLOCKS:
            for paragraph in _inner(child, name):
                yield _labelled(title, paragraph)
                title = ""
        elif name not in _SILENT:
            loose.append("".join(_piece(child)))
        loose.append(child.tail or "")
    text = " ".join("".join(loose).split())
    if text:
        yield _labelled(title, text)


def _inner(child: etree._Element, name: str) -> Iterator[str]:
    has_blocks = any(name_of(part) in _BLOCKS | {"sec"} for part in child)
    if name == "sec" or has_blocks:
        yield from _paragraphs(child)
    elif text := flat(child):
        yield text


def _label(title: etree._Element) -> str:
    text = flat(title).rstrip(" :.")
    return "" if text.lower() in _TITLES_OF_THE_WHOLE else text.upper()


def _labelled(label: str, text: str) -> str:
    return f"{label}: {text}" if label else text


def _pieces(node: etree._Element) -> Iterator[str]:
    yield node.text or ""
    for child in node:
        yield from _piece(child)
        yield child.tail or ""


def _piece(child: etree._Element) -> Iterator[str]:
    name = name_of(child)
    if child.tag is etree.Entity:
        yield html.unescape(child.text or "")
    elif name in ("sup", "sub"):
        inner = "".join(_pieces(child))
        # A bare footnote mark is no part of the title.
        if not (len(child) == 1 and name_of(child[0]) == "xref" and not (child.text or "").strip()):
            yield (raised if name == "sup" else lowered)(inner)
    elif name == "xref" and child.get("ref-type") in ("fn", "author-notes", "corresp", "aff"):
        return
    elif name == "break":
        yield " "
    elif name == "math":
        yield mathml.linear(child)
    elif name and name not in _SILENT:
        yield from _pieces(child)


def unknown_entity(node: etree._Element) -> str:
    """The first entity in an element that is not one of the named characters of HTML and ISO; "" if none."""
    for entity in node.iter(etree.Entity):
        text = entity.text or ""
        if re.fullmatch(r"&\w+;", text) and html.unescape(text) == text:
            return text
    return ""
