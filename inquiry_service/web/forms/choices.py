"""Lists to choose from: coded terms, countries, languages, time zones."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from zoneinfo import available_timezones

from wtforms.fields.choices import SelectChoice

from inquiry_service.domain.countries import COUNTRIES
from inquiry_service.domain.vocabulary import Term

Choices = list[SelectChoice]

_LANGUAGES = (
    ("en", "English"), ("ar", "Arabic"), ("zh", "Chinese"), ("cs", "Czech"), ("da", "Danish"), ("nl", "Dutch"),
    ("fi", "Finnish"), ("fr", "French"), ("de", "German"), ("el", "Greek"), ("he", "Hebrew"), ("hu", "Hungarian"),
    ("it", "Italian"), ("ja", "Japanese"), ("ko", "Korean"), ("no", "Norwegian"), ("pl", "Polish"),
    ("pt", "Portuguese"), ("ro", "Romanian"), ("ru", "Russian"), ("es", "Spanish"), ("sv", "Swedish"),
    ("tr", "Turkish"), ("uk", "Ukrainian"),
)
LANGUAGES: Choices = [SelectChoice(code, name) for code, name in _LANGUAGES]
_AREAS = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
"""The database also holds short and historical names, which nobody should have to choose between."""


def terms(members: Iterable[Term], blank: str = "") -> Choices:
    """Return value and words of each member; ``blank`` are the words of the empty choice in front, if any."""
    return [*([SelectChoice("", blank)] if blank else []), *(SelectChoice(term.value, term.label) for term in members)]


def countries(blank: str = "Choose a country") -> Choices:
    """Return the countries by name, behind an empty choice."""
    return [SelectChoice("", blank), *(SelectChoice(code, name) for code, name in COUNTRIES.items())]


@cache
def zones() -> Choices:
    """Return the time zones, UTC first."""
    places = sorted(name for name in available_timezones() if name.partition("/")[0] in _AREAS)
    return [SelectChoice("UTC"), *(SelectChoice(name, name.replace("_", " ")) for name in places)]
