"""A front desk whose steps are committed, so that the application under test sees them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from inquiry_service.models.inquiries import Inquiry
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import inquiries
from tests.front_desk import FrontDesk, open_front_desk


class FrontOffice:
    """Does steps of the front desk, each in a transaction of its own."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        with runtime.transaction() as session:
            desk = open_front_desk(session, runtime.config.data_dir)
        self.desk = replace(desk, blobs=runtime.blobs)

    def do(self, step: Callable[[FrontDesk], Inquiry]) -> str:
        """Do one step and return the id of the inquiry: ``office.do(lambda desk: desk.triaged())``."""
        with self.runtime.transaction() as session:
            return step(replace(self.desk, session=session)).id

    def on(self, inquiry_id: str, step: Callable[[FrontDesk, Inquiry], Any]) -> None:
        """Do one more step on an inquiry."""
        with self.runtime.transaction() as session:
            inquiry = inquiries.get(session, self.desk.specialist, inquiry_id, lock=True)
            step(replace(self.desk, session=session), inquiry)

    def look(self, inquiry_id: str, what: Callable[[Inquiry], Any]) -> Any:
        """Return something of an inquiry as it is stored now."""
        with self.runtime.reading() as session:
            return what(inquiries.get(session, self.desk.specialist, inquiry_id))
