"""``evenhand audit``: verify the log, export it with everything that an outsider needs."""

from __future__ import annotations

import json
from pathlib import Path

import click

from inquiry_service.cli.new_file import new_file
from inquiry_service.cli.opened import opened_runtime
from inquiry_service.cli.progress import progress
from inquiry_service.errors import IntegrityBroken
from inquiry_service.services.access import OPERATOR


@click.group()
def audit() -> None:
    """Verify and export the audit log."""


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def verify(as_json: bool) -> None:
    """Recompute the whole log; exit 1 and name the first wrong entry when it does not agree."""
    from inquiry_service.services.audit_verify import verify_and_record

    try:
        with opened_runtime() as runtime, progress("entries verified") as report:
            result = verify_and_record(runtime.sessions, OPERATOR, lambda done, _total: report(done))
    except IntegrityBroken as problem:
        if as_json:
            found = {name: str(problem.data.get(name, "")) for name in ("where", "expected", "got")}
            click.echo(json.dumps({"intact": False, "first_wrong_entry": problem.data.get("seq")} | found))
        raise
    if as_json:
        click.echo(json.dumps({"intact": True, "entries": result.size, "root": result.root,
                               "checked_at": result.checked_at.isoformat()}))
    else:
        click.echo(result.summary)


@audit.command()
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="The zip to write.")
def export(out: Path) -> None:
    """Export the whole log with its tree and the offline verifier; never overwrites a file."""
    from inquiry_service.services.audit_export import export_zip
    from inquiry_service.store.audit import AuditFilter

    with opened_runtime() as runtime, new_file(out) as file:
        manifest = export_zip(runtime.sessions, file, filters=AuditFilter(), exporter=OPERATOR)
    click.echo(f"{manifest.entries:,} entries written to {out}; verify with: python3 -I verify.py {out.name}")
