"""Abstracts in sections, in the notations of their databases."""

from __future__ import annotations

import pytest

from inquiry_service.bibliography.abstracts import sectioned


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("BACKGROUND: One. METHODS: Two.", "BACKGROUND: One.\n\nMETHODS: Two."),
        ("Background: One. Methods and Results: Two. Conclusions: Three.",
         "Background: One.\n\nMethods and Results: Two.\n\nConclusions: Three."),
        ("<h4>Background</h4>One. <h4>Methods:</h4> Two.", "Background: One.\n\nMethods: Two."),
        ("<b>Background:</b> One. <b>Results</b>Two.", "Background: One.\n\nResults: Two."),
        ("Objective: One. Main Outcome Measures: Two.", "Objective: One.\n\nMain Outcome Measures: Two."),
        ("Background: One. © 2019 Elsevier Ltd", "Background: One. © 2019 Elsevier Ltd"),
    ],
)  # fmt: skip
def test_sections_stand_apart_under_their_labels(text: str, expected: str) -> None:
    assert sectioned(text) == expected
    assert sectioned(expected) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Treatment in COPD: a trial. Results: none.",
        "Background noise was low. Methods differ.",
        "We had strong effects. Results: none.",
        "Patients were treated. Outcomes: two.",
    ],
)
def test_text_that_begins_with_no_label_stays_whole(text: str) -> None:
    assert sectioned(text) == text


def test_tags_of_a_source_without_markup_are_text() -> None:
    assert sectioned("Background: a<b>c and <h4>.", has_markup=False) == "Background: a<b>c and <h4>."
