"""Logs for machines: one JSON object per line on standard error, from every process alike.

Never in a log: what people wrote, who asked, passwords, cookies.
"""

from __future__ import annotations

import logging
import sys

import structlog


def configure(level: str) -> None:
    """Send structlog's events from ``level`` (``INFO``, ``DEBUG`` …) on to standard error as JSON lines."""
    number = logging.getLevelNamesMapping().get(level.upper(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        # Asked for at each line: standard error may be replaced while the process runs.
        logger_factory=lambda *_arguments: structlog.WriteLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )
