"""What a version under review is compared with: an earlier version, or the reviewed content it was made from (R68)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from inquiry_service.domain.draft import parse_source
from inquiry_service.errors import EvenhandError
from inquiry_service.models.inquiries import Inquiry
from inquiry_service.models.responses import ResponseVersion
from inquiry_service.services import field_values
from inquiry_service.services.composition import declared_by, name_of
from inquiry_service.store import products as product_store
from inquiry_service.store import responses as store

PREVIOUS, TEMPLATE = "previous", "template"


@dataclass(frozen=True)
class Part:
    """One part of a letter's text, tied to its questions."""

    kind: str
    heading: str
    text: str
    locked: bool
    questions: tuple[int, ...]
    origin: str = ""


@dataclass(frozen=True)
class Pair:
    """One part as it was and as it is; an empty ``old`` is a new part, an empty ``new`` one that was dropped."""

    part: Part
    old: str
    new: str


@dataclass(frozen=True)
class Comparison:
    """A version beside its base.

    Attributes:
        against: name of the base, e.g. ``version 2``; empty when there is nothing to compare with.
        pairs: in the order of the letter, parts that were dropped at the end.
        choices: value and words of every possible base.
        chosen: value of this one.
    """

    against: str
    pairs: tuple[Pair, ...]
    choices: tuple[tuple[str, str], ...]
    chosen: str


def compare_version(session: Session, inquiry: Inquiry, version: ResponseVersion, wanted: str = "") -> Comparison:
    """Compare a version with the base that was asked for, else the earlier version, else the reviewed content.

    Args:
        wanted: number of an earlier version, :data:`PREVIOUS` or :data:`TEMPLATE`; anything else counts as not said.
    """
    earlier = [row for row in store.versions(session, inquiry.id) if row.version < version.version]
    choices = [(str(row.version), f"Version {row.version}") for row in reversed(earlier)]
    if version.content_version is not None:
        choices.append((TEMPLATE, f"Reviewed content: {name_of(version.content_version)}"))
    wanted = str(earlier[-1].version) if wanted == PREVIOUS and earlier else wanted
    chosen = wanted if wanted in dict(choices) else choices[0][0] if choices else ""
    new = parts_of(version)
    if not chosen:
        return Comparison("", _pairs((), new, compared=False), (), "")
    base = _template(session, inquiry, version) if chosen == TEMPLATE else parts_of(
        next(row for row in earlier if str(row.version) == chosen))
    kept = tuple(part for part in new if not part.locked) if chosen == TEMPLATE else new
    same = tuple(part for part in new if part.locked) if chosen == TEMPLATE else ()
    pairs = sorted((*_pairs(base, kept), *_pairs((), same, compared=False)), key=lambda pair: _place(pair.part, new))
    return Comparison(dict(choices)[chosen], tuple(pairs), tuple(choices), chosen)


def parts_of(version: ResponseVersion) -> tuple[Part, ...]:
    """Return the parts of a version as they were saved and signed."""
    return tuple(
        Part(block["kind"], block["heading"], block["text"], block["locked"], tuple(block["questions"]),
             block["origin"])
        for block in version.snapshot["blocks"]
    )


def _template(session: Session, inquiry: Inquiry, version: ResponseVersion) -> tuple[Part, ...]:
    """The reviewed content with the same field values, so that only what was edited differs."""
    content, label = version.content_version, product_store.current_label(session, inquiry.product_id, inquiry.market)
    declared = declared_by(content)
    try:
        values = field_values.values(session, inquiry, label, version.field_values, declared)
        blocks = parse_source(field_values.fill(content.source, values, declared))
    except EvenhandError:
        # The fields known today do not fit; then its text is compared as it stands.
        blocks = parse_source(content.source)
    return tuple(Part(block.kind.value, block.heading, block.text, False, block.questions) for block in blocks)


def _pairs(base: Sequence[Part], new: Sequence[Part], *, compared: bool = True) -> tuple[Pair, ...]:
    left = {_key(part): part for part in base}
    found = []
    for part in new:
        old = left.pop(_key(part), None)
        found.append(Pair(part, (old.text if old else "") if compared else part.text, part.text))
    return (*found, *(Pair(part, part.text, "") for part in left.values()))


def _key(part: Part) -> tuple[str, str]:
    return part.kind, part.heading


def _place(part: Part, order: Sequence[Part]) -> int:
    keys = [_key(other) for other in order]
    return keys.index(_key(part)) if _key(part) in keys else len(keys)
