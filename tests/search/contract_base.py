"""What the parts of the search contract share: the two fixtures, and two questions asked of results."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from inquiry_service.search.port import SearchIndex, SearchResult
from tests.search.corpus import sample

_MARK = re.compile(r"</?mark>")


def ids(result: SearchResult) -> list[str]:
    return [hit.record_id for hit in result.hits]


def is_safe(markup: str) -> bool:
    """Whether ``markup`` holds no markup but paired ``<mark>``."""
    plain = _MARK.sub("", markup)
    paired = re.sub(r"<mark>[^<]*</mark>", "", markup)
    return "<" not in plain and ">" not in plain and "mark>" not in paired


class Contract:
    """``index`` comes from the adapter and is empty, ``library`` is the same index with the sample in it."""

    @pytest.fixture
    def index(self) -> Iterator[SearchIndex]:
        raise NotImplementedError("each adapter gives its own")

    @pytest.fixture
    def library(self, index: SearchIndex) -> SearchIndex:
        index.rebuild(sample())
        return index
