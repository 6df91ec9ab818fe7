"""Evenhand: a compliance-aware medical inquiry response system."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from config import Config


def create_app(config: Config) -> Flask:
    """Wire the web application together; it knows nothing but ``config`` and reads no environment.

    Raises:
        ConfigurationError: a route carries no access tag.
    """
    # Imported here, so that commands and the worker, which live in the same package, start without Flask.
    from inquiry_service.services import logs
    from inquiry_service.services.runtime import Runtime
    from inquiry_service.web import static_files, wiring
    from inquiry_service.web.session import TransactionalFlask
    from inquiry_service.web.settings import flask_settings

    logs.configure(config.log_level)
    app = TransactionalFlask(
        __name__, template_folder=config.templates_dir / "web",
        static_folder=static_files.FOLDER, static_url_path=static_files.versioned_path(),
    )
    app.config.from_mapping(flask_settings(config))
    app.extensions["evenhand"] = Runtime.open(config)
    wiring.install(app, config)
    return app
