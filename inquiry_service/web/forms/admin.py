"""Forms of account administration."""

from __future__ import annotations

from wtforms import DateField, EmailField, RadioField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from inquiry_service.domain.vocabulary import Role
from inquiry_service.web.forms.strict import StrictForm

ROLE_CHOICES = [SelectChoice(role.value, role.label) for role in Role if role is not Role.SYSTEM]
_WHY = "Kept on record with the change."


def _reason(element: str = "reason") -> TextAreaField:
    """Return the field; ``element`` is its id in a page that shows two such forms."""
    return TextAreaField(
        "Reason", [InputRequired("Say why; the reason is kept on record."), Length(max=1000)],
        description=_WHY, id=element,
    )


def _trained_until() -> DateField:
    return DateField(
        "Training valid until", [Optional()],
        description="Last day on which it is current. Without it the person is assigned no answers.",
    )


class NewAccountForm(StrictForm):
    """Make an account."""

    email = EmailField(
        "E-mail address", [InputRequired("Enter the e-mail address."), Length(max=180)],
        description="The user id, asked for at every signing. It can never be given to anybody else.",
    )
    printed_name = StringField(
        "Name", [InputRequired("Enter the name."), Length(max=120)],
        description="As it shall stand beside signatures.",
    )
    title = StringField("Title or degree", [Length(max=120)])
    roles = SelectMultipleField(
        "Roles", [InputRequired("Choose at least one role.")], choices=ROLE_CHOICES,
        option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False),
    )
    trained_until = _trained_until()
    reason = _reason()


class RoleForm(StrictForm):
    """Give or take one role."""

    act = RadioField(
        "Change", [InputRequired("Choose one.")],
        choices=[SelectChoice("grant", "Give"), SelectChoice("revoke", "Take away")],
    )
    role = SelectField("Role", [InputRequired("Choose a role.")], choices=ROLE_CHOICES)
    reason = _reason()


class TrainingForm(StrictForm):
    """Record training; an empty day says that it no longer holds."""

    trained_until = _trained_until()
    reason = _reason("reason-for-training")


class ReasonForm(StrictForm):
    """An act that needs a reason and nothing else: disable, enable, reset the password."""

    reason = _reason("reason-for-standing")
