"""``evenhand users``: accounts from the command line, for the first administrator and for emergencies."""

from __future__ import annotations

import sys
from datetime import datetime

import click

from inquiry_service.cli.opened import opened_runtime
from inquiry_service.domain.vocabulary import Role
from inquiry_service.errors import NotFound
from inquiry_service.services import accounts
from inquiry_service.services.access import OPERATOR
from inquiry_service.store import people

_ROLES = click.Choice([role.value for role in Role if role is not Role.SYSTEM])


@click.group()
def users() -> None:
    """Add, list and disable accounts. They are never deleted, and their addresses never reused."""


@users.command()
@click.argument("email")
@click.option("--name", required=True, help="Name as it shall stand beside signatures.")
@click.option("--role", "roles", multiple=True, required=True, type=_ROLES, help="May be given several times.")
@click.option("--title", default="", help="Title or degree.")
@click.option("--trained-until", type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD",
              help="Last day on which the training is current; without it nobody is assigned an answer.")
@click.option("--reason", default="Added at the command line", show_default=True, help="Why the roles are given.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@click.option("--keep-password", is_flag=True, help="Do not ask for a new password at the first sign-in.")
def add(
    email: str, name: str, roles: tuple[str, ...], title: str, trained_until: datetime | None, reason: str,
    password_stdin: bool, keep_password: bool,
) -> None:
    """Make an account for the person with the address EMAIL."""
    password = _password(from_stdin=password_stdin)
    with opened_runtime() as runtime, runtime.transaction() as session:
        user = accounts.create_account(
            session, OPERATOR, email=email, printed_name=name, title=title, roles=[Role(role) for role in roles],
            password=password, reason=reason, passwords=runtime.passwords, must_change_password=not keep_password,
            trained_until=trained_until.date() if trained_until else None,
        )
        email = user.email
    click.echo(f"Made account {email}.")


def _password(*, from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    entered: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    return entered


@users.command("list")
def list_accounts() -> None:
    """List the accounts: address, name, roles, standing."""
    with opened_runtime() as runtime, runtime.reading() as session:
        after = ""
        while True:
            page = people.page(session, OPERATOR, after=after, limit=200)
            for user in page.items:
                roles = ",".join(sorted(role.value for role in user.roles))
                standing = "open" if user.is_active else "disabled"
                click.echo(f"{user.email}\t{user.printed_name}\t{roles}\t{standing}")
            if not page.next_cursor:
                return
            after = page.next_cursor


@users.command()
@click.argument("email")
@click.option("--reason", required=True, help="Why; kept on record.")
def disable(email: str, reason: str) -> None:
    """Close the account with the address EMAIL and sign it out everywhere."""
    with opened_runtime() as runtime, runtime.transaction() as session:
        user = people.by_email(session, email)
        if user is None:
            raise NotFound(f"There is no account {email}.")
        accounts.disable_account(session, OPERATOR, user.id, reason=reason)
    click.echo(f"Disabled account {email}.")
