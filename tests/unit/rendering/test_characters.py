"""Characters that a letter cannot print: found, and named in a quotation."""

from __future__ import annotations

import pytest

from inquiry_service.rendering.characters import spelled, unprintable


@pytest.mark.parametrize("text", [
    "Does 25 mg help?", "≥ 50 % of 5 µg/mL – “really”", "Διὰ τοῦ", "שלום", "مرحبا", "line\nbreak\u202e",
])
def test_what_the_fonts_have_is_left_as_it_is(text: str) -> None:
    assert unprintable(text) == ()
    assert spelled(text) == text


@pytest.mark.parametrize(("text", "said"), [
    ("Help \U0001f600?", "Help [grinning face]?"), ("\u6f22 end", "[U+6F22] end"),
    ("a\ufe0fb", "ab"), ("\U0001f600\U0001f600", "[grinning face][grinning face]"),
])
def test_what_they_lack_is_named_and_the_rest_stays(text: str, said: str) -> None:
    assert unprintable(text)
    assert spelled(text) == said
    assert unprintable(said) == ()
