"""``evenhand worker``: background work, as a service or once."""

from __future__ import annotations

import click

from inquiry_service.cli.opened import opened_runtime


@click.command()
@click.option("--once", is_flag=True, help="Do what is due, then stop.")
def worker(once: bool) -> None:
    """Run background work: keep the index, render letters, send them. One worker per installation."""
    from inquiry_service.jobs.worker import run

    with opened_runtime() as runtime:
        done = run(runtime, once=once)
    if once:
        click.echo(f"{done} job{'s' if done != 1 else ''} done.")
