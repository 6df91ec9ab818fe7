"""The search of the library as it stands in the address."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from werkzeug.datastructures import MultiDict

from inquiry_service.domain.vocabulary import Population, RecordKind, RecordStatus, StudyDesign, Term
from inquiry_service.errors import InvalidInput
from inquiry_service.search.port import Filters, Query, Sort
from inquiry_service.web.forms.literature import year

PAGE_SIZE = 20
_MOST_VALUES = 20
_LONGEST_VALUE = 200

LISTS = {
    "status": "statuses", "kind": "kinds", "design": "designs", "population": "populations", "product": "products",
    "type": "publication_types", "source": "sources",
}
"""Argument of the address to filter of the index; each may be given several times."""
_CODED: dict[str, type[Term]] = {
    "status": RecordStatus, "kind": RecordKind, "design": StudyDesign, "population": Population,
}


@dataclass(frozen=True)
class SearchArgs:
    """A search of the library, read from the address.

    Attributes:
        as_typed: only the words as they were typed, no synonyms.
    """

    text: str = ""
    filters: Filters = field(default_factory=Filters)
    sort: Sort = Sort.RELEVANCE
    as_typed: bool = False
    offset: int = 0
    limit: int = PAGE_SIZE
    year_from: str = ""
    year_to: str = ""

    @classmethod
    def from_args(cls, args: MultiDict[str, str]) -> SearchArgs:
        """Read text and lists; years and offset are read by :meth:`checked`, which may refuse."""
        lists: dict[str, Any] = {filter_name: _values(args, name) for name, filter_name in LISTS.items()}
        wanted = args.get("sort", "")
        return cls(
            text=args.get("q", ""), filters=Filters(**lists), as_typed=args.get("as_typed") == "1",
            sort=Sort(wanted) if wanted in set(Sort) else Sort.RELEVANCE,
            year_from=args.get("from", "")[:10], year_to=args.get("to", "")[:10])

    def checked(self, offset: str) -> SearchArgs:
        """Return the search with its years and its page.

        Raises:
            InvalidInput: names the field that is no year.
        """
        first, last = year("from", self.year_from), year("to", self.year_to)
        if first and last and first > last:
            message = "The first year is later than the last one."
            raise InvalidInput(message, fields={"from": message})
        start = int(offset) if offset.isascii() and offset.isdigit() and len(offset) < 7 else 0
        return replace(self, filters=replace(self.filters, year_from=first, year_to=last), offset=start)

    def query(self) -> Query:
        """Return the search as the index takes it.

        Raises:
            InvalidInput: the page lies too far behind.
        """
        return Query(self.text, self.filters, self.limit, self.offset, synonyms=not self.as_typed, sort=self.sort)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything beside the text narrows the search."""
        return bool(self.year_from or self.year_to or any(getattr(self.filters, name) for name in LISTS.values()))

    def query_args(self, offset: int = 0, **changed: Any) -> dict[str, Any]:
        """Return the search as arguments for an address, some of them changed; an empty one is left out."""
        given = {
            "q": self.text, "from": self.year_from, "to": self.year_to,
            "sort": self.sort.value if self.sort is not Sort.RELEVANCE else "",
            "as_typed": "1" if self.as_typed else "",
            **{name: list(getattr(self.filters, filter_name)) for name, filter_name in LISTS.items()},
            "offset": offset or None,
        }
        return {name: value for name, value in (given | changed).items() if value}


def _values(args: MultiDict[str, str], name: str) -> tuple[str, ...]:
    given = [value for value in args.getlist(name)[:_MOST_VALUES] if 0 < len(value) <= _LONGEST_VALUE]
    coded = _CODED.get(name)
    return tuple(value for value in given if coded is None or value in set(coded))
