"""How good a ranking is, measured on judged collections."""

from __future__ import annotations
