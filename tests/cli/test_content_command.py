"""``evenhand content``: the shipped content and labels get into an empty installation, once."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from config import Config
from inquiry_service.cli import main
from inquiry_service.domain.vocabulary import Role
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import content as store
from inquiry_service.store import products
from tests import factories

LABELS = Path(__file__).resolve().parents[2] / "literature_index" / "labels"


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A production installation: nothing is loaded by itself."""
    return {
        "EVENHAND_SECRET_KEY": "0123456789abcdef" * 4, "EVENHAND_DATA_DIR": str(tmp_path / "var"),
        "EVENHAND_INDEX_DIR": str(tmp_path / "index"), "EVENHAND_ARGON2_MEMORY_KIB": "8",
        "EVENHAND_ARGON2_TIME_COST": "1", "EVENHAND_ARGON2_PARALLELISM": "1",
    }


def run(environment: dict[str, str], *arguments: str) -> Result:
    """Run one command in this environment alone."""
    return CliRunner().invoke(main, list(arguments), env=environment)


def test_reviewed_content_and_labels_are_loaded_once_under_a_named_account(environment: dict[str, str]) -> None:
    """Nobody named, nothing loaded; named, everything; a second time, nothing new."""
    assert run(environment, "init").exit_code == 0
    runtime = Runtime.open(Config.from_env(environment))
    with runtime.transaction() as session:
        owner = factories.user(session, Role.CONTENT_OWNER, email="owner@firm.example")
    refused = run(environment, "content", "sync")
    assert refused.exit_code == 1
    assert "--as EMAIL" in refused.output
    first = run(environment, "content", "labels", str(LABELS), "--as", owner.email)
    assert "Sumatriptan tablets" in first.output
    assert run(environment, "content", "sync", "--as", owner.email).output.startswith("16 added")
    assert run(environment, "content", "sync", "--as", owner.email).output.startswith("0 added")
    with runtime.reading() as session:
        assert store.block(session, "closing-hcp") is not None
        assert products.by_key(session, "sumatriptan-tablets") is not None
    runtime.close()
