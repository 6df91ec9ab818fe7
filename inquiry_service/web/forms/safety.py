"""Forms of the safety and complaint queues: hand over, confirm receipt, add what a follow-up brought."""

from __future__ import annotations

from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length

from inquiry_service.web.forms.screening import CaseFields, ComplaintFields, line
from inquiry_service.web.forms.strict import StrictForm


class HandOverForm(StrictForm):
    """How and to whom a record was handed over (R41)."""

    how = line("How and to whom", "For example: e-mail to the safety mailbox, 14:05.",
               InputRequired("Say how and to whom it was handed over."))


class SafetyReceiptForm(StrictForm):
    """The number under which pharmacovigilance has the case."""

    pv_case_number = StringField("Case number in Safety", [
        InputRequired("Enter the case number."), Length(max=200)])


class QualityReceiptForm(StrictForm):
    """The number under which Quality has the complaint."""

    quality_case_number = StringField("Case number in Quality", [
        InputRequired("Enter the case number."), Length(max=200)])


def _source() -> StringField:
    return line("Where this comes from", "For example: call-back to the reporter on 20 November.",
                InputRequired("Say where the information comes from."))


class CaseChangeForm(CaseFields):
    """Follow-up information on a safety record that is not handed over yet."""

    is_adverse_event = BooleanField("There is a reaction or event")
    source = _source()


class ComplaintChangeForm(ComplaintFields):
    """Follow-up information on a complaint that is not handed over yet."""

    source = _source()
