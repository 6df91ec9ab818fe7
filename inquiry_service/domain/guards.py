"""Guards of the workflow: each asks one question and answers with what is unmet, or with nothing.

A guard takes the facts and the id of the acting person. It never decides about rights: those are
the permission's business.
"""

from __future__ import annotations

from collections.abc import Callable

from inquiry_service.domain.facts import Facts
from inquiry_service.domain.vocabulary import LabelStatus, Lane
from inquiry_service.errors import Unmet

Guard = Callable[[Facts, str], tuple[Unmet, ...]]

ATTEMPTS_BEFORE_CLOSING = 3


def _when(unmet: bool, code: str, message: str, where: str, requirement: str) -> tuple[Unmet, ...]:
    return (Unmet(code, message, where, requirement),) if unmet else ()


def _may_be(actor_id: str, person_id: str) -> bool:
    """An unknown person counts as the same one: separation of duties never rests on a gap."""
    return not person_id or actor_id == person_id


def _seqs(numbers: tuple[int, ...]) -> str:
    return ", ".join(f"Q{number}" for number in numbers)


def sales_confirmation_is_missing(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """Only a question from sales waits for the professional's own confirmation (R5)."""
    waits = facts.submitted_by_sales and not facts.confirmation_recorded
    return _when(not waits, "no_confirmation_needed", "No confirmation is outstanding.", "intake", "R5")


def confirmation_is_recorded(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """A sales-submitted question needs the professional's own confirmation (R5)."""
    missing = facts.submitted_by_sales and not facts.confirmation_recorded
    return _when(missing, "confirmation_missing",
                 "Record the professional's own confirmation of the request first.", "intake", "R5")


def every_contact_is_screened(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """The adverse event, special situation and complaint screen is done on every contact (R34)."""
    return _when(facts.unscreened_interactions > 0, "adverse_event_screen_missing",
                 "Answer the adverse event, special situation and complaint screen.", "safety", "R34")


def solicitation_is_screened(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """All eight situations are answered (R6)."""
    return _when(not facts.solicitation_answered, "solicitation_screen_missing",
                 "Answer the eight questions on solicitation.", "solicitation", "R6")


def solicitation_was_found(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """A hold needs a situation answered with yes (R6)."""
    return _when(not (facts.solicited and not facts.solicitation_cleared), "not_solicited",
                 "No solicitation situation was answered with yes.", "solicitation", "R6")


def solicitation_is_cleared(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """A solicited question goes nowhere but to Compliance (R6)."""
    return _when(facts.solicited and not facts.solicitation_cleared, "solicitation_not_cleared",
                 "A solicitation situation was answered with yes; Compliance decides first.", "solicitation", "R6")


def every_question_is_classified(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """Each question has a label status, a lane and a rationale (R16-R22)."""
    unmet = _when(facts.question_count == 0, "question_missing", "Record at least one question.", "question", "R8")
    if facts.unclassified_questions:
        unmet += (Unmet("classification_missing", f"Classify {_seqs(facts.unclassified_questions)} against the label.",
                        "triage", "R16"),)
    if facts.questions_without_lane:
        unmet += (Unmet("lane_missing", f"Choose the audience lane of {_seqs(facts.questions_without_lane)}.",
                        "triage", "R19"),)
    return unmet


def complexity_and_due_date_are_set(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """Level and due date drive assignment and depth of review (R21, R103)."""
    unmet = _when(facts.complexity is None, "complexity_missing", "Set the level of complexity.", "triage", "R21")
    return unmet + _when(not facts.due_date_set, "due_date_missing", "Set the due date.", "triage", "R103")


def requester_fits_the_lane(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """Off-label content goes to verified professionals only (R12, R19)."""
    beyond_label = facts.label_statuses & {LabelStatus.OFF_LABEL, LabelStatus.INVESTIGATIONAL}
    professional_lane = bool(facts.lanes & {Lane.HCP})
    unmet = _when(bool(beyond_label) and professional_lane and not facts.requester_verified, "requester_not_verified",
                  "Verify the requester, or limit the lane: off-label content needs a verified requester.",
                  "requester", "R12")
    unmet += _when(professional_lane and not facts.requester_is_professional, "requester_not_professional",
                   "The requester is not a health professional; choose another lane.", "triage", "R19")
    return unmet + _when(bool(beyond_label) and Lane.PATIENT in facts.lanes, "off_label_in_patient_lane",
                         "Off-label content is not available in the patient lane; choose Decline.", "triage", "R19")


def requester_is_identified(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """Name, contact and affiliation, or why they are refused (R2)."""
    return _when(not facts.requester_identified, "requester_incomplete",
                 "Record the requester's name, contact and affiliation, or why they are refused.", "requester", "R2")


def contact_was_attempted(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """A try to reach the requester is logged (R23)."""
    return _when(facts.contact_attempts == 0, "contact_attempt_missing",
                 "Log the contact attempt first.", "requester", "R23")


def three_attempts_were_made(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """Three tries to reach the requester are logged (R23)."""
    missing = ATTEMPTS_BEFORE_CLOSING - facts.contact_attempts
    return _when(missing > 0, "attempts_missing",
                 f"Log {missing} more contact attempt{'s' if missing != 1 else ''} before closing.", "requester", "R23")


def assignee_is_fit(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """A trained person who did not submit the question (R27, R32)."""
    unmet = _when(not facts.assignee_id, "assignee_missing", "Choose who writes the answer.", "assignment", "R27")
    unmet += _when(bool(facts.assignee_id) and facts.assignee_id == facts.submitter_id, "assignee_is_submitter",
                   "The person who submitted the question cannot write the answer; assign somebody else.",
                   "assignment", "R27")
    return unmet + _when(bool(facts.assignee_id) and not facts.assignee_trained, "assignee_not_trained",
                         "The training of the chosen person has expired.", "assignment", "R32")


def not_the_submitter(facts: Facts, actor_id: str) -> tuple[Unmet, ...]:
    """Who handed the question in does not write its answer (R27)."""
    return _when(_may_be(actor_id, facts.submitter_id), "submitter_writes",
                 "You submitted this question; another person has to write the answer.", "assignment", "R27")


def one_of_the_authors(facts: Facts, actor_id: str) -> tuple[Unmet, ...]:
    """Authorship is signed by somebody who wrote the draft (R72)."""
    return _when(facts.has_version and actor_id not in facts.author_ids, "not_an_author",
                 "Only a person who wrote a version of this draft can sign as its author.", "draft", "R72")


def a_version_is_saved(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """A version of the draft is saved (R62)."""
    return _when(not facts.has_version, "draft_missing", "Save a draft version first.", "draft", "R62")


def the_version_seen_is_current(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """What is signed is the latest version, the one on screen (R74, R78)."""
    return _when(not facts.version_is_current, "version_stale",
                 "The draft was changed after this page was opened; look at the difference first.", "draft", "R74")


def the_gate_is_open(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """No blocker of the compliance and balance rules stands (R51-R60)."""
    return facts.gate


def the_checklist_is_complete(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """The reviewer answered every item (R78)."""
    return _when(not facts.checklist_complete, "checklist_incomplete",
                 "Answer every item of the review checklist.", "checklist", "R78")


def not_the_author(facts: Facts, actor_id: str) -> tuple[Unmet, ...]:
    """Author and reviewer are different people, and neither is the submitter (R27)."""
    unmet = _when(not facts.author_ids or actor_id in facts.author_ids, "author_signs_own_draft",
                  "You wrote this draft; another person has to review it.", "review", "R27")
    return unmet + _when(_may_be(actor_id, facts.submitter_id), "submitter_reviews",
                         "You submitted this inquiry; another person has to review it.", "review", "R27")


def not_the_first_reviewer(facts: Facts, actor_id: str) -> tuple[Unmet, ...]:
    """The second approver is a third person, and the first signature still stands (R27, R79)."""
    unmet = _when(not facts.first_reviewer_id, "first_review_missing",
                  "The first reviewer's signature does not stand; return the draft.", "review", "R79")
    return unmet + _when(actor_id == facts.first_reviewer_id, "first_reviewer_approves",
                         "You signed the first review; a second person has to approve.", "review", "R27")


def one_review_is_enough(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """One review is enough: off-label custom, investigational, comparative and patient answers need two (R79)."""
    return _when(facts.needs_second_review, "second_review_needed",
                 "This answer needs a second approver: sign the review and pass it on.", "review", "R79")


def a_second_review_is_needed(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """The answer needs two reviews (R79)."""
    return _when(not facts.needs_second_review, "second_review_not_needed",
                 "One review is enough for this answer; approve it.", "review", "R79")


def the_fast_path_is_open(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """Release without review: unchanged standard response, level 1, professional lane (R79)."""
    return _when(not facts.may_be_released, "fast_path_closed",
                 "Only an unchanged standard response to a level 1 question of a professional can be released "
                 "without review.", "review", "R79")


def the_sources_are_current(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """Label, content and references are still what was signed (R55, R64, R69)."""
    return facts.source_changes


def a_source_changed(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """Label, content, a reference or the recipient changed since signing (R55)."""
    return _when(not facts.source_changes, "no_source_changed",
                 "Label, content and references are unchanged since signing.", "review", "R55")


def the_approval_is_valid(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """A signature stands on exactly this content (R74)."""
    return _when(not facts.approval_valid, "approval_missing",
                 "The content carries no valid approval; it goes back to review.", "review", "R74")


def the_document_is_verified(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """The PDF was rendered, opened again and found complete (R91)."""
    return _when(not facts.document_verified, "document_missing",
                 "The PDF has not been rendered and verified yet.", "document", "R91")


def the_rendering_has_failed(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """An approved answer is taken back only when its letter cannot be made (R91)."""
    return _when(not facts.rendering_failed, "rendering_not_failed",
                 "The letter is being made; an approved answer is taken back only when that fails.", "document", "R91")


def the_recipient_is_right(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """One named recipient, never a field person: the requester, or another with a reason; an address (R26, R89)."""
    unmet = _when(not facts.recipient_named, "recipient_missing", "Name one recipient.", "requester", "R89")
    unmet += _when(facts.recipient_in_field, "recipient_in_field",
                   "The address belongs to a field account; the answer goes straight to the requester.",
                   "requester", "R26")
    unmet += _when(not facts.recipient_is_requester and not facts.recipient_reason_given, "recipient_differs",
                   "The recipient is not the requester: give the reason.", "requester", "R89")
    return unmet + _when(not facts.delivery_address, "address_missing",
                         "Record an e-mail address for the recipient.", "requester", "R2")


def delivery_is_confirmed(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """Only the server's word makes a letter sent (P58)."""
    return _when(not facts.delivery_confirmed, "delivery_not_confirmed",
                 "The delivery has not been confirmed.", "document", "R88")


def delivery_has_failed(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """A failed delivery is recorded, not assumed (R88)."""
    return _when(not facts.delivery_failed, "delivery_not_failed",
                 "No failed delivery is recorded.", "document", "R88")


def the_branches_are_acknowledged(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """Safety and quality confirmed receipt of everything that belongs to the inquiry (R47)."""
    return tuple(
        Unmet("branch_open", f"{number} is not acknowledged yet.", "safety", "R47") for number in facts.open_branches
    )


def a_correction_is_signed(facts: Facts, _: str) -> tuple[Unmet, ...]:
    """A correction is a reviewed and signed notice (R93)."""
    return _when(not facts.correction_signed, "correction_missing",
                 "A correction needs a reviewed and signed notice.", "document", "R93")
