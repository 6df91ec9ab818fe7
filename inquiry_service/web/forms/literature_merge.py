"""Forms on two records: making them one, calling them different, linking them, taking a merge back."""

from __future__ import annotations

from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from inquiry_service.domain.vocabulary import LinkKind
from inquiry_service.services.literature_merge_fields import CHOSEN, GONE, KEPT
from inquiry_service.services.literature_pairs import LONGEST_REASON
from inquiry_service.web.forms.strict import StrictForm

_SIDES = [SelectChoice(KEPT, "from the record that stays"), SelectChoice(GONE, "from the record that goes")]
_THIS, _OTHER = "this", "other"
_ENDS = [SelectChoice(_THIS, "This record"), SelectChoice(_OTHER, "The other record")]


def _reason(label: str, name: str) -> TextAreaField:
    """Three forms stand on one page, so their fields have names of their own in it."""
    return TextAreaField(label, [InputRequired("Give a reason."), Length(max=LONGEST_REASON)], id=f"{name}-reason")


def _other(name: str) -> HiddenField:
    return HiddenField(validators=[InputRequired()], id=f"{name}-other")


class FindForm(StrictForm):
    """Names the second record of a merge; sent with GET, so nothing is checked against a token."""

    class Meta:
        csrf = False

    other = StringField("The other record", [InputRequired("Enter a citation key, a PMID or a DOI."), Length(max=300)])


class MergeForm(StrictForm):
    """Which side each field is taken from, and why the two are one work."""

    other = _other("merge")
    seen_kept = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    seen_gone = IntegerField(widget=HiddenInput(), validators=[InputRequired()])
    reason = _reason("Why they are the same work", "merge")

    @property
    def choices(self) -> dict[str, str]:
        """Field to side, for the fields that were asked about."""
        sent = {name: self[f"take_{name}"].data for name in CHOSEN}
        return {name: side for name, side in sent.items() if side}


for _name in CHOSEN:
    # Only the fields in which the two differ are on the page, so each of them may be missing.
    setattr(MergeForm, f"take_{_name}", RadioField(_name, [Optional()], choices=_SIDES, validate_choice=False))


class ApartForm(StrictForm):
    """Why the two are different works."""

    other = _other("apart")
    reason = _reason("Why they are different works", "apart")


class LinkForm(StrictForm):
    """How one of the two stands to the other."""

    other = _other("link")
    which = RadioField("Which one", choices=_ENDS, default=_THIS,
                       id="link-which")
    kind = SelectField("How they stand", choices=[SelectChoice(kind.value, kind.label) for kind in LinkKind],
                       id="link-kind")
    reason = _reason("How you know", "link")

    def name(self, this: str, other: str) -> LinkForm:
        """Offer the two records by their citation keys."""
        self.which.choices = [SelectChoice(_THIS, this), SelectChoice(_OTHER, other)]
        return self

    def ends(self, record_id: str, other_id: str) -> tuple[str, str]:
        """Return the records in the order in which the link reads."""
        return (record_id, other_id) if self.which.data == _THIS else (other_id, record_id)


class UndoForm(StrictForm):
    """Why a merge is taken back."""

    reason = _reason("Why the merge is undone", "undo")
