"""What the workflow needs to know about an inquiry, as plain values: gathered by the services, judged here."""

from __future__ import annotations

from dataclasses import dataclass

from inquiry_service.domain.vocabulary import Complexity, LabelStatus, Lane, ResponseType
from inquiry_service.errors import Unmet

NOT_ASKED = Unmet("rules_not_asked", "The rules were not asked about this draft yet; open it again.", "draft", "R51")
NOT_COMPARED = Unmet("sources_not_compared", "Label, content and references were not compared with the draft yet; "
                     "open it again.", "draft", "R55")
NOT_LOOKED_UP = "Every safety and quality record"
"""Stands for records that nobody looked up."""


@dataclass(frozen=True)
class Facts:
    """Facts of one inquiry at one moment.

    The defaults describe an inquiry of which nothing is known yet, so that a fact that was
    forgotten blocks a step instead of opening it: the question came from sales and was solicited,
    nobody asked the rules or compared the sources, an unknown person counts as the same one. Person
    ids are account ids.
    """

    submitter_id: str = ""
    submitted_by_sales: bool = True
    confirmation_recorded: bool = False

    unscreened_interactions: int = 1
    solicitation_answered: bool = False
    solicited: bool = True
    solicitation_cleared: bool = False

    question_count: int = 0
    unclassified_questions: tuple[int, ...] = ()
    questions_without_lane: tuple[int, ...] = ()
    label_statuses: frozenset[LabelStatus] = frozenset()
    lanes: frozenset[Lane] = frozenset()
    comparative: bool = False
    complexity: Complexity | None = None
    due_date_set: bool = False
    contact_attempts: int = 0

    requester_identified: bool = False
    requester_verified: bool = False
    requester_is_professional: bool = False

    assignee_id: str = ""
    assignee_trained: bool = False

    has_version: bool = False
    version_is_current: bool = False
    response_type: ResponseType = ResponseType.CUSTOM
    author_ids: frozenset[str] = frozenset()
    first_reviewer_id: str = ""
    gate: tuple[Unmet, ...] = (NOT_ASKED,)
    source_changes: tuple[Unmet, ...] = (NOT_COMPARED,)
    checklist_complete: bool = False
    approval_valid: bool = False
    document_verified: bool = False
    rendering_failed: bool = False

    recipient_named: bool = False
    recipient_in_field: bool = True
    recipient_is_requester: bool = False
    recipient_reason_given: bool = False
    delivery_address: bool = False
    delivery_confirmed: bool = False
    delivery_failed: bool = False

    open_branches: tuple[str, ...] = (NOT_LOOKED_UP,)
    correction_signed: bool = False

    @property
    def needs_second_review(self) -> bool:
        """Risk-based depth of R79: these answers need a reviewer and a second approver."""
        custom_off_label = LabelStatus.OFF_LABEL in self.label_statuses and (
            self.response_type is not ResponseType.STANDARD_UNCHANGED
        )
        return (
            custom_off_label
            or LabelStatus.INVESTIGATIONAL in self.label_statuses
            or self.comparative
            or Lane.PATIENT in self.lanes
        )

    @property
    def may_be_released(self) -> bool:
        """The fast path of R79: an unchanged standard response on a level-1 question in the HCP lane."""
        return (
            self.response_type is ResponseType.STANDARD_UNCHANGED
            and self.complexity is Complexity.LEVEL_1
            and self.lanes == frozenset({Lane.HCP})
            and not self.needs_second_review
        )
