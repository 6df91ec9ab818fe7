"""The words of the workflow, as the README shows them."""

from __future__ import annotations

import pytest

from inquiry_service.domain.vocabulary import Action, State
from inquiry_service.domain.workflow import TRANSITIONS
from inquiry_service.domain.workflow_words import as_markdown_table, as_mermaid, condition_words, status_words
from tools.workflow_table import BEGIN, END, updated


def test_every_move_has_a_line_in_the_table_and_withdrawing_has_one() -> None:
    lines = as_markdown_table().strip().splitlines()[2:]
    moves = [row for row in TRANSITIONS if row.action is not Action.WITHDRAW]
    assert len(lines) == len(moves) + 1
    for row, line in zip(moves, lines, strict=False):
        assert line.startswith(f"| {row.source.label} | {row.action.label} | {row.target.label} |")
    assert all(line.count("|") == 7 for line in lines)


def test_every_state_and_every_move_is_in_the_diagram() -> None:
    diagram = as_mermaid()
    for state in State:
        assert f'state "{state.label}" as {state.value}\n' in diagram
    for row in TRANSITIONS:
        arrow = f"{row.source.value} --> {row.target.value}: {row.action.label}\n"
        assert (arrow in diagram) is (row.action is not Action.WITHDRAW)


def test_every_state_has_its_word_for_the_submitter() -> None:
    assert len(status_words().strip().splitlines()) == len(State) + 2


def test_a_condition_without_words_is_seen() -> None:
    def silent(_facts: object, _actor: str) -> tuple[()]:
        return ()

    assert condition_words(silent) == ""
    assert all(condition_words(guard) for row in TRANSITIONS for guard in row.guards)


def test_the_section_is_written_between_its_markers_and_nowhere_else() -> None:
    text = f"before\n{BEGIN}\nyesterday\n{END}\nafter\n"
    new = updated(text)
    assert new.startswith(f"before\n{BEGIN}\n")
    assert new.endswith(f"{END}\nafter\n")
    assert "yesterday" not in new
    assert updated(new) == new
    with pytest.raises(ValueError, match="each once"):
        updated("no markers")
