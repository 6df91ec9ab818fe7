"""Is the letter itself complete and in order? Rules on its parts and words; `compliance.RULES` lists them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from inquiry_service.domain.dossier import LANES_WITH_LABEL, Dossier
from inquiry_service.domain.draft import LOCKED, citations_in
from inquiry_service.domain.findings import Issue
from inquiry_service.domain.patterns import phrases
from inquiry_service.domain.sentences import plain_words, sentences_of
from inquiry_service.domain.vocabulary import BlockKind, Lane
from inquiry_service.domain.wording import ADVICE, NUDGE, Wording, hits

_K = BlockKind
_WHOLE = (_K.OPENING, _K.SAFETY_INFORMATION, _K.SUMMARY, _K.CLOSING)
_PARTS: dict[Lane, tuple[BlockKind, ...]] = {
    Lane.HCP: _WHOLE,
    Lane.PAYER: _WHOLE,
    Lane.PATIENT: _WHOLE,
    Lane.DECLINE: (_K.SUMMARY, _K.CLOSING),
    Lane.PUBLIC_CONTACT: (_K.SUMMARY,),
}
_REVIEWED = "Save the draft again: the part comes from the label and reviewed content."

_NOT_APPROVED = phrases("not (?:been )?(?:approved|cleared)")
_INVESTIGATIONAL = phrases("investigational")
_NOT_ESTABLISHED = phrases(
    r"safety and (?:efficacy|effectiveness)\b[^.]{0,120}\bnot (?:been )?established")
_RETURNS_DECISION = phrases(
    "not (?:a )?(?:recommendation|medical advice)",
    "does not (?:recommend|replace)",
    r"(?:decisions?|judge?ment)\b[^.]{0,90}\b(?:clinician|doctor|physician|prescriber|professional)",
    r"cannot (?:take the place of|replace)\b[^.]{0,60}\badvice",
)
_HARM = "(?:adverse|side[ -]effects?|complaints?|reactions?)"
_TELL = "(?:report(?:ed)?|tell)"
_REPORTS_EVENTS = phrases(rf"{_TELL}\b[^.]{{0,140}}\b{_HARM}", rf"{_HARM}\b[^.]{{0,140}}\b{_TELL}")
_LIMITATIONS = re.compile(r"\n\s*\n|\bLimitations of use:\s*", re.IGNORECASE)
"""Where the label's text on its use is cut: between paragraphs, and before the limitations."""
_UNFILLED = re.compile(
    r"\[Placeholder:[^\]\n]*\]|\{\{[^}\n]*\}?\}?|\{%[^%\n]*%?\}?|<<[^>\n]{1,60}>>", re.IGNORECASE)


def the_required_parts_are_there(dossier: Dossier) -> Iterator[Issue]:
    """The parts that a letter of this lane needs are there and not empty (R53; letter outline)."""
    for kind in _PARTS[dossier.lane]:
        if not plain_words(dossier.text_of(kind)):
            mend = _REVIEWED if kind in LOCKED else "Write it."
            yield Issue(f"The part “{kind.label}” is missing.", kind.value, mend)


def the_off_label_parts_are_there(dossier: Dossier) -> Iterator[Issue]:
    """An off-label answer has the not-approved statement, indications, safety information, references (R53)."""
    if not dossier.off_label or dossier.lane not in (Lane.HCP, Lane.PAYER):
        return
    status = dossier.text_of(_K.STATUS)
    if not dossier.has_locked(_K.STATUS) or not _NOT_APPROVED.search(plain_words(status)):
        yield Issue("The statement that this use is not approved is missing.", _K.STATUS.value, _REVIEWED)
    quoted = _LIMITATIONS.split(dossier.label.indications if dossier.label else "")
    if dossier.label and not all(_contains(status, part) for part in quoted if part.strip()):
        yield Issue("The approved indications are not quoted in full.", _K.STATUS.value, _REVIEWED)
    if not any(citations_in(block.text) for block in dossier.blocks):
        yield Issue("The letter has no references.", "references", "Cite the records that the answer rests on.")


def the_boxed_warning_is_shown(dossier: Dossier) -> Iterator[Issue]:
    """A boxed warning of the label is printed word for word (R53)."""
    boxed = dossier.label.boxed_warning if dossier.label else ""
    if boxed and dossier.lane in LANES_WITH_LABEL and not _contains(dossier.text_of(_K.SAFETY_INFORMATION), boxed):
        yield Issue("The label has a boxed warning and the letter does not print it in full.",
                    _K.SAFETY_INFORMATION.value, _REVIEWED)


def _contains(text: str, part: str) -> bool:
    """Whether ``part`` stands in ``text``, whatever the line breaks and emphasis; an empty part is not contained."""
    words = plain_words(part)
    return bool(words) and words in plain_words(text.replace(">", " "))


