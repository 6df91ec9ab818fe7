"""The literature index: one port (``port.SearchIndex``), one search language, adapters behind it.

Pure over its own dataclasses: it knows neither database nor web. Only this package imports Whoosh.
"""

from __future__ import annotations
