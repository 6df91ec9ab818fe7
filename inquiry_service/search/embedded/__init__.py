"""The embedded index: Whoosh's files with arrays beside them, published in signed generations."""

from __future__ import annotations
