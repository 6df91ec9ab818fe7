"""``evenhand literature import``: files into the library, in one go or checked only.

Importing needs a right about content, which the host's operator has not (R28), so the command acts as an account:
the audit names that account, and that it was done at the command line under which name of the host.
"""

from __future__ import annotations

import getpass
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

import click

from inquiry_service.cli.acting import acting_account
from inquiry_service.cli.opened import opened_runtime
from inquiry_service.cli.progress import progress
from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import ImportFinding, ImportOutcome
from inquiry_service.errors import InvalidInput
from inquiry_service.services.runtime import Runtime

LIBRARIAN = "librarian@demo.example"
_SHOWN = 10
_COUNTS = ("read", "created", "updated", "duplicate", "rejected")


@dataclass(frozen=True)
class _Order:
    """What is asked for, the same for each file."""

    actor: Actor
    products: tuple[str, ...]
    mapping: dict[str, str] | None
    dry_run: bool
    every_record: bool


@click.command("import")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--product", "products", multiple=True, metavar="KEY",
              help="Tag the new records with this product; may be given again.")
@click.option("--dry-run", is_flag=True, help="Check only; the import then waits on its page for a confirmation.")
@click.option("--map", "columns", multiple=True, metavar="COLUMN=FIELD",
              help="What a column of a table holds, e.g. --map Titre=title; may be given again.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON on standard output, nothing else.")
@click.option("--as", "email", default="", metavar="EMAIL",
              help=f"Account to act as; in demo mode {LIBRARIAN} unless given.")
def import_files(
    files: tuple[str, ...], products: tuple[str, ...], dry_run: bool, columns: tuple[str, ...], as_json: bool,
    email: str,
) -> None:
    """Import FILE... of any format that databases and reference managers export; - is standard input.

    Each record is created, updates a known one, is a duplicate, or is rejected with its reason; the report stays.
    The command fails when a file could not be read as a whole; the other files are imported all the same.
    """
    mapping = _mapping(columns)
    with opened_runtime() as runtime:
        actor = acting_account(runtime, email, demo_default=LIBRARIAN)
        order = _Order(actor, products, mapping, dry_run, as_json)
        reports = [_one(runtime, order, name) for name in files]
    if as_json:
        click.echo(json.dumps({"files": reports}, ensure_ascii=False, indent=2))
    else:
        for report in reports:
            click.echo("\n".join(_lines(report)), err="error" in report)
    sys.exit(1 if any("error" in report for report in reports) else 0)


def _mapping(columns: tuple[str, ...]) -> dict[str, str] | None:
    pairs = [column.rpartition("=") for column in columns]
    if not all(column and field for column, _, field in pairs):
        raise click.BadParameter("Write COLUMN=FIELD, for example --map Titre=title.", param_hint="--map")
    return {column: field for column, _, field in pairs} or None


def _one(runtime: Runtime, order: _Order, name: str) -> dict[str, Any]:
    from inquiry_service.services import literature

    shown = "standard input" if name == "-" else Path(name).name
    act = literature.check_file if order.dry_run else literature.import_file
    try:
        with click.open_file(name, "rb") as stream, progress(f"{shown}: records read") as count:
            run_id = act(
                runtime.sessions, order.actor, shown, cast(BinaryIO, stream), products=order.products,
                mapping=order.mapping, via=f"command line, host account {getpass.getuser()}", progress=count,
                blobs=runtime.blobs).run_id
    except InvalidInput as refusal:
        return {"file": name, "error": refusal.message}
    except OSError as error:
        return {"file": name, "error": error.strerror or str(error)}
    return {"file": name} | _report(runtime, run_id, every_record=order.every_record)


def _report(runtime: Runtime, run_id: str, *, every_record: bool) -> dict[str, Any]:
    from inquiry_service.store import literature_imports as store

    with runtime.reading() as session:
        run = store.run(session, run_id)
        report: dict[str, Any] = {"report": run.id, "format": run.format, "encoding": run.encoding,
                                  "encoding_note": run.encoding_note, "state": run.state.value}
        if run.report_sha256:
            report |= {name: getattr(run, name) for name in _COUNTS} | {"report_sha256": run.report_sha256}
        else:
            found = store.finding_counts(session, run_id)
            report |= {"read": run.total, "found": {one.value: count for one, count in found.items()}}
        if every_record:
            return report | {"records": list(_records(session, run_id))}
        bad = (store.items(session, run_id, outcome=ImportOutcome.REJECTED, limit=_SHOWN)
               or store.items(session, run_id, finding=ImportFinding.ERROR, limit=_SHOWN))
        return report | {"bad": [(item.position, item.reason) for item in bad]}


def _records(session: Any, run_id: str) -> Iterator[dict[str, Any]]:
    from inquiry_service.store import literature
    from inquiry_service.store import literature_imports as store

    for portion in store.every_item(session, run_id):
        rows = literature.records(session, [item.record_id for item in portion if item.record_id])
        for item in portion:
            yield {
                "position": item.position, "finding": item.finding.value if item.finding else None,
                "outcome": item.outcome.value if item.outcome else None, "identifier": item.identifier,
                "citation_key": rows[item.record_id].citation_key if item.record_id else None,
                "record_id": item.record_id, "reason": item.reason, "details": item.details,
            }


def _lines(report: dict[str, Any]) -> list[str]:
    if "error" in report:
        return [f"error: {report['file']}: {report['error']}"]
    head = f"{report['file']} ({report['format']}): "
    if "found" in report:
        lines = [head + f"{report['read']:,} read, " + ", ".join(
            f"{count:,} {finding}" for finding, count in report["found"].items()),
            f"  nothing is stored yet; confirm it at /literature/imports/{report['report']}"]
        count = report["found"][ImportFinding.ERROR.value]
    else:
        lines, count = [head + ", ".join(f"{report[name]:,} {name}" for name in _COUNTS)], report["rejected"]
    if report["encoding_note"]:
        lines.append(f"  {report['encoding']}: {report['encoding_note']}")
    lines += [f"  record {position}: {reason}" for position, reason in report["bad"]]
    if count > _SHOWN:
        lines.append(f"  and {count - _SHOWN:,} more; see report {report['report']} or --json")
    return lines
