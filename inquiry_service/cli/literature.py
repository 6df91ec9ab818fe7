"""``evenhand literature``: import files, search the library, build its index anew.

Importing and searching need a right about content, which the host's operator has not (R28). So they act as an
account, named with ``--as`` (in demo mode the librarian), and the audit says both: the account as the actor, and
that it was done at the command line and under which name of the host.
"""

from __future__ import annotations

import click

from inquiry_service.cli.literature_check import check, rebuild
from inquiry_service.cli.literature_evaluate import evaluate
from inquiry_service.cli.literature_import import import_files
from inquiry_service.cli.literature_retractions import retractions
from inquiry_service.cli.literature_search import search


@click.group()
def literature() -> None:
    """Import, search and index the literature library."""


literature.add_command(check)
literature.add_command(rebuild)
literature.add_command(import_files)
literature.add_command(search)
literature.add_command(retractions)
literature.add_command(evaluate)
