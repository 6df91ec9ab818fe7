"""A writer killed at any moment leaves an index that opens, and that holds what one of its changes left."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from inquiry_service.search.embedded.index import WhooshIndex
from inquiry_service.search.port import Query
from tests.search.corpus import sample, versions

KEY = b"a key of the tests, 32 bytes long"
KILLS = 20

WRITER = """
import sys
from pathlib import Path
from inquiry_service.search.embedded.index import WhooshIndex
from tests.search.corpus import made_up

index = WhooshIndex(Path(sys.argv[1]), %r)
index.apply([made_up("first", "Title")])
print("ready", flush=True)
number = int(sys.argv[2])
while True:
    number += 1
    index.apply([made_up(f"new{number}", "Title")], [f"new{number - 5}"])
"""


def test_a_writer_killed_at_any_moment_leaves_a_whole_index(index_dir: Path) -> None:
    WhooshIndex(index_dir, KEY).rebuild(sample()[:10])
    drawn = random.Random(20_261_122)
    numbers = set()
    for kill in range(KILLS):
        arguments = [sys.executable, "-c", WRITER % KEY, str(index_dir), str(1000 * kill)]
        with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
            time.sleep(drawn.uniform(0, 0.15))
            writer.send_signal(signal.SIGKILL)
        index = WhooshIndex(index_dir, KEY)
        generation = index.generation()
        numbers.add(generation.number)
        found = index.search(Query("", limit=200))
        assert found.total == generation.documents
        kept = {hit.record_id: 1 for hit in found.hits}
        assert index.verify(kept) == []
        assert versions(sample()[:10]).keys() < kept.keys()
    assert len(numbers) == KILLS, "each writer published something before it was killed"
