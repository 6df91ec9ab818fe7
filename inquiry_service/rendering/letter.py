"""Letter data -> HTML, once for print and once for the preview, through the same autoescaped templates."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from inquiry_service.errors import RenderingFailed
from inquiry_service.rendering.letter_parts import (
    BlockKind,
    LetterContext,
    LetterLane,
    Question,
    Reference,
    StatusKind,
)
from inquiry_service.rendering.markdown import clean, to_html
from inquiry_service.rendering.print_files import PRINT_DIR
from inquiry_service.rendering.template_grammar import long_date

_LONGEST_QUOTE = 700
"""Characters; a longer question is only restated (requirements, letter section 3: verbatim "if short")."""

_STATUS_HEADINGS: Mapping[StatusKind, str] = {
    StatusKind.NONE: "",
    StatusKind.NOT_APPROVED: "Not approved for this use",
    StatusKind.INVESTIGATIONAL: "Investigational: not approved for any use",
}
_CONFIDENTIAL: Mapping[str, str] = {
    "hcp": "Confidential: for the requester. Not for promotion or onward distribution.",
    "patient": "Confidential: for the requester. Not for onward distribution.",
}
_REQUIRED_BLOCKS: Mapping[LetterLane, Mapping[BlockKind, str]] = {
    LetterLane.HCP: {BlockKind.SUMMARY: "Summary", BlockKind.SEARCH_METHODS: "How we searched",
                     BlockKind.CONTRARY_EVIDENCE: "Conflicting, negative or missing evidence"},
    LetterLane.PATIENT: {BlockKind.SUMMARY: "Summary"},
}
"""A missing one is printed as a placeholder, which no final letter may carry (R52: never empty)."""

_WITH_LABEL = frozenset({LetterLane.HCP, LetterLane.PATIENT, LetterLane.PAYER})
_PLACEHOLDER = re.compile(r'<span class="ph">(.*?)</span>', re.DOTALL)
_NEVER_CUT = re.compile(r"\+?\d[\dA-Z]*(?:-[\dA-Z]+){2,}|https?://[\w./-]{1,60}|www\.[\w./-]{1,60}\w")
_TAG_OR_UNBROKEN = re.compile(rf"(?P<tag><[^>]*>)|{_NEVER_CUT.pattern}")
_DIRECTION_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Invisible characters that reorder the text around them; pasted into a letter they could alter a dose."""


def letter_html(context: LetterContext) -> str:
    """The whole document for the PDF renderer."""
    return _render("letter.html", context)


def letter_body_html(context: LetterContext) -> str:
    """The letter for the page: one ``<article class="paper">`` without inline styles; see ``paper.css``."""
    body = _render("letter_body.html", context)
    foot = " · ".join(_foot(context))
    return str(Markup(
        '<article class="paper {layout}{draft}" lang="{language}">{body}'
        '<footer class="sheetfoot"><p>{foot}</p><p>{confidential}</p></footer></article>'
    ).format(layout=_layout(context), draft=" draft" if context.draft else "", language=context.language,
             body=Markup(body), foot=foot, confidential=_CONFIDENTIAL[_layout(context)]))  # noqa: S704 - autoescaped


def placeholders(html: str) -> tuple[str, ...]:
    """The words of every placeholder, unfilled field and unknown citation that the letter still shows."""
    return tuple(str(Markup(found).striptags()) for found in _PLACEHOLDER.findall(html))  # noqa: S704 - our HTML


def refuse_placeholders(html: str) -> None:
    """Refuse a final letter that still shows a placeholder.

    Raises:
        RenderingFailed: naming them; ``data["placeholders"]`` has them all.
    """
    found = placeholders(html)
    if found:
        named = "; ".join(dict.fromkeys(found[:5]))
        raise RenderingFailed(f"The letter is not complete: {named}.", placeholders=found)


def _render(template: str, context: LetterContext) -> str:
    html = _environment(PRINT_DIR).get_template(template).render(_view(context))
    return html.translate(_DIRECTION_CONTROLS)


@lru_cache(maxsize=4)
def _environment(folder: Path) -> Environment:
    environment = Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined,
                              trim_blocks=True, lstrip_blocks=True, auto_reload=False)
    environment.filters.update(longdate=long_date, unbroken=_unbroken)
    return environment


def _unbroken(text: str) -> Markup:
    """Telephone numbers and addresses that a line end must not cut in two."""
    whole = _NEVER_CUT.sub(r'<span class="nb">\g<0></span>', str(escape(text)))
    return Markup(whole)  # noqa: S704 - escaped one line above


