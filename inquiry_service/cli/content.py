"""``evenhand content``: reviewed content and labels from files into the library."""

from __future__ import annotations

from pathlib import Path

import click

from inquiry_service.cli.acting import acting_account
from inquiry_service.cli.opened import opened_runtime

_AS = click.option("--as", "email", default="", metavar="EMAIL", help="Content owner who takes it in; audited.")
_OWNER = "librarian@demo.example"


@click.group()
def content() -> None:
    """Load reviewed content and labels."""


@content.command()
@_AS
def sync(email: str) -> None:
    """Take the released standard responses and blocks of templates/responses into the library.

    Safe to repeat: what is there already stays, and a released version that was changed is refused.
    """
    from inquiry_service.services import content as service

    with opened_runtime() as runtime:
        actor = acting_account(runtime, email, demo_default=_OWNER)
        with runtime.transaction() as session:
            report = service.sync(session, actor, runtime.config.responses_dir)
    click.echo(f"{len(report.added)} added, {len(report.superseded)} superseded, {report.unchanged} unchanged.")


@content.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@_AS
def labels(folder: Path, email: str) -> None:
    """Take the products and label versions of FOLDER (*.toml) into the database; what is there already stays."""
    from inquiry_service.services import label_files

    with opened_runtime() as runtime:
        actor = acting_account(runtime, email, demo_default=_OWNER)
        with runtime.transaction() as session:
            added = label_files.load(session, actor, folder)
    click.echo("\n".join(added) if added else "Nothing new.")
