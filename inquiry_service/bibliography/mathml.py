"""Formulas in plain text: MathML written in one line, so that a fraction or an index keeps its meaning.

``<msubsup>η p 2</msubsup>`` becomes ``η_p²``, a fraction ``(a+1)/b``, a root ``√(x)``, a matrix ``[a b; c d]``.
Source: W3C, "Mathematical Markup Language (MathML) Version 3.0", chapter 3.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from lxml import etree

from inquiry_service.bibliography.normalise import lowered, raised

_SIMPLE = re.compile(r"[\w.]*\Z")
_DIGITS = re.compile(r"[-+−]?\d+\Z")
# The same formula once more, in another notation.
_ALTERNATIVES = {"annotation", "annotation-xml"}
_INVISIBLE = dict.fromkeys(map(ord, "\u2061\u2062\u2063\u2064"))


def linear(node: etree._Element) -> str:
    """Write a formula, or a part of one, in one line.

    Args:
        node: a MathML element of any namespace.
    """
    name = _name(node)
    parts = [linear(child) for child in node if isinstance(child.tag, str) and _name(child) not in _ALTERNATIVES]
    form = _FORMS.get(name)
    if form is not None and len(parts) >= form[0]:
        return form[1](parts)
    if name == "mfenced":
        return _fenced(node, parts)
    if name == "mtext":
        return " ".join((node.text or "").split())
    return "".join(_row(node)).translate(_INVISIBLE)


def _row(node: etree._Element) -> Iterator[str]:
    """Everything in a row; text that stands beside the elements belongs to the formula, too."""
    yield "".join((node.text or "").split())
    for child in node:
        if isinstance(child.tag, str) and _name(child) not in _ALTERNATIVES:
            yield linear(child)
        yield "".join((child.tail or "").split())


def _name(node: etree._Element) -> str:
    return str(node.tag).rpartition("}")[2].rpartition(":")[2]


def _grouped(text: str) -> str:
    return text if _SIMPLE.match(text) else f"({text})"


def _below(base: str, index: str) -> str:
    return f"{base}{lowered(index)}" if _DIGITS.match(index) else f"{base}_{_grouped(index)}"


def _above(base: str, exponent: str) -> str:
    return f"{base}{raised(exponent)}" if _DIGITS.match(exponent) else f"{base}^{_grouped(exponent)}"


def _over(base: str, mark: str) -> str:
    # An arrow or a bar is a sign on the letter, a number or a word is a limit.
    return f"{base}{mark}" if mark and not any(char.isalnum() for char in mark) else _above(base, mark)


def _fenced(node: etree._Element, parts: Sequence[str]) -> str:
    separators = "".join((node.get("separators", ",")).split())
    inner = parts[0] if parts else ""
    for index, part in enumerate(parts[1:]):
        inner += separators[min(index, len(separators) - 1)] + part if separators else part
    return f"{node.get('open', '(')}{inner}{node.get('close', ')')}"


# Element -> how many parts it needs, and what is made of them.
_FORMS: dict[str, tuple[int, Callable[[Sequence[str]], str]]] = {
    "msub": (2, lambda parts: _below(parts[0], parts[1])),
    "munder": (2, lambda parts: _below(parts[0], parts[1])),
    "msup": (2, lambda parts: _above(parts[0], parts[1])),
    "mover": (2, lambda parts: _over(parts[0], parts[1])),
    "msubsup": (3, lambda parts: _above(_below(parts[0], parts[1]), parts[2])),
    "munderover": (3, lambda parts: _above(_below(parts[0], parts[1]), parts[2])),
    "mfrac": (2, lambda parts: f"{_grouped(parts[0])}/{_grouped(parts[1])}"),
    "msqrt": (1, lambda parts: f"√{_grouped(''.join(parts))}"),
    "mroot": (2, lambda parts: f"{raised(parts[1])}√{_grouped(parts[0])}"),
    "mtable": (1, lambda parts: f"[{'; '.join(parts)}]"),
    "matrix": (1, lambda parts: f"[{'; '.join(parts)}]"),
    "mtr": (1, lambda parts: " ".join(parts)),
    "matrixrow": (1, lambda parts: " ".join(parts)),
}
