"""What goes over from one record to the other when they are merged, and back: files, rights, links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from inquiry_service.models.literature import LiteratureLink
from inquiry_service.store import literature_holdings as store
from inquiry_service.store import literature_notices as notices

Moved = dict[str, list[str]]


def move(session: Session, gone_id: str, kept_id: str) -> Moved:
    """Give the files, rights and links of one record to the other; return the ids of what went, by kind.

    A file that both have stays with each; a link that both have, or that joins the two, stays where it is.
    """
    files, theirs = store.files_of(session, gone_id), {file.sha256 for file in store.files_of(session, kept_id)}
    going = [file for file in files if file.sha256 not in theirs]
    rights = store.rights_of(session, gone_id)
    for file in going:
        file.record_id = kept_id
    for right in rights:
        right.record_id = kept_id
    moved = {"files": [file.id for file in going], "rights": [right.id for right in rights]}
    session.flush()
    return moved | _move_links(session, gone_id, kept_id)


def move_back(session: Session, moved: Mapping[str, Sequence[str]], gone_id: str, kept_id: str) -> None:
    """Give back what went over, as far as it still belongs to the kept record."""
    for file in store.files_of(session, kept_id):
        if file.id in moved["files"]:
            file.record_id = gone_id
    for right in store.rights_of(session, kept_id):
        if right.id in moved["rights"]:
            right.record_id = gone_id
    for link in notices.links_of(session, [kept_id]):
        if link.id in moved["links_from"] and link.from_id == kept_id:
            link.from_id = gone_id
        if link.id in moved["links_to"] and link.to_id == kept_id:
            link.to_id = gone_id
    session.flush()


def _move_links(session: Session, gone_id: str, kept_id: str) -> Moved:
    links = notices.links_of(session, [gone_id, kept_id])
    known = {_key(link) for link in links}
    moved: Moved = {"links_from": [], "links_to": []}
    for link in links:
        if gone_id not in (link.from_id, link.to_id) or {link.from_id, link.to_id} == {gone_id, kept_id}:
            continue
        kind, from_id, to_id, name = _key(link)
        if link.from_id == gone_id and (kind, kept_id, to_id, name) not in known:
            moved["links_from"].append(link.id)
            link.from_id = kept_id
        elif link.to_id == gone_id and (kind, from_id, kept_id, name) not in known:
            moved["links_to"].append(link.id)
            link.to_id = kept_id
    session.flush()
    return moved


def _key(link: LiteratureLink) -> tuple[str, str | None, str | None, str]:
    both = link.from_id and link.to_id
    return link.kind.value, link.from_id, link.to_id, "" if both else link.pmid or link.doi or link.citation
