"""The transition table in words: for the README, and whoever wants to read the workflow without code."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

from inquiry_service.domain.guards import Guard
from inquiry_service.domain.permissions import ROLE_PERMISSIONS
from inquiry_service.domain.vocabulary import Action, Role, State
from inquiry_service.domain.workflow import FINAL_STATES, TRANSITIONS, Transition, status_word

FIRST_STATE = State.RECEIVED
SYSTEM_WORD = "the system"


def as_markdown_table() -> str:
    """Return the workflow as a Markdown table, a row per legal move, in the order of the table."""
    head = ("| From | Step | To | Who | Blocked unless | Signature |", "| --- | --- | --- | --- | --- | --- |")
    return "\n".join((*head, *(_row(row) for row in _merged()), ""))


def as_mermaid() -> str:
    """Return the workflow as a Mermaid state diagram; withdrawing, possible nearly everywhere, is left out."""
    lines = ["stateDiagram-v2", "    direction LR"]
    lines += [f'    state "{state.label}" as {state.value}' for state in State]
    lines.append(f"    [*] --> {FIRST_STATE.value}")
    lines += [
        f"    {row.source.value} --> {row.target.value}: {row.action.label}"
        for row in TRANSITIONS if row.action is not Action.WITHDRAW
    ]
    lines += [f"    {state.value} --> [*]" for state in State if state in FINAL_STATES]
    return "\n".join(lines) + "\n"


def status_words() -> str:
    """Return what a field submitter reads in each state, as a Markdown table (R25)."""
    rows = (f"| {state.label} | {status_word(state).label} |" for state in State)
    return "\n".join(("| State | Word for the submitter |", "| --- | --- |", *rows, ""))


def _merged() -> Iterator[tuple[str, Transition]]:
    """Rows with the words for their sources: withdrawing is one line, not one per state."""
    withdrawing = [row for row in TRANSITIONS if row.action is Action.WITHDRAW]
    for row in TRANSITIONS:
        if row.action is not Action.WITHDRAW:
            yield row.source.label, row
    yield ", ".join(row.source.label for row in withdrawing), withdrawing[0]


def _row(merged: tuple[str, Transition]) -> str:
    source, row = merged
    cells = (source, row.action.label, row.target.label, _who(row), _conditions(row),
             row.signature.label if row.signature else "")
    return f"| {' | '.join(cells)} |"


def _who(row: Transition) -> str:
    if row.permission is None:
        return SYSTEM_WORD
    return ", ".join(role.label for role in Role if row.permission in ROLE_PERMISSIONS[role])


def _conditions(row: Transition) -> str:
    parts = [condition_words(guard) for guard in row.guards]
    if row.reasons:
        parts.append(f"Reason: {' / '.join(reason.label for reason in row.reasons)}.")
    return " ".join(parts).replace("|", "\\|")


def condition_words(guard: Guard) -> str:
    """Return the sentence of a guard: the first line of its description, with its R-numbers."""
    return (inspect.getdoc(guard) or "").partition("\n")[0]
