"""Forms of the library: the search as it stands in the address, and the upload of a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from flask_wtf.file import FileField, FileRequired
from werkzeug.datastructures import MultiDict
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from inquiry_service.domain.vocabulary import RecordStatus
from inquiry_service.errors import InvalidInput
from inquiry_service.search.port import Filters
from inquiry_service.web.forms.strict import StrictForm

PAGE_SIZE = 20
_MOST_VALUES = 20
_NO_PRODUCT = SelectChoice("", "None in particular")
_LONGEST_VALUE = 200


@dataclass(frozen=True)
class SearchArgs:
    """A search of the library, read from the address."""

    text: str = ""
    filters: Filters = field(default_factory=Filters)
    offset: int = 0
    limit: int = PAGE_SIZE
    year_from: str = ""
    year_to: str = ""

    @classmethod
    def from_args(cls, args: MultiDict[str, str]) -> SearchArgs:
        """Read text and lists; years and offset are read by :meth:`checked`, which may refuse."""
        statuses = tuple(value for value in args.getlist("status") if value in set(RecordStatus))
        filters = Filters(products=_values(args, "product"), publication_types=_values(args, "type"),
                          statuses=statuses)
        return cls(args.get("q", ""), filters, 0, PAGE_SIZE, args.get("from", "")[:10], args.get("to", "")[:10])

    def checked(self, offset: str) -> SearchArgs:
        """Return the search with its years and its page.

        Raises:
            InvalidInput: names the field that is no year.
        """
        filters = Filters(
            year_from=year("from", self.year_from), year_to=year("to", self.year_to), products=self.filters.products,
            publication_types=self.filters.publication_types, statuses=self.filters.statuses)
        if filters.year_from and filters.year_to and filters.year_from > filters.year_to:
            message = "The first year is later than the last one."
            raise InvalidInput(message, fields={"from": message})
        start = int(offset) if offset.isascii() and offset.isdigit() and len(offset) < 7 else 0
        return SearchArgs(self.text, filters, start, self.limit, self.year_from, self.year_to)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything beside the text narrows the search."""
        chosen = self.filters
        return bool(self.year_from or self.year_to or chosen.products or chosen.publication_types or chosen.statuses)

    def query_args(self, offset: int = 0) -> dict[str, Any]:
        """Return the search as arguments for an address."""
        given = {"q": self.text, "from": self.year_from, "to": self.year_to, "status": self.filters.statuses,
                 "type": self.filters.publication_types, "product": self.filters.products, "offset": offset or None}
        return {name: list(value) if isinstance(value, tuple) else value for name, value in given.items() if value}


def year(name: str, text: str) -> int | None:
    """Read a year; nothing is no restriction.

    Raises:
        InvalidInput: it is none; names the field.
    """
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        message = f"“{text}” is not a year; write four digits, such as 1998."
        raise InvalidInput(message, fields={name: message})
    return int(text)


def _values(args: MultiDict[str, str], name: str) -> tuple[str, ...]:
    return tuple(value for value in args.getlist(name)[:_MOST_VALUES] if 0 < len(value) <= _LONGEST_VALUE)


class ImportForm(StrictForm):
    """Upload a literature file."""

    file = FileField(
        "Literature file", [FileRequired("Choose a file.")],
        description="PubMed XML, MEDLINE/NBIB, RIS, or a CSV table with a title column; recognised by its content.",
    )
    product = SelectField(
        "Product", description="New records are tagged with it; searches can be narrowed to it.",
        choices=[_NO_PRODUCT], validate_choice=False,
    )

    def offer(self, products: Iterable[Any]) -> None:
        """Offer these products."""
        self.product.choices = [_NO_PRODUCT, *(SelectChoice(product.key, product.name) for product in products)]
