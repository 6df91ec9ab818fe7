"""Forms about one record of the library: its description, its standing, a source entered by hand, rights, files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from inquiry_service.domain.vocabulary import (
    PeerReview,
    Population,
    RecordKind,
    RecordStatus,
    RightKind,
    RightScope,
    StudyDesign,
)
from inquiry_service.services.literature_records import KINDS_BY_HAND, SourceData
from inquiry_service.services.literature_rights import RightData
from inquiry_service.services.retraction_lists import RETRACTION_WATCH
from inquiry_service.web.forms.choices import terms
from inquiry_service.web.forms.strict import StrictForm


class _Ticks(SelectMultipleField):
    """Several of a list, as boxes to tick."""

    widget = widgets.ListWidget(prefix_label=False)
    option_widget = widgets.CheckboxInput()


class EvidenceForm(StrictForm):
    """What the library says of the evidence of a source, and how it is found."""

    version = HiddenField()
    design = SelectField("Design", choices=terms(StudyDesign, "Not assessed"))
    participants = IntegerField("Participants", [Optional()], description="People studied, as a whole number.")
    peer_review = SelectField("Peer review", choices=terms(PeerReview, "Not known"))
    funding = TextAreaField("Funding", description="Who paid for the study, and whose employees wrote it.")
    limits = TextAreaField("Limits", description="What weakens the study, in a few words.")
    populations = _Ticks("Population", choices=terms(Population))
    products = _Ticks("Products", validate_choice=False)
    keywords = TextAreaField("Keywords", description="One a line.")
    medical_only = BooleanField("Confidential: found and shown for medical staff only")

    def offer(self, products: Iterable[Any]) -> None:
        """Offer these products."""
        self.products.choices = [(product.key, product.name) for product in products]

    def changes(self) -> dict[str, Any]:
        """Return what was entered as the service takes it."""
        return {
            "design": self.design.data or None, "participants": self.participants.data,
            "peer_review": self.peer_review.data or None, "funding": self.funding.data or "",
            "limits": self.limits.data or "", "populations": self.populations.data or [],
            "products": self.products.data or [], "keywords": (self.keywords.data or "").splitlines(),
            "medical_only": self.medical_only.data,
        }


class _BibliographicFields:
    """What names a source that was entered by hand."""

    kind = SelectField("Kind", choices=terms(KINDS_BY_HAND))
    title = StringField("Title", [DataRequired("Enter the title."), Length(max=2000)])
    authors = StringField("Authors", [Length(max=5000)], description="Newman L; Lipton RB; a group by its name.")
    journal = StringField("Company, congress or journal", [Length(max=500)],
                          description="Who holds the document, or where it was presented or published.")
    issue = StringField("Number", [Length(max=200)], description="The document's own number, or volume and issue.")
    year = IntegerField("Year", [Optional()])
    doi = StringField("DOI", [Length(max=300)])
    pmid = StringField("PMID", [Length(max=60)])
    abstract = TextAreaField("Abstract or summary", [Length(max=100_000)], description="It is what searches find.")


class SourceForm(_BibliographicFields, StrictForm):
    """A source that comes in no export: a label, data on file, a congress abstract."""

    products = _Ticks("Products", validate_choice=False)
    medical_only = BooleanField("Confidential: found and shown for medical staff only")

    def offer(self, products: Iterable[Any]) -> None:
        """Offer these products."""
        self.products.choices = [(product.key, product.name) for product in products]

    def data_of(self) -> SourceData:
        """Return what was entered."""
        return SourceData(
            kind=RecordKind(self.kind.data), title=self.title.data or "", authors=self.authors.data or "",
            journal=self.journal.data or "", number=self.issue.data or "", year=self.year.data,
            abstract=self.abstract.data or "", doi=self.doi.data or "", pmid=self.pmid.data or "",
            medical_only=self.medical_only.data, products=tuple(self.products.data or ()))


class OwnSourceForm(_BibliographicFields, EvidenceForm):
    """The description of a source that was entered by hand: all its fields."""

    def changes(self) -> dict[str, Any]:
        """Return what was entered as the service takes it."""
        return super().changes() | {
            "kind": self.kind.data, "title": self.title.data or "", "authors": self.authors.data or "",
            "journal": self.journal.data or "", "issue": self.issue.data or "", "year": self.year.data,
            "doi": self.doi.data or "", "pmid": self.pmid.data or "", "abstract": self.abstract.data or "",
        }


class StandingForm(StrictForm):
    """A person's decision on the standing of a record."""

    version = HiddenField()
    status = SelectField("Standing", choices=terms(RecordStatus))
    reason = TextAreaField("How do you know?", [DataRequired("Say how you know."), Length(max=1000)],
                           description="Name the notice, its date, and where you read it.")


class RightForm(StrictForm):
    """A right to use copies of a work."""

    kind = SelectField("Ground", choices=terms(RightKind))
    scope = SelectField("Covers", choices=terms(RightScope))
    holder = StringField("Given by", [Length(max=200)], description="Publisher, author or collecting society.")
    proof = TextAreaField("Proof", [DataRequired("Name the proof."), Length(max=2000)],
                          description="Licence address, order number, contract or permission.")
    copies = IntegerField("Copies", [Optional()], description="How many it covers; nothing for no limit.")
    expires_on = DateField("Last day", [Optional()], description="Nothing for no end.")

    def data_of(self) -> RightData:
        """Return what was entered."""
        return RightData(
            kind=RightKind(self.kind.data), scope=RightScope(self.scope.data), holder=self.holder.data or "",
            proof=self.proof.data or "", copies=self.copies.data, expires_on=self.expires_on.data)


class ReasonForm(StrictForm):
    """Why something ends or goes."""

    reason = TextAreaField("Reason", [DataRequired("Say why."), Length(max=1000)])


class FullTextForm(StrictForm):
    """A file of a record."""

    file = FileField("File", [FileRequired("Choose a file.")],
                     description="PDF, plain text or JATS XML; recognised by its content. Its text becomes searchable.")


class RetractionListForm(StrictForm):
    """Upload a retraction list."""

    file = FileField("Retraction list", [FileRequired("Choose a file.")],
                     description="The CSV file of Retraction Watch, as it is published.")
    name = StringField("Name of the list", [InputRequired("Name the list."), Length(max=100)], default=RETRACTION_WATCH,
                       description="A list of the same name is replaced.")
