"""``evenhand inquiry show``: an inquiry as the host's operator may see it."""

from __future__ import annotations

import json
from typing import Any

import click

from inquiry_service.cli.acting import acting_account
from inquiry_service.cli.opened import opened_runtime


@click.group()
def inquiry() -> None:
    """Show an inquiry."""


@inquiry.command()
@click.argument("number")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@click.option("--as", "email", default="", metavar="EMAIL", help="Account that looks; decides what is shown.")
def show(number: str, as_json: bool, email: str) -> None:
    """Show inquiry NUMBER, e.g. MI-2026-000001, through the eyes of an account."""
    from inquiry_service.services.inquiry_words import describe

    with opened_runtime() as runtime:
        actor = acting_account(runtime, email, demo_default="mi@demo.example")
        with runtime.reading() as session:
            facts = describe(session, actor, number)
    click.echo(json.dumps(facts, ensure_ascii=False, indent=2) if as_json else "\n".join(_lines(facts)))


def _lines(facts: dict[str, Any]) -> list[str]:
    lines = []
    for name, value in facts.items():
        words = name.replace("_", " ").capitalize()
        if isinstance(value, list):
            lines.append(f"{words}:")
            lines += [f"  - {_one(item)}" for item in value] or ["  none"]
        else:
            lines.append(f"{words}: {value if value not in ('', None) else '–'}")
    return lines


def _one(item: Any) -> str:
    return "; ".join(f"{key} {value}" for key, value in item.items() if value) if isinstance(item, dict) else str(item)
