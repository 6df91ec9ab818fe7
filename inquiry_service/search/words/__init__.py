"""How text becomes index terms, and what the library's own records tell about words."""

from __future__ import annotations
