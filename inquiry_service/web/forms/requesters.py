"""Forms about the people: details of the requester, verification, another recipient."""

from __future__ import annotations

from typing import Any

from wtforms import EmailField, RadioField, SelectField, TelField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from inquiry_service.domain.vocabulary import RequesterType, Verification
from inquiry_service.services.intake_data import PersonData
from inquiry_service.web.forms.choices import countries, terms
from inquiry_service.web.forms.intake import as_typed
from inquiry_service.web.forms.screening import line
from inquiry_service.web.forms.strict import StrictForm

_ADDRESS = r"[^@\s]+@[^@\s]+\.[^@\s]+\Z"
_TEXTS = ("title", "given_name", "family_name", "qualification", "affiliation", "address", "email", "phone",
          "details_refused_reason")


class PersonDetailsForm(StrictForm):
    """What is known of a person (R2)."""

    type = SelectField("Who", [InputRequired("Choose who it is.")], choices=terms(RequesterType, "Choose"))
    title = line("Title")
    given_name = line("Given name")
    family_name = line("Family name")
    qualification = line("Qualification")
    affiliation = line("Institution")
    address = TextAreaField("Postal address", [Length(max=1000)])
    email = EmailField("E-mail address", [Optional(), Length(max=200), Regexp(_ADDRESS, message="Check the address.")])
    phone = TelField("Telephone", [Length(max=200)])
    country = SelectField("Country", [InputRequired("Choose the country.")], choices=countries())
    details_refused_reason = line(
        "Why details are missing", "If the name, a contact or the institution was refused, say so here.")

    def person(self) -> PersonData:
        """Return the person, as the service takes it."""
        texts: dict[str, Any] = {name: as_typed(self[name].data).strip() for name in _TEXTS}
        return PersonData(type=RequesterType(self.type.data), country=self.country.data, **texts)


class RecipientForm(PersonDetailsForm):
    """Another person than the requester receives the answer (R89)."""

    recipient_reason = line("Why the answer does not go to the requester", "For example: an assistant asked.",
                            InputRequired("Say why the answer goes to somebody other than the requester."))


class VerificationForm(StrictForm):
    """How far the requester's identity is established (R12)."""

    status = RadioField("Identity", [InputRequired("Choose how far the identity is established.")],
                        choices=terms(Verification))
    verification_method = line("How it was established", "For example: NPI registry, call-back to the hospital.")
