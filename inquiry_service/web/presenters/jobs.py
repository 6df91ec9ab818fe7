"""Background jobs as plain data; their payload is left out, for it says nothing to a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

_KINDS = {
    "index_records": "Bring records into the literature index", "check_import": "Check a literature file",
    "run_import": "Import a literature file", "render_letter": "Render a letter",
    "check_searches": "Look what saved searches find new", "send_letter": "Hand a letter over for sending",
}


@dataclass(frozen=True)
class JobLine:
    """One job. ``when`` says in words when it runs, since when it runs, or when it was put aside."""

    id: str
    kind: str
    attempts: int
    created: datetime
    when: str
    error: str


def line_of(job: Any, moment: datetime) -> JobLine:
    """Return one job of the outbox as it stands at ``moment``."""
    return JobLine(job.id, _KINDS.get(job.kind, job.kind), job.attempts, job.created_at, _when(job, moment), job.error)


def _when(job: Any, moment: datetime) -> str:
    if job.finished_at is not None:
        return f"put aside {job.finished_at:%Y-%m-%d %H:%M:%S} UTC"
    if job.lease_until is not None:
        late = job.lease_until < moment
        return "abandoned by its worker, will be taken up again" if late else "in the hands of the worker"
    if job.not_before <= moment:
        return "due now"
    return f"in {int((job.not_before - moment).total_seconds()) + 1:,} seconds"


def worker_words(beat: Any, moment: datetime) -> str:
    """Return when the worker was last seen."""
    if beat is None:
        return "No worker has ever run; start one with: evenhand worker"
    return f"Worker seen {max(int((moment - beat.seen_at).total_seconds()), 0):,} seconds ago ({beat.note})"
