"""An installation on this test's database, and the command line that works on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from config import Config
from inquiry_service.cli import main
from inquiry_service.services import installation
from inquiry_service.services.runtime import Runtime


@dataclass(frozen=True)
class Installed:
    """The installation: its runtime for a look behind, ``run`` for what an operator types."""

    runtime: Runtime
    environment: dict[str, str]

    def run(self, *arguments: str) -> Result:
        """Run ``evenhand ARGUMENTS``."""
        return CliRunner().invoke(main, arguments, env=self.environment, prog_name="evenhand")

    def one_line(self, *arguments: str, code: int = 1) -> str:
        """Run a command that must fail with this code and one line, and return the line."""
        result = self.run(*arguments)
        assert result.exit_code == code, result.output
        assert result.stdout == ""
        (line,) = result.stderr.splitlines()
        assert line.startswith("error: ")
        return line


@pytest.fixture
def installed(config: Config, engine: Engine) -> Iterator[Installed]:
    """A production installation that was set up and has nothing in it yet."""
    runtime = Runtime.open(config)
    with runtime.transaction() as session:
        installation.begin(session, demo=False)
    yield Installed(runtime, {
        "EVENHAND_DATABASE_URL": config.database_url, "EVENHAND_SECRET_KEY": config.secret_key,
        "EVENHAND_DATA_DIR": str(config.data_dir), "EVENHAND_INDEX_DIR": str(config.index_dir),
        "EVENHAND_ARGON2_MEMORY_KIB": "8", "EVENHAND_ARGON2_TIME_COST": "1", "EVENHAND_ARGON2_PARALLELISM": "1",
    })
    runtime.close()
