"""Compare fields that were read with fields that were expected, apart from differences of notation only.

Case of identifiers, braces of BibTeX, dashes in pages, abbreviated given names: these are notations. A letter, a
number, a missing author or a swapped name part is a difference.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from inquiry_service.bibliography.record import Author, ParsedRecord


@dataclass(frozen=True)
class Checked:
    """One field of one record.

    Attributes:
        where: file and record.
        field: its name.
        ours, expected: both as compared, notation aside.
    """

    where: str
    field: str
    ours: object
    expected: object

    @property
    def right(self) -> bool:
        """Whether what was read is what was expected."""
        return self.ours == self.expected


def checked(where: str, record: ParsedRecord | None, expected: Mapping[str, object]) -> Iterator[Checked]:
    """Compare a record with what is expected of it; a field that nobody expects is not judged.

    Args:
        where: file and record, for the list of differences.
        record: what was read, None if nothing was.
        expected: values by field name: texts, lists of texts, or lists of (family, initials) for authors.
    """
    for field, value in expected.items():
        if value in ("", None, [], ()):
            continue
        if record is None:
            yield Checked(where, field, None, notation(field, value))
        elif field == "authors":
            yield _checked_authors(where, record, value)
        elif field == "journal" and letters(record.journal_abbrev) == letters(str(value)):
            yield Checked(where, field, notation(field, value), notation(field, value))
        else:
            yield Checked(where, field, notation(field, field_of(record, field)), notation(field, value))


def _checked_authors(where: str, record: ParsedRecord, expected: object) -> Checked:
    """A group has no comma; what a reader of BibTeX would cut into names is compared whole."""
    wanted = list(expected) if isinstance(expected, Iterable) else []
    ours = [author_key(author) for author in record.authors]
    keys = [
        own
        if own[0] == letters(name[0]) or (own[1] == "" and own[0] == letters(f"{name[1]} {name[0]}"))
        else name_key(*name)
        for own, name in zip(ours, wanted, strict=False)
    ]
    return Checked(where, "authors", ours, [*keys, *(name_key(*name) for name in wanted[len(ours) :])])


def field_of(record: ParsedRecord, field: str) -> object:
    """A record's field as plain data; authors as (family with suffix, initials)."""
    if field == "authors":
        return [author_key(author) for author in record.authors]
    if field == "kind":
        return record.kind.value
    if field == "keywords":
        return [*record.keywords, *(part for heading in record.mesh for part in _headings(heading))]
    return getattr(record, field)


def _headings(mesh: str) -> Iterator[str]:
    """``Women, Working/*history/psychology`` as the pairs that other programs write."""
    heading, *qualifiers = mesh.replace("*", "").split("/")
    yield from (f"{heading} {qualifier}" for qualifier in qualifiers or [""])


def author_key(author: Author) -> tuple[str, str]:
    """An author as (family or group, initials)."""
    return (letters(author.collective or author.family), letters(author.initials))


def name_key(family: str, given: str = "") -> tuple[str, str]:
    """An expected author as (family or group, initials)."""
    initials = [word for word in re.split(r"[\s.-]+", given) if word]
    if len(initials) == 1 and initials[0].isupper() and len(initials[0]) < 4:
        return (letters(family), letters(initials[0]))
    return (letters(family), letters("".join(word[0] for word in initials)))


def notation(field: str, value: object) -> object:
    """Bring a value to one notation."""
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, str):
        return _NOTATIONS.get(field, _plain)(value)
    if isinstance(value, Iterable):
        return sorted({letters(part) for item in value for part in re.split("[,;]", str(item))})
    return value


def letters(text: str) -> str:
    """Letters and digits only, in lower case."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).lower() if char.isalnum())


def _plain(text: str) -> str:
    text = unicodedata.normalize("NFKC", text.replace("{", "").replace("}", "")).lower()
    text = re.sub(r"[‐-―−]+|-{2,3}", "-", text)
    return " ".join(re.sub(r"[“”‟\"'’‘`]", "'", text).split()).rstrip(" .")


def _squeezed(text: str) -> str:
    return re.sub(r"\s", "", _plain(text))


def _pages(text: str) -> str:
    """MEDLINE shortens the last page (764-9); some programs write it out."""
    pages = _squeezed(text)
    match = re.fullmatch(r"([a-z]*)(\d+)-(\d+)", pages)
    if match and len(match[3]) < len(match[2]):
        return f"{match[1]}{match[2]}-{match[2][: -len(match[3])]}{match[3]}"
    return pages


def _locator(text: str) -> str:
    return re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", _plain(text))


_NOTATIONS = {"doi": _locator, "pages": _pages, "abstract": _squeezed}
