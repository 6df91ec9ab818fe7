"""Formulas keep their meaning in one line of plain text."""

from __future__ import annotations

import pytest
from lxml import etree

from inquiry_service.bibliography import mathml


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("<msup><mi>x</mi><mn>2</mn></msup>", "x²"),
        ("<msub><mi>H</mi><mn>2</mn></msub><mi>O</mi>", "H₂O"),
        ("<msubsup><mi>η</mi><mi>p</mi><mn>2</mn></msubsup>", "η_p²"),
        ("<mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><mi>b</mi></mfrac>", "(a+1)/b"),
        ("<msqrt><mi>x</mi></msqrt>", "√x"),
        ("<mroot><msup><mi>x</mi><mn>2</mn></msup><mn>3</mn></mroot>", "³√x²"),
        ("<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>", "∑_(i=1)^n"),
        ("<mover><mi>v</mi><mo>→</mo></mover>", "v→"),
        ("<mfenced><mi>a</mi><mi>b</mi></mfenced>", "(a,b)"),
        ("<mfenced open='|' close='|' separators=''><mi>a</mi><mi>b</mi></mfenced>", "|ab|"),
        ("<mtable><mtr><mtd>a</mtd><mtd>b</mtd></mtr><mtr><mtd>c</mtd><mtd>d</mtd></mtr></mtable>", "[a b; c d]"),
        ("<semantics><mi>P</mi><annotation>P again</annotation></semantics><mo>&lt;</mo><mn>0.05</mn>", "P<0.05"),
        ("17 + 29<mi>i</mi> <!-- a remark --> ∈ C", "17+29i∈C"),
        ("<msup><mi>x</mi></msup>", "x"),
    ],
)
def test_a_formula_is_written_in_one_line(content: str, expected: str) -> None:
    formula = etree.fromstring(f'<math xmlns="http://www.w3.org/1998/Math/MathML">{content}</math>')
    assert mathml.linear(formula) == expected
