"""``evenhand literature check`` and ``rebuild``: whether index and library say the same, and the way to mend it."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from inquiry_service.cli.opened import opened_runtime
from inquiry_service.cli.progress import progress
from inquiry_service.services.access import OPERATOR

if TYPE_CHECKING:
    from inquiry_service.services.library_check import Check

_SHOWN = 10
_REBUILD = "Run `evenhand literature rebuild`."
_WORDS = {
    "missing": "is in the library, but not in the index",
    "stale": "is indexed in an older version",
    "unexpected": "is indexed, but no longer in the library",
}


@click.command()
@click.option("--thorough", is_flag=True, help="Hash every file of the index again and compare each record.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON on standard output, nothing else.")
def check(thorough: bool, as_json: bool) -> None:
    """Compare the literature index with the library; exit code 1 if they differ."""
    from inquiry_service.services import library_check

    with opened_runtime() as runtime, runtime.reading() as session:
        found = library_check.check(session, runtime.index, thorough=thorough)
    click.echo(json.dumps(_data(found), indent=2) if as_json else "\n".join(_lines(found)))
    sys.exit(0 if found.agrees else 1)


@click.command()
@click.option("--if-needed", is_flag=True, help="Only if `literature check` finds a difference.")
def rebuild(if_needed: bool) -> None:
    """Build the literature index anew from the database, beside the old one, then switch."""
    from inquiry_service.services import library_check, library_index
    from inquiry_service.store import literature as store

    with opened_runtime() as runtime:
        with runtime.reading() as session:
            if if_needed and library_check.check(session, runtime.index, thorough=True).agrees:
                click.echo("Index and library agree; nothing was done.")
                return
            size = store.count(session)
        with progress("records indexed", size) as count:
            generation = library_index.rebuild_recorded(runtime, OPERATOR, count)
    click.echo(f"Index {generation.number} holds {generation.documents:,} records.")


def _data(found: Check) -> dict[str, Any]:
    return {
        "agrees": found.agrees, "records": found.records, "indexed": found.indexed, "waiting_jobs": found.waiting,
        "refused": found.refused,
        "differences": [{"record_id": each.record_id, "kind": each.kind, "expected_version": each.expected_version,
                         "indexed_version": each.indexed_version} for each in found.differences],
    }


def _lines(found: Check) -> list[str]:
    if found.refused:
        return [found.refused]
    if found.agrees:
        return [f"Index and library agree: {found.records:,} records."]
    lines = [f"{len(found.differences):,} of {found.records:,} records differ; {found.indexed:,} are indexed."]
    lines += [f"  {each.record_id} {_WORDS[each.kind]}" for each in found.differences[:_SHOWN]]
    if len(found.differences) > _SHOWN:
        lines.append(f"  and {len(found.differences) - _SHOWN:,} more; see --json")
    if found.waiting:
        jobs = "1 job still waits" if found.waiting == 1 else f"{found.waiting:,} jobs still wait"
        waiting = f"{jobs} for the worker (`evenhand worker`); check again when it is done."
        return [*lines, waiting]
    return [*lines, f"No job is waiting to mend this. {_REBUILD}"]
