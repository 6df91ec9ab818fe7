"""May this inquiry be answered like this? One pure function per rule, listed in RULES (R7-R68).

The rules on the text of the letter stand in `letter_rules`, those on evidence and tone in `balance`.
"""

from __future__ import annotations

from collections.abc import Iterator

from inquiry_service.domain import letter_rules
from inquiry_service.domain.dossier import LANES_WITH_LABEL, Dossier
from inquiry_service.domain.draft import citations_in
from inquiry_service.domain.findings import Issue, Rule
from inquiry_service.domain.patterns import phrases
from inquiry_service.domain.vocabulary import BlockKind, ContentState, LabelState, Lane, Severity

_EVIDENCE_PARTS = frozenset({
    BlockKind.DATA, BlockKind.CONTRARY_EVIDENCE, BlockKind.SEARCH_METHODS, BlockKind.GUIDELINES,
})
_ADDRESS = phrases("https?://", r"www\.")


def the_screens_are_decided(dossier: Dossier) -> Iterator[Issue]:
    """Adverse event, special situation and complaint are decided on every contact (R34)."""
    if not dossier.screened:
        yield Issue("The adverse event, special situation and complaint screen is not decided.", "safety",
                    "Answer the screen on every contact of this inquiry.")


def the_questions_are_classified(dossier: Dossier) -> Iterator[Issue]:
    """Each question stands on-label, off-label or otherwise for this market (R16)."""
    if not dossier.questions:
        yield Issue("The inquiry has no question.", "triage", "Record the question word for word.")
    for question in dossier.questions:
        if question.label_status is None:
            yield Issue(f"Question {question.number} is not classified against the label.", "triage",
                        "Classify it; until then it counts as off-label.", question.verbatim,
                        questions=(question.number,))


def the_template_is_effective(dossier: Dossier) -> Iterator[Issue]:
    """Only effective content is used (R63)."""
    if dossier.template and dossier.template.state is not ContentState.EFFECTIVE:
        yield Issue(f"The standard response {dossier.template.key} v{dossier.template.version} is "
                    f"{dossier.template.state.label.lower()}.", "template", "Start again from effective content.")


def the_template_has_not_expired(dossier: Dossier) -> Iterator[Issue]:
    """Expired content is not used (R64)."""
    if dossier.template and dossier.template.expires <= dossier.today:
        yield Issue(f"The standard response {dossier.template.key} v{dossier.template.version} expired on "
                    f"{dossier.template.expires.isoformat()}.", "template",
                    "Start again from effective content, or ask its owner to renew it.")


def the_template_review_is_not_overdue(dossier: Dossier) -> Iterator[Issue]:
    """Content past its yearly review is used with open eyes (R64)."""
    if dossier.template and dossier.template.review_due <= dossier.today < dossier.template.expires:
        yield Issue(f"The review of {dossier.template.key} v{dossier.template.version} was due on "
                    f"{dossier.template.review_due.isoformat()}.", "template",
                    "Check that nothing newer changes the answer.")


def the_template_fits_lane_and_market(dossier: Dossier) -> Iterator[Issue]:
    """Content is used for the readers and the market that it was approved for (R19, R67)."""
    template = dossier.template
    if template and template.lane is not dossier.lane:
        yield Issue(f"The standard response was approved for “{template.lane.label}”, this letter is for "
                    f"“{dossier.lane.label}”.", "template", "Choose content of this lane.")
    if template and template.market != dossier.market:
        yield Issue(f"The standard response was approved for {template.market}, this inquiry belongs to "
                    f"{dossier.market}.", "template", "Choose content of this market.")


def the_template_follows_the_label(dossier: Dossier) -> Iterator[Issue]:
    """Content written on an older label is not used (R65, R67)."""
    template, label = dossier.template, dossier.label
    if template and label and template.label_version and template.label_version != label.version:
        yield Issue(f"The standard response was written on label {template.label_version}; the label of this "
                    f"letter is {label.version}.", "template", "Ask its owner to review it against the label.")


def the_label_is_current(dossier: Dossier) -> Iterator[Issue]:
    """The letter rests on the current label (R53, R55)."""
    if dossier.lane not in LANES_WITH_LABEL:
        return
    if dossier.label is None:
        yield Issue("No label is attached to this letter.", "label",
                    "Add the current label of this product and market.")
    elif dossier.label.state is not LabelState.CURRENT:
        yield Issue(f"Label {dossier.label.version} is {dossier.label.state.label.lower()}.", "label",
                    "Take over the current label and check the text against it.")