def locked_parts_are_unaltered(dossier: Dossier) -> Iterator[Issue]:
    """Parts from label and reviewed content are locked and as they were approved (R68)."""
    for block in dossier.blocks:
        if block.kind in LOCKED and not block.locked:
            yield Issue(f"The part “{block.kind.label}” is not locked.", block.kind.value, _REVIEWED)
    for kind, expected in dossier.locked_texts.items():
        found = dossier.text_of(kind)
        if found and found != expected.strip():
            yield Issue(f"The part “{kind.label}” differs from the label or reviewed content.", kind.value,
                        _REVIEWED)


def the_investigational_statement_is_there(dossier: Dossier) -> Iterator[Issue]:
    """An answer on a never-approved product says so, and that safety and efficacy are not established (R18)."""
    status = plain_words(dossier.text_of(_K.STATUS))
    if dossier.investigational and dossier.lane in LANES_WITH_LABEL and not (
        dossier.has_locked(_K.STATUS) and _INVESTIGATIONAL.search(status) and _NOT_ESTABLISHED.search(status)
    ):
        yield Issue("The statement that the product is investigational is missing.", _K.STATUS.value,
                    "Insert the investigational statement.")


def the_patient_is_not_nudged(dossier: Dossier) -> Iterator[Issue]:
    """Nobody is encouraged to ask for a medicine (R19)."""
    if dossier.for_professionals:
        return
    yield from _worded(dossier, NUDGE)


def the_decision_is_returned(dossier: Dossier) -> Iterator[Issue]:
    """A fixed sentence leaves the decision to the clinician (R60)."""
    if dossier.lane in LANES_WITH_LABEL and not _RETURNS_DECISION.search(plain_words(dossier.text_of(_K.CLOSING))):
        yield Issue("The closing does not say that this is no recommendation for an individual patient.",
                    _K.CLOSING.value, "Use the reviewed closing of this lane.")


def no_individual_advice_is_given(dossier: Dossier) -> Iterator[Issue]:
    """The letter reports; it does not advise on a patient (R60)."""
    yield from _worded(dossier, ADVICE)


def _worded(dossier: Dossier, lexicon: tuple[Wording, ...]) -> Iterator[Issue]:
    for block in dossier.editable:
        for sentence in sentences_of(block):
            for hit in hits(lexicon, sentence.words) if not sentence.quoted else ():
                yield Issue(f"“{hit.words}” {hit.reason}.", block.kind.value, hit.suggestion, sentence.words,
                            sentence.line, block.questions)


def event_reporting_is_explained(dossier: Dossier) -> Iterator[Issue]:
    """The letter says how to report adverse events and complaints (R34; letter outline, 12)."""
    if dossier.lane in LANES_WITH_LABEL and not _REPORTS_EVENTS.search(plain_words(dossier.text_of(_K.CLOSING))):
        yield Issue("The closing does not say how to report an adverse event.", _K.CLOSING.value,
                    "Use the reviewed closing with the reporting line of this market.")


def every_field_is_filled(dossier: Dossier) -> Iterator[Issue]:
    """No required field is empty and no placeholder is left (R68)."""
    for label in dossier.missing_fields:
        yield Issue(f"The field “{label}” has no value.", "fields", "Fill it in and save.")
    for block in dossier.blocks:
        for number, line in enumerate(block.text.split("\n"), start=1):
            for mark in _UNFILLED.findall(line):
                yield Issue(f"“{mark[:80]}” is still to be filled.", block.kind.value, "Replace it with its text.",
                            mark, number, block.questions)


def every_character_can_be_printed(dossier: Dossier) -> Iterator[Issue]:
    """No character would keep an approved letter from being rendered: it is found before anybody signs (R91)."""
    if dossier.unprintable:
        listed = ", ".join(f"{character} (U+{ord(character):04X})" for character in dossier.unprintable[:8])
        yield Issue(f"The letter cannot print {listed}.", "fields",
                    "Write it in other characters: in the title, the text, or the recipient’s name and address.")


def each_question_is_answered(dossier: Dossier) -> Iterator[Issue]:
    """Each question has at least one part of the letter (R8, R51)."""
    answered = {number for block in dossier.editable if block.text.strip() for number in block.questions}
    for question in dossier.questions:
        if question.number not in answered:
            yield Issue(f"No part of the letter answers question {question.number}.", _K.SUMMARY.value,
                        f"Tie a section to it with {{q={question.number}}}.", question.verbatim,
                        questions=(question.number,))


def each_part_answers_a_question(dossier: Dossier) -> Iterator[Issue]:
    """Each part that was written belongs to a question that was asked: narrow tailoring (R51)."""
    asked = {question.number for question in dossier.questions}
    for block in dossier.editable:
        if not block.questions:
            yield Issue(f"The part “{block.heading}” is not tied to a question.", block.kind.value,
                        "Write the number of the question behind its heading: {q=1}.")
        for number in block.questions:
            if number not in asked:
                yield Issue(f"The part “{block.heading}” answers question {number}, which nobody asked.",
                            block.kind.value, "Correct the number behind the heading.", questions=(number,))
