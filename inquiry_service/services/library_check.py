"""Whether literature index and library say the same, and an index that mends itself.

The library is the truth, the index can be built from it at any time. A digest over all records and versions tells
at once whether they agree; only if it differs is each record compared.
"""

from __future__ import annotations

from dataclasses import dataclass

import structlog
from sqlalchemy.orm import Session

from inquiry_service.search.embedded.content_digest import ContentDigest
from inquiry_service.search.port import Difference, Generation, IndexUntrusted, SearchIndex
from inquiry_service.services import library_index, outbox
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import jobs as jobs_store
from inquiry_service.store import literature as store

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Check:
    """What was found.

    Attributes:
        records: in the library, merged ones not counted; indexed: in the index.
        differences: record by record; empty when they agree.
        waiting: jobs that will still bring records into the index.
        refused: why the index cannot be used at all, or "".
    """

    records: int
    indexed: int
    differences: tuple[Difference, ...]
    waiting: int
    refused: str = ""

    @property
    def agrees(self) -> bool:
        """Whether nothing is to be done."""
        return not self.refused and not self.differences


def check(session: Session, index: SearchIndex, *, thorough: bool = False) -> Check:
    """Compare index and library.

    Args:
        thorough: hash every file of the index again, and compare record by record in any case.
    """
    expected = store.current_versions(session)
    digest = ContentDigest()
    for record_id, version in expected.items():
        digest.add(record_id, version)
    waiting = jobs_store.unfinished(session, outbox.INDEX_RECORDS)
    try:
        generation = index.generation()
        agrees = (generation.documents, generation.digest) == (len(expected), digest.hexdigest())
        found = () if agrees and not thorough else tuple(index.verify(expected))
    except IndexUntrusted as reason:
        return Check(len(expected), 0, (), waiting, refused=reason.message)
    return Check(len(expected), generation.documents, found, waiting)


def ensure_index(runtime: Runtime) -> Generation | None:
    """Build the index anew if it cannot be trusted, or if it was never built though there are records.

    Returns:
        the new generation; None if nothing had to be done.
    """
    with runtime.reading() as session:
        found = check(session, runtime.index, thorough=True)
    never_built = bool(found.records and not found.indexed and not found.waiting)
    if not found.refused and not never_built:
        return None
    log.warning("literature index is built anew", reason=found.refused or "never built")
    return library_index.rebuild_unattended(runtime)
