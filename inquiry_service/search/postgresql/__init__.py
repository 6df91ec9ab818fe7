"""The index inside PostgreSQL, for installations with several web hosts."""

from __future__ import annotations