def the_patient_lane_stays_within_the_label(dossier: Dossier) -> Iterator[Issue]:
    """Patients receive label facts in plain words: no off-label content, no study detail (R19)."""
    if dossier.lane is not Lane.PATIENT:
        return
    for question in dossier.questions:
        if question.beyond_label:
            yield Issue(f"Question {question.number} goes beyond the label.", "triage",
                        "Answer it in the lane Decline.", question.verbatim, questions=(question.number,))
    for block in dossier.editable:
        if block.kind in _EVIDENCE_PARTS or citations_in(block.text):
            yield Issue(f"The part “{block.heading}” reports studies to a patient.", block.kind.value,
                        "Keep to what the label says, in plain words, without citations.",
                        questions=block.questions)


def a_public_reply_gives_no_answer(dossier: Dossier) -> Iterator[Issue]:
    """A public reply names the medical department and nothing more: no data, no links (R7)."""
    if dossier.lane not in (Lane.PUBLIC_CONTACT, Lane.DECLINE):
        return
    for block in dossier.editable:
        linked = dossier.lane is Lane.PUBLIC_CONTACT and _ADDRESS.search(block.text)
        if block.kind in _EVIDENCE_PARTS or citations_in(block.text) or linked:
            yield Issue(f"The part “{block.heading}” gives data or links in a reply that only says where to turn.",
                        block.kind.value, "Take it out; the answer itself goes one-to-one.",
                        questions=block.questions)


def the_requester_fits_the_lane(dossier: Dossier) -> Iterator[Issue]:
    """Off-label content goes to verified professionals only (R12, R19)."""
    if dossier.lane is not Lane.HCP:
        return
    if not dossier.requester_is_professional:
        yield Issue("The requester is not a health professional.", "requester", "Choose another lane.")
    elif dossier.beyond_label and not dossier.requester_verified:
        yield Issue("The requester is not verified and the answer goes beyond the label.", "requester",
                    "Verify the requester first.")


_B, _W = Severity.BLOCKER, Severity.WARNING

RULES: tuple[Rule, ...] = (
    Rule("screen_undecided", the_screens_are_decided, _B, "R34"),
    Rule("question_unclassified", the_questions_are_classified, _B, "R16"),
    Rule("requester_does_not_fit", the_requester_fits_the_lane, _B, "R12"),
    Rule("template_not_effective", the_template_is_effective, _B, "R63"),
    Rule("template_expired", the_template_has_not_expired, _B, "R64"),
    Rule("template_review_overdue", the_template_review_is_not_overdue, _W, "R64"),
    Rule("template_does_not_fit", the_template_fits_lane_and_market, _B, "R67"),
    Rule("template_on_old_label", the_template_follows_the_label, _B, "R65"),
    Rule("label_not_current", the_label_is_current, _B, "R55"),
    Rule("part_missing", letter_rules.the_required_parts_are_there, _B, "R53"),
    Rule("off_label_part_missing", letter_rules.the_off_label_parts_are_there, _B, "R53"),
    Rule("boxed_warning_missing", letter_rules.the_boxed_warning_is_shown, _B, "R53"),
    Rule("locked_part_altered", letter_rules.locked_parts_are_unaltered, _B, "R68"),
    Rule("investigational_statement_missing", letter_rules.the_investigational_statement_is_there, _B, "R18"),
    Rule("patient_lane_exceeded", the_patient_lane_stays_within_the_label, _B, "R19"),
    Rule("patient_nudged", letter_rules.the_patient_is_not_nudged, _B, "R19"),
    Rule("public_reply_answers", a_public_reply_gives_no_answer, _B, "R7"),
    Rule("decision_not_returned", letter_rules.the_decision_is_returned, _B, "R60"),
    Rule("individual_advice", letter_rules.no_individual_advice_is_given, _B, "R60"),
    Rule("event_reporting_missing", letter_rules.event_reporting_is_explained, _B, "R34"),
    Rule("field_empty", letter_rules.every_field_is_filled, _B, "R68"),
    Rule("character_unprintable", letter_rules.every_character_can_be_printed, _B, "R91"),
    Rule("question_not_answered", letter_rules.each_question_is_answered, _B, "R51"),
    Rule("part_without_question", letter_rules.each_part_answers_a_question, _B, "R51"),
)
"""In the order in which the findings are shown."""
