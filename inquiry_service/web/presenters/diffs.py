"""Parts of a letter as they changed: words added and removed, citations as numbered links, lists as lists."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from inquiry_service.rendering.diff import compare
from inquiry_service.rendering.markdown import to_html
from inquiry_service.services.comparison import Comparison, Pair

_ITEM = re.compile(r"\n(?=[ \t]*(?:[-*+] |\d+[.)] |\||#{3,6} |Table: ))")
_CITATION = re.compile(r"\[(@[^\[\]<>]+)\]")
_KEY = re.compile(r"@([A-Za-z0-9][\w:.-]*)")
_STRONG = re.compile(r"\*\*([^*<>]+)\*\*")
_LI = re.compile(r"<p>((?:<(?:ins|del)>)?)[-*+] (.*?)</p>", re.DOTALL)
_LIST = re.compile(r"(?:<li>.*?</li>\s*)+", re.DOTALL)
_HEADING = re.compile(r"<p>((?:<(?:ins|del)>)?)#{3,6} (.*?)</p>", re.DOTALL)
_GONE = re.compile(r"<(ins|del)>.*?</\1>", re.DOTALL)


@dataclass(frozen=True)
class Block:
    """One part of the letter under review.

    Attributes:
        inline: the text with its changes. old, new: the two sides; empty for an unchanged part.
        changes: number of places that differ; ``words`` what the list of sections says of them.
    """

    id: str
    title: str
    locked: bool
    origin: str
    inline: Markup
    old: Markup
    new: Markup
    changes: int
    words: str


def blocks_of(comparison: Comparison, numbers: Mapping[str, int]) -> tuple[Block, ...]:
    """Return the parts in order.

    Args:
        numbers: citation key to its number in the letter; the link leads to ``#reference-N``.
    """
    several = len({number for pair in comparison.pairs for number in pair.part.questions}) > 1
    return tuple(_block(place, pair, numbers, several) for place, pair in enumerate(comparison.pairs, start=1))


def _block(place: int, pair: Pair, numbers: Mapping[str, int], several: bool) -> Block:
    part = pair.part
    tied = f" (Q{', Q'.join(map(str, part.questions))})" if several and part.questions and not part.locked else ""
    name, title = f"part-{place}", f"{part.heading}{tied}"
    if pair.old == pair.new:
        same = Markup(_linked(to_html(pair.new, numbers, top_level=3)))  # noqa: S704 - cleaned in to_html
        return Block(name, title, part.locked, part.origin, same, Markup(), Markup(), 0, "same")
    found = compare(_in_units(pair.old), _in_units(pair.new))
    html = found.html
    words = f"+{found.words_added} −{found.words_removed}"
    return Block(name, title, part.locked, part.origin, _shaped(html, numbers), _shaped(_without(html, "ins"), numbers),
                 _shaped(_without(html, "del"), numbers), found.changes, words)


def _in_units(text: str) -> str:
    """Each list item, table row and heading becomes a paragraph, so that it is compared with its like."""
    return _ITEM.sub("\n\n", text)


def _without(html: str, tag: str) -> str:
    return _GONE.sub(lambda match: "" if match[1] == tag else match[0], html)


def _shaped(html: str, numbers: Mapping[str, int]) -> Markup:
    html = _HEADING.sub(r"<h3>\1\2</h3>", html.replace("<p></p>", ""))
    html = _LIST.sub(lambda match: f"<ul>{match[0]}</ul>", _LI.sub(r"<li>\1\2</li>", html))
    html = _CITATION.sub(lambda match: _links(match[1], numbers), _STRONG.sub(r"<strong>\1</strong>", html))
    # compare() escapes both texts and cleans the result to <p>, <ins>, <del>; what is added here is ours.
    return Markup(html)  # noqa: S704


def _links(group: str, numbers: Mapping[str, int]) -> str:
    return "".join(_link(key, numbers.get(key)) for key in _KEY.findall(group))


def _link(key: str, number: int | None) -> str:
    if number is None:
        return f"[@{key}]"
    return (f'<a class="eh-cite" href="#reference-{number}" aria-label="Reference {number}">{number}</a>')


def _linked(html: str) -> str:
    """The letter's own citation links, turned to the references beside the text."""
    return re.sub(r'<a href="#r(\d+)">', r'<a class="eh-cite" href="#reference-\1" aria-label="Reference \1">', html)
