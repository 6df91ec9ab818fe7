"""One application per kind of configuration and test worker.

Wiring, routes and compiled templates are the same for every test; what belongs to one test is the runtime,
that is, database, files and index. Making all of it anew took most of the time of the page tests. A test
that adds a route or looks at the wiring itself makes its own with ``create_app``.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask

from config import Config
from inquiry_service import create_app
from inquiry_service.services.runtime import Runtime

_NOWHERE = Path("/nonexistent")
_MADE: dict[Config, tuple[Flask, dict[str, Any]]] = {}


def app_for(config: Config) -> Flask:
    """Return an application of this configuration with a runtime of its own, open until the test closes it."""
    kind = replace(config, database_url="sqlite://", data_dir=_NOWHERE, index_dir=_NOWHERE)
    if kind not in _MADE:
        made = create_app(kind)
        made.extensions["evenhand"].close()
        _MADE[kind] = made, dict(made.config)
    app, settings = _MADE[kind]
    app.config.clear()
    app.config.update(settings)
    app.extensions["evenhand"] = Runtime.open(config)
    return app
