"""What tests of accounts and sign-in start from."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from config import Config
from inquiry_service import db
from inquiry_service.domain.vocabulary import Role
from inquiry_service.models.people import User
from inquiry_service.services.runtime import Runtime
from tests.factories import user


@pytest.fixture
def runtime(config: Config, engine: Engine) -> Iterator[Runtime]:
    """A process of its own on this test's database."""
    opened = Runtime.open(config)
    yield opened
    opened.close()


@pytest.fixture
def person(session: Session) -> User:
    """An MI specialist."""
    made = user(session, Role.MI_SPECIALIST)
    db.commit(session)
    return made
