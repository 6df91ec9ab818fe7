"""The search proposed for a question: what the viewer may not see has no part in it (R24)."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from sqlalchemy import update

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.vocabulary import Role
from inquiry_service.models.literature import LiteratureRecord
from inquiry_service.services import library_index, search_proposal
from inquiry_service.services.runtime import Runtime
from tests.services.literature_files import indexed, table

QUESTION = cast(Any, SimpleNamespace(questions=[SimpleNamespace(seq=1, verbatim="Does it help crescent moon pain?")]))


def test_headings_of_confidential_records_shape_no_proposal_for_whoever_may_not_see_them(runtime: Runtime) -> None:
    indexed(runtime, table([{"pmid": 1, "title": "Crescent moon pain", "abstract": "Pain.", "year": 2020}]))
    with runtime.sessions() as session:
        session.execute(update(LiteratureRecord).values(medical_only=True, mesh=["Crescent Moon Pain"]))
        session.commit()
    found = {}
    with runtime.reading() as session:
        library_index.rebuild(session, runtime.index)
        for role in (Role.MI_SPECIALIST, Role.COMPLIANCE):
            viewer = Actor("u", "Viewer 1", frozenset({role}))
            found[role] = search_proposal.proposals(session, runtime.index, viewer, QUESTION, [])[0].finding
    assert found[Role.MI_SPECIALIST] != found[Role.COMPLIANCE]
    assert "crescent moon pain" in str(found[Role.MI_SPECIALIST]).lower()
