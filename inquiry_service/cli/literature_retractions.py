"""``evenhand literature retractions``: import a retraction list and hold it against the library (R69)."""

from __future__ import annotations

import getpass
import json
from collections.abc import Iterator
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, cast

import click

from inquiry_service.cli.acting import acting_account
from inquiry_service.cli.opened import opened_runtime
from inquiry_service.cli.progress import progress
from inquiry_service.services.retraction_lists import RETRACTION_WATCH, ListReport

LIBRARIAN = "librarian@demo.example"
_SHOWN = 10


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--name", default=RETRACTION_WATCH, show_default=True,
              help="What the list is called; one of this name is replaced.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON on standard output, nothing else.")
@click.option("--as", "email", default="", metavar="EMAIL",
              help=f"Account to act as; in demo mode {LIBRARIAN} unless given.")
def retractions(file: str, name: str, as_json: bool, email: str) -> None:
    """Import a retraction list: FILE is the CSV of Retraction Watch; - is standard input.

    Each line is added, unchanged, or rejected with its reason. Records of the library that the list speaks of
    stand worse from now on, and so do those that are imported later.
    """
    from inquiry_service.services import retraction_lists

    with opened_runtime() as runtime:
        actor = acting_account(runtime, email, demo_default=LIBRARIAN)
        with click.open_file(file, "rb") as stream, progress("lines read") as count:
            source = cast(BinaryIO, stream) if file != "-" else BytesIO(stream.read())
            with runtime.transaction() as session:
                report = retraction_lists.import_list(
                    session, actor, source, name=name, via=f"command line, host account {getpass.getuser()}",
                    progress=count)
    if as_json:
        click.echo(json.dumps({"file": Path(file).name, **asdict(report)}, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_lines(report)))


def _lines(report: ListReport) -> Iterator[str]:
    yield (f"{report.name}: {report.read:,} lines read, {report.added:,} added, {report.unchanged:,} unchanged, "
           f"{report.rejected:,} rejected; {report.gone:,} of the former list gone")
    for position, entry, reason in report.rejections[:_SHOWN]:
        yield f"  line {position} ({entry or 'no number'}): {reason}"
    if report.rejected > _SHOWN:
        yield f"  and {report.rejected - _SHOWN:,} more"
    for key, status in report.lowered:
        yield f"  {key} is now {status.lower()}"
