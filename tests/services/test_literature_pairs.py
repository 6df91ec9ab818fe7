"""Two records that look alike: called different once and for all, or linked with what they are to each other."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy.orm import Session

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import LinkKind, RecordKind, Role
from inquiry_service.errors import Forbidden, InvalidInput, Refused
from inquiry_service.services import literature_pairs
from inquiry_service.services.literature_twins import KnownWorks
from inquiry_service.store import literature_pairs as pairs
from tests import factories
from tests.services.library import held, parsed
from tests.services.test_literature_merge import TITLE, two


@pytest.fixture
def librarian(session: Session) -> Actor:
    return factories.actor(session, Role.CONTENT_OWNER)


def test_what_a_person_called_different_is_not_proposed_again(session: Session, librarian: Actor) -> None:
    kept, gone = two(session)
    literature_pairs.note_pair(session, kept, gone, 0.7, "same title")
    literature_pairs.decide_apart(session, librarian, kept.id, gone.id, "Other patients")
    assert literature_pairs.note_pair(session, kept, gone, 0.9, "same title") is None
    assert pairs.open_count(session) == 0
    with pytest.raises(Refused, match="different works already"):
        literature_pairs.decide_apart(session, librarian, gone.id, kept.id, "Once more")
    with pytest.raises(Forbidden):
        literature_pairs.decide_apart(session, factories.actor(session, Role.AUDITOR), gone.id, kept.id, "No right")


def test_a_link_says_how_two_works_stand_and_keeps_them_apart(session: Session, librarian: Actor) -> None:
    kept, gone = two(session)
    literature_pairs.note_pair(session, kept, gone, 0.7, "same title")
    link = literature_pairs.link(session, librarian, gone.id, kept.id, LinkKind.PREPRINT_OF, "Says so on page 1")
    assert (link.from_id, link.to_id, pairs.open_count(session)) == (gone.id, kept.id, 0)
    with pytest.raises(Refused, match="linked in this way already"):
        literature_pairs.link(session, librarian, gone.id, kept.id, LinkKind.PREPRINT_OF, "Again")
    with pytest.raises(InvalidInput):
        literature_pairs.link(session, librarian, kept.id, kept.id, LinkKind.PREPRINT_OF, "Itself")


def test_related_works_are_linked_once(session: Session, librarian: Actor) -> None:
    row = held(session, parsed(TITLE))
    record = replace(parsed(TITLE), kind=RecordKind.PREPRINT)
    known = KnownWorks(session, [record])
    related = known.related(record)
    preprint = held(session, record, known)
    assert [(link.from_id, link.kind, link.to_id) for link in literature_pairs.note_related(session, preprint, related)
            ] == [(preprint.id, LinkKind.PREPRINT_OF, row.id)]
    assert literature_pairs.note_related(session, preprint, related) == []
