"""``evenhand literature search``: the search page of the library on the command line, with the same language."""

from __future__ import annotations

import json
from typing import Any

import click

from inquiry_service.cli.acting import acting_account
from inquiry_service.cli.opened import opened_runtime
from inquiry_service.domain.vocabulary import Population, RecordKind, RecordStatus, StudyDesign, Term
from inquiry_service.search.port import Filters, Query, Sort

LIBRARIAN = "librarian@demo.example"


def _terms(name: str, term: type[Term]) -> Any:
    return click.option(name, multiple=True, type=click.Choice([member.value for member in term]), metavar="TERM",
                        help=f"Only these: {', '.join(member.value for member in term)}; may be repeated.")


@click.command()
@click.argument("query", default="")
@click.option("--from", "year_from", type=click.IntRange(1500, 2200), help="First year of publication.")
@click.option("--to", "year_to", type=click.IntRange(1500, 2200), help="Last year of publication.")
@_terms("--status", RecordStatus)
@_terms("--kind", RecordKind)
@_terms("--design", StudyDesign)
@_terms("--population", Population)
@click.option("--product", multiple=True, metavar="KEY", help="Only records of this product; may be repeated.")
@click.option("--type", "publication_type", multiple=True, metavar="TYPE", help="Only this publication type.")
@click.option("--source", multiple=True, metavar="FORMAT", help="Only records that came in this format.")
@click.option("--sort", default="relevance", show_default=True, type=click.Choice([sort.value for sort in Sort]))
@click.option("--as-typed", is_flag=True, help="Only the words as typed, no synonyms.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 200), help="Records shown.")
@click.option("--offset", default=0, type=click.IntRange(0), help="Records left out at the beginning.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON on standard output, nothing else.")
@click.option("--as", "email", default="", metavar="EMAIL",
              help=f"Account to act as; in demo mode {LIBRARIAN} unless given.")
def search(query: str, email: str, as_json: bool, **options: Any) -> None:
    """Search the library for QUERY; the search is not recorded on any inquiry."""
    from inquiry_service.services import library_search

    asked = _query(query, **options)
    with opened_runtime() as runtime:
        actor = acting_account(runtime, email, demo_default=LIBRARIAN)
        with runtime.reading() as session:
            found = library_search.find(session, runtime.index, actor, asked)
    data = library_search.as_data(asked, found)
    click.echo(json.dumps(data, ensure_ascii=False, indent=2) if as_json else "\n".join(_lines(data)))


def _query(
    text: str, *, year_from: int | None, year_to: int | None, status: tuple[str, ...], kind: tuple[str, ...],
    design: tuple[str, ...], population: tuple[str, ...], product: tuple[str, ...], publication_type: tuple[str, ...],
    source: tuple[str, ...], sort: str, as_typed: bool, limit: int, offset: int,
) -> Query:
    filters = Filters(year_from, year_to, products=product, publication_types=publication_type, statuses=status,
                      designs=design, kinds=kind, sources=source, populations=population)
    return Query(text, filters, limit, offset, synonyms=not as_typed, sort=Sort(sort))


def _lines(found: dict[str, Any]) -> list[str]:
    lines = [f"Read as: {found['read_as']}", *found["dropped"]]
    lines += [f"Also found by: {one['word']}: {', '.join(one['added'])} ({one['origin']})"
              for one in found["expansions"]]
    if found["suggested"]:
        lines.append(f"Did you mean: {found['suggested']}")
    lines.append(f"{found['total']:,} record{'' if found['total'] == 1 else 's'}, "
                 f"index {found['index']['generation']}")
    for hit in found["hits"]:
        status = "" if hit["status"] == "current" else f"  [{hit['status'].replace('_', ' ')}]"
        lines.append(f"{hit['rank']:>3}. {hit['citation_key']}{status}  {hit['reference']}")
    return lines
