"""Fixtures of the search tests."""

from __future__ import annotations

from pathlib import Path

import pytest

# The contract lies outside the test modules; without this its failures would say "assert False" and no more.
pytest.register_assert_rewrite(
    "tests.search.contract_changing", "tests.search.contract_finding", "tests.search.contract_narrowing",
    "tests.search.contract_telling",
)


@pytest.fixture
def index_dir(tmp_path: Path) -> Path:
    """Where this test's index goes; not made yet."""
    return tmp_path / "index"
