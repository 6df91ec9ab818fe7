"""Forms of the evidence page: a search to be recorded, and the decision on one hit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, Regexp

from inquiry_service.domain.vocabulary import (
    EvidenceVerdict,
    Population,
    RecordKind,
    RecordStatus,
    RejectReason,
    Stance,
    StudyDesign,
    Term,
)
from inquiry_service.errors import InvalidInput
from inquiry_service.search.port import Facets, Filters
from inquiry_service.services.evidence import LONGEST_NOTE, DecisionData
from inquiry_service.web.forms.literature import year
from inquiry_service.web.forms.strict import StrictForm

_SOUND = tuple(status.value for status in RecordStatus if status is not RecordStatus.RETRACTED)


_ALL_PRODUCTS = SelectChoice("", "All products")
_ANY = SelectChoice("", "Any")


def _choices(terms: type[Term], empty: str = "") -> list[SelectChoice]:
    return [*([SelectChoice("", empty)] if empty else []), *(SelectChoice(term.value, term.label) for term in terms)]


class RecordedSearchForm(StrictForm):
    """A search that is run for an inquiry and kept with its hits; ``question`` is the one that it is meant for."""

    q = StringField("Search")
    year_from = StringField("Years from", [Length(max=10)])
    year_to = StringField("to", [Length(max=10)])
    product = SelectField("Product", choices=[_ALL_PRODUCTS], validate_choice=False)
    of_design = SelectField("Design", choices=[_ANY], default="")
    of_kind = SelectField("Kind", choices=[_ANY], default="")
    of_population = SelectField("Population", choices=[_ANY], default="")
    sound_only = BooleanField("Leave out retracted")
    synonyms = BooleanField("Search synonyms too")
    question = HiddenField(validators=[Optional(), Regexp(r"[0-9]{1,3}\Z")])

    def offer(self, products: Iterable[Any], found: Facets | None = None) -> None:
        """Offer products and the other filters, each with the number of records of the search that is shown.

        Args:
            products: of the installation. found: counts of that search, None when there is none.
        """
        found = found or Facets()
        self.product.choices = [_ALL_PRODUCTS, *(
            SelectChoice(product.key, _counted(product.name, product.key, found.products)) for product in products)]
        for field, terms, counts in (
                (self.of_design, StudyDesign, found.designs), (self.of_kind, RecordKind, found.kinds),
                (self.of_population, Population, found.populations)):
            field.choices = [_ANY, *(SelectChoice(term.value, _counted(term.label, term.value, counts))
                                     for term in terms)]

    def filters(self) -> Filters:
        """Return the filters of the search.

        Raises:
            InvalidInput: a year cannot be read, or the first is later than the last; names the field.
        """
        first, last = year("year_from", self.year_from.data or ""), year("year_to", self.year_to.data or "")
        if first and last and first > last:
            message = "The first year is later than the last one."
            raise InvalidInput(message, fields={"year_from": message})
        return Filters(
            year_from=first, year_to=last, products=_one(self.product.data), designs=_one(self.of_design.data),
            kinds=_one(self.of_kind.data), populations=_one(self.of_population.data),
            statuses=_SOUND if self.sound_only.data else ())

    @property
    def question_seq(self) -> int | None:
        """The number of the question that is searched for."""
        return int(self.question.data) if self.question.data else None


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _counted(label: str, value: str, counts: Sequence[tuple[str, int]]) -> str:
    count = next((number for key, number in counts if key.casefold() == value.casefold()), 0)
    return f"{label} ({count:,})" if counts else label


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
