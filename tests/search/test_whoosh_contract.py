"""The contract of the search port, on the Whoosh adapter."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from inquiry_service.search.embedded.index import WhooshIndex
from inquiry_service.search.port import SearchIndex
from tests.search.contract import SearchContract


class TestWhooshIndex(SearchContract):
    @pytest.fixture
    def index(self, index_dir: Path) -> Iterator[SearchIndex]:
        index = WhooshIndex(index_dir, b"a key of the tests, 32 bytes long")
        yield index
        index.close()
