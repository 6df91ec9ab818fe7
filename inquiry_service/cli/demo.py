"""``evenhand demo load``: the demonstration, into an empty database in demo mode."""

from __future__ import annotations

import click

from inquiry_service.cli.opened import opened_runtime
from inquiry_service.cli.progress import progress


@click.group()
def demo() -> None:
    """Load the demonstration."""


@demo.command()
@click.option("--if-empty", is_flag=True, help="Do nothing when a demonstration is there already.")
def load(if_empty: bool) -> None:
    """Load a fictional company with accounts, labels, reviewed content, a library and inquiries in every state."""
    from inquiry_service.jobs.worker import run
    from inquiry_service.services.demo import load as demonstration

    with opened_runtime(quiet=True) as runtime:
        if not (if_empty and demonstration.is_loaded(runtime)):
            with progress("demonstration steps loaded") as report:
                done = 0

                def count(_words: str) -> None:
                    nonlocal done
                    done += 1
                    report(done)

                demonstration.load(runtime, count, lambda: run(runtime, once=True))
    click.echo(_logins())


def _logins() -> str:
    from inquiry_service.services.demo.people import ACCOUNTS
    from inquiry_service.services.passwords import DEMO_PASSWORD

    width = max(len(account.email) for account in ACCOUNTS)
    lines = [f"  {account.email:<{width}}  {account.role.label}" for account in ACCOUNTS]
    return "\n".join(["Demo logins, all with the password " + DEMO_PASSWORD, *lines])
