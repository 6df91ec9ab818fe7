"""``evenhand init``, ``serve`` and ``doctor``: setting an installation up, running it, looking it over."""

from __future__ import annotations

import sys
from dataclasses import fields
from urllib.parse import urlsplit

import click

from config import Config
from inquiry_service.cli.opened import opened_runtime
from inquiry_service.errors import ConfigurationError
from inquiry_service.migrations.run import upgrade
from inquiry_service.services import health, installation, literature_blocks
from inquiry_service.services.installation import OrganisationData

_SECRET = "secret_key"  # noqa: S105 - the name of the setting, not its value
_NEEDED_TO_SERVE = ("migrations", "database", "audit_triggers", "installation", "files")


@click.command()
@click.option("--organisation", default="Your organisation", show_default=True, help="Sender of the letters.")
@click.option("--address", default="", help="Postal address in letters.")
@click.option("--follow-up-contact", default="", help="Phone and e-mail for questions, separated by a comma.")
@click.option("--safety-contact", default="", help="Phone and e-mail for adverse events, separated by a comma.")
@click.option("--country", default="US", show_default=True, help="Two letters; decides the holidays.")
def init(organisation: str, address: str, follow_up_contact: str, safety_contact: str, country: str) -> None:
    """Create or migrate the database and the directories. Safe to repeat: what exists stays as it is."""
    data = OrganisationData(organisation, address, follow_up_contact, safety_contact, country.upper())
    config = Config.from_env()
    # Before anything else is opened: SQLite would make its directory readable for everybody.
    for directory in (config.data_dir, config.blobs_dir, config.mail_outbox_dir, config.index_dir):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    upgrade(config.database_url)
    with opened_runtime() as runtime:
        literature_blocks.fill_missing(runtime.sessions)
    with opened_runtime() as runtime, runtime.transaction() as session:
        found = installation.begin(session, demo=config.demo, organisation=data)
        words = f"{found.mode} installation of {found.organisation}"
    click.echo(f"Ready: {words}, database {_shown(config, 'database_url')}.")


@click.command()
def serve() -> None:
    """Run the web server on EVENHAND_HOST and PORT until it is told to stop."""
    with opened_runtime() as runtime:
        config = runtime.config
        answers = {check.name: check for check in health.examine(runtime)}
    for name in _NEEDED_TO_SERVE:
        if not answers[name].passed:
            raise ConfigurationError(f"cannot serve, {name.replace('_', ' ')}: {answers[name].detail}")
    from inquiry_service.cli.server import run

    run(config)


@click.command()
def doctor() -> None:
    """Show the effective settings, without secrets, and check the installation; exit 1 if a check fails."""
    with opened_runtime() as runtime:
        click.echo("Settings")
        for setting in fields(Config):
            click.echo(f"  {setting.name:<24}{_shown(runtime.config, setting.name)}")
        click.echo("Checks")
        checks = health.examine(runtime)
    for check in checks:
        click.echo(f"  {'ok  ' if check.passed else 'FAIL'}  {check.name:<16}{check.detail}")
    sys.exit(0 if all(check.passed for check in checks) else 1)


def _shown(config: Config, name: str) -> str:
    """Return a setting as it may be printed: no secret, no password inside an address."""
    value = getattr(config, name)
    if name == _SECRET:
        return "(set)" if value else "(not set)"
    if name.endswith("_url") and value:
        password = urlsplit(value).password
        return str(value).replace(f":{password}@", ":***@") if password else str(value)
    return str(value)
