"""Searches that nobody would type: each is answered or refused, in time, and never with another error."""

from __future__ import annotations

import random
import time
from contextlib import suppress
from pathlib import Path

from inquiry_service.errors import InvalidInput
from inquiry_service.search.embedded.index import WhooshIndex
from inquiry_service.search.port import Query
from tests.search.corpus import sample
from tests.search.random_queries import hostile_text

SEARCHES = 300
LONGEST = 0.3


def test_hundreds_of_hostile_searches_are_answered_or_refused_in_time(index_dir: Path) -> None:
    index = WhooshIndex(index_dir, b"a key of the tests, 32 bytes long")
    index.rebuild(sample())
    index.search(Query("warm"))
    drawn = random.Random(20_261_122)
    answered, slow = 0, []
    for _ in range(SEARCHES):
        text = hostile_text(drawn)
        started = time.process_time()
        with suppress(InvalidInput):
            index.search(Query(text, plain=drawn.random() < 0.2))
            answered += 1
        if time.process_time() - started > LONGEST:
            slow.append(text)
    assert slow == []
    assert SEARCHES / 10 < answered < SEARCHES, "some are answered, some refused"
