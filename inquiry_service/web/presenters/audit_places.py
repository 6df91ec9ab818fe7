"""Where an entry's object can be looked at, for those who may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.permissions import Permission


@dataclass(frozen=True)
class Place:
    """A page about one record: its endpoint, the name of the id in its address, the right it asks for."""

    endpoint: str
    parameter: str
    permission: Permission


INQUIRY = Place("inquiries.show", "inquiry_id", Permission.INQUIRY_READ)
PLACES = {
    "inquiry": INQUIRY,
    "safety_case": Place("safety.record", "case_id", Permission.SAFETY_READ),
    "product_complaint": Place("complaints.record", "complaint_id", Permission.COMPLAINT_READ),
    "literature_record": Place("literature.record", "record_id", Permission.LITERATURE_SEARCH),
    "saved_search": Place("searches.show", "search_id", Permission.LITERATURE_SEARCH),
    "import_run": Place("literature_imports.show", "run_id", Permission.LITERATURE_SEARCH),
    "content_version": Place("content.show", "version_id", Permission.CONTENT_READ),
    "label_version": Place("labels.show", "label_id", Permission.CONTENT_READ),
    "product": Place("labels.product", "product_id", Permission.CONTENT_READ),
    "user_account": Place("admin.user", "user_id", Permission.USERS_MANAGE),
}
"""Kind of object to its page. A kind without one leads to the inquiry that the object belongs to."""


@dataclass(frozen=True)
class Link:
    """An address to be made by the page: endpoint and values."""

    endpoint: str
    values: Mapping[str, str]


def link_of(obj: Mapping[str, Any], viewer: Actor, endpoints: Mapping[str, Any]) -> Link | None:
    """Return where ``viewer`` can look at the object of an entry.

    Args:
        obj: the ``object`` part of an entry.
        endpoints: the pages that this installation has, by name.
    """
    for place, key in ((PLACES.get(obj["type"]), obj["id"]), (INQUIRY, obj["inquiry"])):
        if place and key and place.endpoint in endpoints and viewer.may(place.permission):
            return Link(place.endpoint, {place.parameter: key})
    return None
