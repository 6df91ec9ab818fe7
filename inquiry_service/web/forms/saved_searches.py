"""The form of a saved search; its filters come with the address, as the library's page has them."""

from __future__ import annotations

from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length

from inquiry_service.search.port import Filters
from inquiry_service.services.saved_searches import LONGEST_NAME, SearchData
from inquiry_service.web.forms.strict import StrictForm


class SavedSearchForm(StrictForm):
    """Name and words of a search that is kept."""

    name = StringField("Name", [InputRequired("Give the search a name."), Length(max=LONGEST_NAME)],
                       description="What you and others will know it by.")
    q = StringField("Search", [InputRequired("Enter what to search for.")],
                    description="In the search language of the library.")
    synonyms = BooleanField("Search synonyms too")
    shared = BooleanField("Show it to everybody who searches the library")

    def data_of(self, filters: Filters) -> SearchData:
        """Return what was entered, as the service takes it."""
        return SearchData(name=self.name.data or "", query=self.q.data or "", filters=filters,
                          synonyms=bool(self.synonyms.data), shared=bool(self.shared.data))
