"""Forms of the evidence page: a search to be recorded, and the decision on one hit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp

from inquiry_service.domain.vocabulary import EvidenceVerdict, RecordStatus, RejectReason, Stance, StudyDesign, Term
from inquiry_service.search.port import Filters
from inquiry_service.services.evidence import LONGEST_NOTE, DecisionData
from inquiry_service.web.forms.literature import year
from inquiry_service.web.forms.strict import StrictForm

_SOUND = tuple(status.value for status in RecordStatus if status is not RecordStatus.RETRACTED)


_ALL_PRODUCTS = SelectChoice("", "All products")


def _choices(terms: type[Term], empty: str = "") -> list[SelectChoice]:
    return [*([SelectChoice("", empty)] if empty else []), *(SelectChoice(term.value, term.label) for term in terms)]


class RecordedSearchForm(StrictForm):
    """A search that is run for an inquiry and kept with its hits."""

    q = StringField("Search")
    year_from = StringField("Years from", [Length(max=10)])
    year_to = StringField("to", [Length(max=10)])
    product = SelectField("Product", choices=[_ALL_PRODUCTS], validate_choice=False)
    sound_only = BooleanField("Leave out retracted")

    def offer(self, products: Iterable[Any]) -> None:
        """Offer these products."""
        self.product.choices = [_ALL_PRODUCTS, *(SelectChoice(product.key, product.name) for product in products)]

    def filters(self) -> Filters:
        """Return the filters of the search.

        Raises:
            InvalidInput: a year cannot be read; names the field.
        """
        return Filters(
            year_from=year("year_from", self.year_from.data or ""), year_to=year("year_to", self.year_to.data or ""),
            products=(self.product.data,) if self.product.data else (),
            statuses=_SOUND if self.sound_only.data else ())


class DecisionForm(StrictForm):
    """Keep a hit with its stance, or reject it with a reason.

    ``run`` and ``show`` say which list the person is looking at, so that they come back to it.
    """

    verdict = RadioField("Decision", [InputRequired("Keep or reject.")], choices=_choices(EvidenceVerdict))
    stance = RadioField("What it says on the question", [Optional()], choices=_choices(Stance))
    reject_reason = SelectField(
        "Reason, goes into the letter", [Optional()], choices=_choices(RejectReason, "Choose a reason"))
    design = SelectField("Design", [Optional()], choices=_choices(StudyDesign, "Not assessed"))
    participants = StringField(
        "People", [Optional(), Regexp(r"\s*[0-9]{1,8}\s*\Z", message="Enter a whole number, such as 206.")])
    limits = StringField("Limits", [Length(max=LONGEST_NOTE)])
    note = TextAreaField("Note, stays with the record", [Length(max=LONGEST_NOTE)])
    run = HiddenField()
    show = HiddenField()

    def data_of(self) -> DecisionData:
        """Return what was chosen, as the service takes it."""
        return DecisionData(
            verdict=EvidenceVerdict(self.verdict.data),
            stance=Stance(self.stance.data) if self.stance.data else None,
            reject_reason=RejectReason(self.reject_reason.data) if self.reject_reason.data else None,
            note=(self.note.data or "").strip(), limits=(self.limits.data or "").strip(),
            design=StudyDesign(self.design.data) if self.design.data else None,
            participants=int(self.participants.data) if self.participants.data else None,
        )
