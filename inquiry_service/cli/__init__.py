"""The command line: ``evenhand COMMAND``, the same as ``python -m inquiry_service COMMAND``.

A command's module is imported when the command is run, so that ``--help`` answers at once. Whatever
goes wrong ends as one line on standard error and an exit code: 1 failed, 2 wrongly called.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any, NoReturn

import click

from inquiry_service.version import __version__

COMMANDS: dict[str, tuple[str, str, str]] = {
    "init": ("installation", "init", "Create or migrate the database and the directories."),
    "serve": ("installation", "serve", "Run the web server."),
    "worker": ("worker", "worker", "Run background work: index, render, send."),
    "doctor": ("installation", "doctor", "Show the settings and check the installation."),
    "demo": ("demo", "demo", "Load the demonstration."),
    "users": ("users", "users", "Add, list and disable accounts."),
    "inquiry": ("inquiry", "inquiry", "Show an inquiry."),
    "document": ("document", "document", "Get a letter as it was sent."),
    "literature": ("literature", "literature", "Import, search and index the literature library."),
    "content": ("content", "content", "Load reviewed content and labels."),
    "audit": ("audit", "audit", "Verify and export the audit log."),
}
"""Command to module in this package, its attribute, and the words of the list."""


class LazyCommands(click.Group):
    """A group that knows its commands by name and imports the one that is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command: click.Command = getattr(import_module(f"{__name__}.{module}"), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands with the words of the table, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, words) for name, (_, _, words) in COMMANDS.items()])

    def main(self, *args: Any, **extra: Any) -> NoReturn:
        """Run and exit; every failure becomes one line."""
        extra["standalone_mode"] = False
        try:
            code = super().main(*args, **extra)
        except click.ClickException as error:
            _fail(_usage(error), error.exit_code)
        except click.Abort:
            _fail("stopped", 130)
        except Exception as error:  # noqa: BLE001 - what is expected is told apart inside, the rest goes on
            _fail(_words_for(error), 1)
        sys.exit(code if isinstance(code, int) else 0)


def _usage(error: click.ClickException) -> str:
    message = error.format_message().rstrip(".").replace("\n", " ")
    context = getattr(error, "ctx", None)
    return f"{message}; see {context.command_path} --help" if context else message


def _words_for(error: Exception) -> str:
    """Return the line for an error that an operator can understand; raise every other one again."""
    from config import ConfigurationProblem
    from inquiry_service.errors import EvenhandError

    if isinstance(error, EvenhandError | ConfigurationProblem):
        reasons = " ".join(unmet.message for unmet in getattr(error, "unmet", ()))
        return f"{error} {reasons}".strip().replace("\n", " ")
    if isinstance(error, OSError):
        return f"{error.strerror or error}: {error.filename}" if error.filename else str(error)
    from inquiry_service.services.runtime import is_database_trouble

    if is_database_trouble(error):
        reason = str(getattr(error, "orig", error)).strip().splitlines() or [""]
        return f"the database cannot be used: {reason[0]}; check EVENHAND_DATABASE_URL or run: evenhand init"
    raise error


def _fail(message: str, code: int) -> NoReturn:
    click.echo(f"error: {message}", err=True)
    sys.exit(code)


@click.group(cls=LazyCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message="evenhand %(version)s")
def main() -> None:
    """Evenhand answers medical inquiries evenly and keeps the proof.

    Settings come from environment variables; `evenhand doctor` shows them.
    """
