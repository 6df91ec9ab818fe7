"""``evenhand document get``: the bytes of a letter, exactly as archived."""

from __future__ import annotations

from pathlib import Path

import click

from inquiry_service.cli.acting import acting_account
from inquiry_service.cli.new_file import new_file
from inquiry_service.cli.opened import opened_runtime


@click.group()
def document() -> None:
    """Get a letter as it was sent."""


@document.command()
@click.argument("number")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The PDF to write.")
@click.option("--as", "email", default="", metavar="EMAIL", help="Account that takes it out; audited.")
def get(number: str, out: Path, email: str) -> None:
    """Write the letter of inquiry NUMBER, or the letter with this number, to a file; never overwrites one."""
    from inquiry_service.services import documents
    from inquiry_service.store import responses

    with opened_runtime() as runtime:
        actor = acting_account(runtime, email, demo_default="mi@demo.example")
        with new_file(out) as file, runtime.transaction() as session:
            found = responses.document_by_number(session, actor, number)
            row, data = documents.download(session, runtime.blobs, actor, found.id)
            file.write(data)
    click.echo(f"{row.number}: {len(data):,} bytes, SHA-256 {row.sha256}")
