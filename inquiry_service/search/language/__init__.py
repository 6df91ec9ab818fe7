"""The search language: from typed text to a tree of what is looked for."""

from __future__ import annotations
