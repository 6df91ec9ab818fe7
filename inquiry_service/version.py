"""The release, in one place: packaging, audit entries and exports read it."""

from __future__ import annotations

__version__ = "0.1.0"
