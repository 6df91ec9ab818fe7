"""What commands need open: the configuration of the environment and the runtime built from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from config import Config
from inquiry_service.services.runtime import Runtime


@contextmanager
def opened_runtime() -> Iterator[Runtime]:
    """Read the settings, open the runtime, and close it at the end of the block.

    Raises:
        ConfigurationProblem: a setting is missing or unusable.
    """
    runtime = Runtime.open(Config.from_env())
    try:
        yield runtime
    finally:
        runtime.close()
