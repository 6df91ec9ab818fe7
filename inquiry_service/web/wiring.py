"""Putting the parts of the web application together, in the one order that is right."""

from __future__ import annotations

from flask import Flask
from flask_wtf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from config import Config
from inquiry_service.web import access, errors, formats, headers, logging, page_context, session, static_files, views


def install(app: Flask, config: Config) -> None:
    """Add everything to ``app``: where does a request come from, is it our form, who is it, may they.

    Raises:
        ConfigurationError: a route carries no access tag.
    """
    logging.install(app)
    session.install(app)
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
