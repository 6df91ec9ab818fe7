"""What every test may ask for: a configuration that is cheap and leaves nothing behind."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

from config import Config

pytest_plugins = ["tests.database", "tests.prepared"]

# Two workers share the machine with a database server: wall time says nothing about one example.
settings.register_profile("suite", deadline=None, database=None, print_blob=True)
settings.load_profile("suite")


@pytest.fixture
def config(request: pytest.FixtureRequest, tmp_path: Path) -> Config:
    """A production-like configuration (no demo) whose files lie in this test's own directory.

    A test that also asks for ``database_url``, ``engine`` or ``session`` gets that very database in it;
    any other test gets the address of a SQLite file that does not exist yet. Password hashing is cheap
    because the parameters say so, not because anything is replaced.
    """
    with_database = "database_url" in request.fixturenames
    url = request.getfixturevalue("database_url") if with_database else f"sqlite:///{tmp_path / 'unused.db'}"
    return Config(
        secret_key="0123456789abcdef" * 4,
        database_url=url,
        data_dir=tmp_path / "var",
        index_dir=tmp_path / "index",
        secure_cookies=False,
        argon2_memory_kib=8,
        argon2_time_cost=1,
        argon2_parallelism=1,
    )
