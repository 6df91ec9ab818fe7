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
    from flask_wtf import CSRFProtect
    from werkzeug.middleware.proxy_fix import ProxyFix

    from inquiry_service.services.runtime import Runtime
    from inquiry_service.web import access, errors, formats, headers, logging, page_context, static_files, views
    from inquiry_service.web.session import TransactionalFlask
    from inquiry_service.web.session import install as install_session
    from inquiry_service.web.settings import flask_settings

    logging.configure(config.log_level)
    app = TransactionalFlask(
        __name__, template_folder=config.templates_dir / "web",
        static_folder=static_files.FOLDER, static_url_path=static_files.versioned_path(),
    )
    app.config.from_mapping(flask_settings(config))
    app.extensions["evenhand"] = Runtime.open(config)

    # The order matters: where does it come from, is it our form, who is it, may they.
    logging.install(app)
    install_session(app)
    access.install_origin_check(app)
    CSRFProtect(app)
    access.install(app)
    headers.install(app, secure=config.secure_cookies)
    errors.install(app)
    formats.install(app)
    page_context.install(app)
    views.register(app, demo=config.demo)
    static_files.install(app)
    if config.trusted_proxies:
        count = config.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=count, x_proto=count, x_host=count)
    access.refuse_untagged(app)
    return app
