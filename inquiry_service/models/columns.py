"""Column shorthands shared by the tables: ids, coded terms, times, links."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from sqlalchemy import JSON, String, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import TypeDecorator

from inquiry_service.db import UtcDateTime, new_id
from inquiry_service.domain.vocabulary import Term

Id = Annotated[str, mapped_column(String(36), primary_key=True, default=new_id)]
"""UUIDv7 made by the application."""
Key = Annotated[str, mapped_column(String(200))]
"""A short text: name, code, address."""
LongText = Annotated[str, mapped_column(Text)]
Digest = Annotated[str, mapped_column(String(64))]
"""SHA-256 in hexadecimal."""
Moment = Annotated[datetime, mapped_column(UtcDateTime)]

Json = JSON().with_variant(JSONB(), "postgresql")
"""A JSON document; used only for values that are read and written whole."""


class TermColumn(TypeDecorator[Term]):
    """Stores the value of a coded term and gives the member back; an unknown value is an error."""

    impl = String(60)
    cache_ok = True

    def __init__(self, term: type[Term]) -> None:
        super().__init__()
        self.term = term

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        """Accept the member or its value, nothing else."""
        return None if value is None else self.term(value).value

    def process_result_value(self, value: Any, dialect: Any) -> Term | None:
        """Return the member."""
        return None if value is None else self.term(value)
