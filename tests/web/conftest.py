"""A whole application on this test's database, and browsers that look at every page they get."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import Engine

from config import Config
from inquiry_service import create_app
from inquiry_service.domain.vocabulary import Role
from inquiry_service.models.people import User
from inquiry_service.services import installation
from inquiry_service.services.runtime import Runtime
from tests.factories import user
from tests.web.apps import app_for
from tests.web.browser import Browser

AccountOf = Callable[..., User]
BrowserOf = Callable[..., Browser]


@pytest.fixture
def app(request: pytest.FixtureRequest, config: Config, engine: Engine) -> Iterator[Flask]:
    """The application as it runs in production, on an installation that was set up.

    Wiring and templates are shared with other tests; a test that takes something out of the wiring is
    marked ``own_app`` and gets one that nobody else sees.
    """
    make = create_app if request.node.get_closest_marker("own_app") else app_for
    made = make(replace(config, log_level="ERROR"))
    runtime: Runtime = made.extensions["evenhand"]
    with runtime.transaction() as session:
        installation.begin(session, demo=config.demo)
    yield made
    runtime.close()


@pytest.fixture
def runtime(app: Flask) -> Runtime:
    """The application's own runtime."""
    found: Runtime = app.extensions["evenhand"]
    return found


@pytest.fixture
def account_of(runtime: Runtime) -> AccountOf:
    """Make and commit an account: ``account_of(Role.MI_SPECIALIST, email=...)``."""

    def make(*roles: Role, **more: str) -> User:
        with runtime.transaction() as session:
            return user(session, *roles, **more)

    return make


@pytest.fixture
def browser_of(app: Flask, account_of: AccountOf) -> BrowserOf:
    """A browser in which a person is signed in: ``browser_of(Role.AUDITOR)`` or ``browser_of(user=account)``."""

    def make(*roles: Role, user: User | None = None) -> Browser:
        browser = Browser(app)
        browser.enter(user or account_of(*roles))
        return browser

    return make


@pytest.fixture
def stranger(app: Flask) -> Browser:
    """A browser in which nobody is signed in."""
    return Browser(app)