def _kept_whole(found: re.Match[str]) -> str:
    return found[0] if found["tag"] else f'<span class="nb">{found[0]}</span>'


def _view(context: LetterContext) -> dict[str, Any]:
    """What the templates see: the context itself and what must be worked out from it."""
    markdown = _markdown(context)
    generated = context.generated.astimezone(UTC)
    return {
        "letter": context,
        "layout": _layout(context),
        "letterhead": f"{context.organisation.name}{_remark(context)}, {context.organisation.department}",
        "generated_iso": generated.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "generated_words": f"{long_date(generated)}, {generated:%H:%M:%S} UTC",
        "foot": _foot(context),
        "confidential": _CONFIDENTIAL[_layout(context)],
        "short_digest": f"Content {_grouped(context.digest[:16])}",
        "full_digest": _grouped(context.digest),
        "status_heading": _STATUS_HEADINGS[context.status.kind],
        "missing": _missing(context),
        "quotes": [_quote(question) for question in context.questions],
        "blocks": _blocks(context, markdown),
        "md": markdown,
        "reference_html": _reference_html,
    }


def _reference_html(reference: Reference) -> Markup:
    whole = re.sub(r"(PMID:?) (\d)", "\\1\u00a0\\2", clean(reference.html))
    return Markup(whole)  # noqa: S704 - cleaned one line above


def _markdown(context: LetterContext) -> Callable[..., Markup]:
    """Markdown with this letter's reference numbers and one count of tables through the whole letter."""
    numbers = {reference.key: reference.number for reference in context.references}
    tables = count(1)

    def render(text: str, *, columns: bool = False) -> Markup:
        html = to_html(text, numbers, tables=tables, columns=columns)
        return Markup(_TAG_OR_UNBROKEN.sub(_kept_whole, html))  # noqa: S704 - cleaned in to_html

    return render


def _blocks(context: LetterContext, markdown: Callable[..., Markup]) -> list[dict[str, Any]]:
    """Blocks in the order of the outline, with what the layout needs to know of each."""
    order = list(BlockKind)
    shown = sorted(context.blocks, key=lambda block: order.index(block.kind))
    views = [_block(block.kind, block.heading, markdown(block.text, columns=block.kind is BlockKind.SUMMARY),
                    block.questions) for block in shown]
    if context.search:
        facts = [{"term": fact.term, "html": markdown(fact.text)} for fact in context.search]
        views.append({**_block(BlockKind.SEARCH_METHODS, "How we searched", Markup()), "facts": facts})
    present = {view["kind"] for view in views}
    for kind, heading in _REQUIRED_BLOCKS.get(context.lane, {}).items():
        if kind.value not in present:
            missing = Markup('<p><span class="ph">[Placeholder: {}]</span></p>').format(heading.lower())
            views.append(_block(kind, heading, missing))
    return sorted(views, key=lambda view: order.index(BlockKind(view["kind"])))


def _block(kind: BlockKind, heading: str, html: Markup, questions: tuple[int, ...] = ()) -> dict[str, Any]:
    opens_wide = html.startswith(('<div class="tablewrap', '<div class="balance'))
    return {"kind": kind.value, "heading": heading, "html": html, "questions": questions, "facts": (),
            "in_answer": kind is BlockKind.SUMMARY, "tall": 40 < len(heading) <= 60,
            "above": opens_wide or len(heading) > 60}


def _missing(context: LetterContext) -> frozenset[str]:
    """Parts of R53 that this letter needs and does not have."""
    if context.lane not in _WITH_LABEL:
        return frozenset()
    return frozenset(part for part in ("safety", "enclosures") if not getattr(context, part))


def _quote(question: Question) -> dict[str, str]:
    verbatim = " ".join(question.verbatim.split())
    quoted = f"“{verbatim}”" if 0 < len(verbatim) <= _LONGEST_QUOTE else question.restated
    return {"restated": question.restated, "text": quoted}


def _layout(context: LetterContext) -> str:
    return "patient" if context.lane is LetterLane.PATIENT else "hcp"


def _remark(context: LetterContext) -> str:
    return f" ({context.organisation.remark})" if context.organisation.remark else ""


def _foot(context: LetterContext) -> list[str]:
    parts = [context.letter_id, f"version {context.version}", *context.standard_responses]
    if context.data_cutoff:
        parts.append(f"Data to {long_date(context.data_cutoff)}")
    return parts


def _grouped(digest: str) -> str:
    return " ".join(digest[i:i + 4] for i in range(0, len(digest), 4))
