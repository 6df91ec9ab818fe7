"""What commands need open: the configuration of the environment and the runtime built from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from config import Config
from inquiry_service.services import logs
from inquiry_service.services.runtime import Runtime


@contextmanager
def opened_runtime(*, quiet: bool = False) -> Iterator[Runtime]:
    """Read the settings, open the runtime, and close it at the end of the block.

    Args:
        quiet: keep what is only of interest to operators of a service out of the log.

    Raises:
        ConfigurationProblem: a setting is missing or unusable.
    """
    config = Config.from_env()
    logs.configure("WARNING" if quiet else config.log_level)
    runtime = Runtime.open(config)
    try:
        yield runtime
    finally:
        runtime.close()
