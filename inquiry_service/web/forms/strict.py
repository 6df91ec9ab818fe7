"""The base of all forms: a field that the form does not have, or has once and is sent twice, is refused."""

from __future__ import annotations

from flask import request
from flask_wtf import FlaskForm
from werkzeug.exceptions import BadRequest
from wtforms import SelectMultipleField
from wtforms.fields import FieldList, FormField, MultipleFileField


class StrictForm(FlaskForm):
    """Takes exactly its own fields (P46): neither more of them nor more of each than it shows.

    Forms with rows that the page adds (``FieldList``, ``FormField``) check the names by their prefix.
    """

    _MANY = (SelectMultipleField, MultipleFileField)
    _NESTED = (FieldList, FormField)

    def is_submitted(self) -> bool:
        """Refuse foreign and repeated fields before anything of the form is looked at.

        Raises:
            BadRequest: the request cannot come from this form as it was shown.
        """
        submitted: bool = super().is_submitted()
        if submitted:
            self._refuse_foreign()
        return submitted

    def _refuse_foreign(self) -> None:
        sent = {name: len(request.form.getlist(name)) for name in request.form}
        for name, times in sent.items():
            field = self._fields.get(name)
            if field is None and not self._is_nested(name):
                raise BadRequest("The form holds a field that it does not have.")
            if times > 1 and field is not None and not isinstance(field, self._MANY):
                raise BadRequest("The form holds a field twice.")

    def _is_nested(self, name: str) -> bool:
        nested = (field for field in self._fields.values() if isinstance(field, self._NESTED))
        return any(name.startswith(f"{field.name}-") for field in nested)

    def take_errors(self, fields: dict[str, str]) -> None:
        """Show what a service refused beside the fields it named, the rest above the form."""
        for name, message in fields.items():
            field = self._fields.get(name)
            if field is None:
                self.form_errors.append(message)
            else:
                field.errors = [*field.errors, message]
