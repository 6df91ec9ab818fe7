"""A search answered, the same for every index: evaluated, widened by synonyms, scored, its words marked."""

from __future__ import annotations
