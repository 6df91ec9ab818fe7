"""One warm renderer for all tests that only want a PDF; those that break it bring their own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from inquiry_service.rendering.pdf import PdfRenderer


@pytest.fixture(scope="session")
def renderer() -> Iterator[PdfRenderer]:
    with PdfRenderer() as warm:
        yield warm
