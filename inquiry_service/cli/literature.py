"""``evenhand literature``: import files, search the library, build its index anew.

Importing and searching need a right about content, which the host's operator has not (R28). So they act as an
account, named with ``--as`` (in demo mode the librarian), and the audit says both: the account as the actor, and
that it was done at the command line and under which name of the host.
"""

from __future__ import annotations

import getpass
import html
import json
import re
import sys
from pathlib import Path
from typing import Any, BinaryIO, cast

import click

from inquiry_service.cli.acting import acting_account
from inquiry_service.cli.opened import opened_runtime
from inquiry_service.cli.progress import progress
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import ImportOutcome
from inquiry_service.errors import InvalidInput
from inquiry_service.services.access import OPERATOR
from inquiry_service.services.runtime import Runtime

LIBRARIAN = "librarian@demo.example"
_SHOWN = 10
_PORTION = 1000
_as = click.option("--as", "email", default="", metavar="EMAIL",
                   help=f"Account to act as; in demo mode {LIBRARIAN} unless given.")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON on standard output, nothing else.")


@click.group()
def literature() -> None:
    """Import, search and index the literature library."""


@literature.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--product", default="", metavar="KEY", help="Tag the new records with this product.")
@_json
@_as
def import_files(files: tuple[str, ...], product: str, as_json: bool, email: str) -> None:
    """Import FILE... (PubMed XML, MEDLINE/NBIB, RIS or a CSV table; - is standard input).

    Each record is created, found to be a duplicate, or rejected with its reason; the report stays. The command
    fails when a file could not be read as a whole; the other files are imported all the same.
    """
    with opened_runtime() as runtime:
        actor = acting_account(runtime, email, demo_default=LIBRARIAN)
        reports = [_import_one(runtime, actor, name, product) for name in files]
        if as_json:
            click.echo(json.dumps({"files": reports}, ensure_ascii=False, indent=2))
        else:
            for report in reports:
                click.echo("\n".join(_report_lines(report)), err="error" in report)
    sys.exit(1 if any("error" in report for report in reports) else 0)


def _import_one(runtime: Runtime, actor: Actor, name: str, product: str) -> dict[str, Any]:
    from inquiry_service.services import literature as imports

    shown = "standard input" if name == "-" else Path(name).name
    try:
        with click.open_file(name, "rb") as stream, progress(f"{shown}: records read") as count:
            report = imports.import_file(
                runtime.sessions, actor, shown, cast(BinaryIO, stream), products=[product] if product else [],
                via=f"command line, host account {getpass.getuser()}", progress=count)
    except InvalidInput as refusal:
        return {"file": name, "error": refusal.message}
    except OSError as error:
        return {"file": name, "error": error.strerror or str(error)}
    return {
        "file": name, "report": report.run_id, "format": report.format, "read": report.read, "created": report.created,
        "duplicate": report.duplicate, "rejected": report.rejected, "records": _records(runtime, report.run_id),
    }


def _records(runtime: Runtime, run_id: str) -> list[dict[str, Any]]:
    from inquiry_service.store import literature as store

    records: list[dict[str, Any]] = []
    with runtime.reading() as session:
        while items := store.import_items(session, run_id, offset=len(records), limit=_PORTION):
            rows = store.records(session, [item.record_id for item in items if item.record_id])
            records += [
                {"position": item.position, "outcome": item.outcome.value, "identifier": item.identifier,
                 "citation_key": rows[item.record_id].citation_key if item.record_id else None,
                 "record_id": item.record_id, "reason": item.reason} for item in items]
    return records


def _report_lines(report: dict[str, Any]) -> list[str]:
    if "error" in report:
        return [f"error: {report['file']}: {report['error']}"]
    rejected = [record for record in report["records"] if record["outcome"] == ImportOutcome.REJECTED.value]
    lines = [f"{report['file']} ({report['format']}): {report['read']:,} read, {report['created']:,} created, "
             f"{report['duplicate']:,} duplicate, {report['rejected']:,} rejected"]
    lines += [f"  record {record['position']}: {record['reason']}" for record in rejected[:_SHOWN]]
    if len(rejected) > _SHOWN:
        lines.append(f"  and {len(rejected) - _SHOWN:,} more; see report {report['report']} or --json")
    return lines


@literature.command()
@click.argument("query")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 200), help="Records shown.")
@_json
@_as
def search(query: str, limit: int, as_json: bool, email: str) -> None:
    """Search the library for QUERY; the search is not recorded on any inquiry."""
    with opened_runtime() as runtime:
        actor = acting_account(runtime, email, demo_default=LIBRARIAN)
        found = _found(runtime, actor, query, limit)
    if as_json:
        click.echo(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_result_lines(found)))


def _found(runtime: Runtime, actor: Actor, query: str, limit: int) -> dict[str, Any]:
    from inquiry_service.search.port import Filters
    from inquiry_service.services import evidence, reference_list
    from inquiry_service.store import literature as store

    result = evidence.search(runtime.index, actor, query, Filters(), limit=limit)
    with runtime.reading() as session:
        rows = store.records(session, [hit.record_id for hit in result.hits])
    hits = [(hit, rows[hit.record_id]) for hit in result.hits if hit.record_id in rows]
    references = reference_list.many([row for _, row in hits])
    return {
        "query": query, "read_as": result.parsed, "dropped": list(result.dropped), "total": result.total,
        "index": {"generation": result.generation.number, "digest": result.generation.digest},
        "hits": [
            {"rank": rank, "record_id": row.id, "citation_key": row.citation_key, "title": row.title, "year": row.year,
             "pmid": row.pmid, "doi": row.doi, "status": row.status.value, "score": round(hit.score, 6),
             "passage": _plain(hit.snippet_html), "reference": _plain(reference)}
            for rank, ((hit, row), reference) in enumerate(zip(hits, references, strict=True), start=1)],
    }


def _plain(markup: str) -> str:
    return html.unescape(re.sub(r"</?[a-z]+>", "", markup))


def _result_lines(found: dict[str, Any]) -> list[str]:
    lines = [f"Read as: {found['read_as']}", *found["dropped"],
             f"{found['total']:,} record{'' if found['total'] == 1 else 's'}, index {found['index']['generation']}"]
    for hit in found["hits"]:
        status = "" if hit["status"] == "current" else f"  [{hit['status'].replace('_', ' ')}]"
        lines.append(f"{hit['rank']:>3}. {hit['citation_key']}{status}  {hit['reference']}")
    return lines


@literature.command()
def rebuild() -> None:
    """Build the literature index anew from the database, beside the old one, then switch."""
    from inquiry_service.services import library_index
    from inquiry_service.store import literature as store

    with opened_runtime() as runtime:
        with runtime.reading() as session:
            size = store.count(session)
        with progress("records indexed", size) as count:
            generation = library_index.rebuild_recorded(runtime, OPERATOR, count)
    click.echo(f"Index {generation.number} holds {generation.documents:,} records.")
