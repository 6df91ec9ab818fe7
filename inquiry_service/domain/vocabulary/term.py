"""How a coded term works: its value is stored and never changes, its label is what people read."""

from __future__ import annotations

from enum import StrEnum


class Term(StrEnum):
    """A coded term: ``Term.X.value`` is stored and never changes, ``Term.X.label`` is what people read."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Term:
        """Make a member from its stored value and its words; without words they come from the value."""
        term = str.__new__(cls, value)
        term._value_ = value
        term.label = label or value.replace("_", " ").capitalize()
        return term
