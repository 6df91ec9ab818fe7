"""Forms of an import: the file, the columns of a table, what shall become of single records, the signature."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask import request
from flask_wtf.file import FileField, FileRequired
from werkzeug.exceptions import BadRequest
from wtforms import EmailField, HiddenField, PasswordField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from inquiry_service.bibliography.table_columns import FIELDS, Table
from inquiry_service.domain.vocabulary import ImportChoice, ImportFinding
from inquiry_service.services.literature_imports import OFFERED
from inquiry_service.services.signatures import Components
from inquiry_service.web.forms.strict import StrictForm

_NOT_TAKEN = SelectChoice("", "Not taken over")
_CHOICE = re.compile(r"choice-([0-9]{1,9})")
_COLUMN = "column_"


class UploadForm(StrictForm):
    """Hand in a literature file."""

    file = FileField(
        "Literature file", [FileRequired("Choose a file.")],
        description="An export of PubMed, Embase, Ovid, Scopus, Web of Science, Cochrane, ProQuest or a reference "
                    "manager, or a table. Its content tells what it is, not its name.",
    )
    products = SelectMultipleField(
        "Products", description="New records are tagged with them; searches can be narrowed to a product.",
        option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False), validate_choice=False)

    def offer(self, products: Iterable[Any]) -> None:
        """Offer these products."""
        self.products.choices = [SelectChoice(product.key, product.name) for product in products]


class ColumnsForm(StrictForm):
    """Which column of a table holds what; a field for each column (see :func:`columns_form`)."""

    def mapping(self, table: Table) -> dict[str, str]:
        """Return column to field, without the columns that are not taken over."""
        chosen = {column: self[f"{_COLUMN}{number}"].data for number, column in enumerate(table.columns)}
        return {column: field for column, field in chosen.items() if field}

    def of(self, number: int) -> Any:
        """Return the field of one column."""
        return self[f"{_COLUMN}{number}"]


def columns_form(table: Table, chosen: Mapping[str, str]) -> ColumnsForm:
    """Return the form for a table, filled with what was chosen before or else with the proposal."""
    preset = chosen or table.mapping
    choices = [_NOT_TAKEN, *(SelectChoice(name, label) for name, label in FIELDS.items())]
    fields = {f"{_COLUMN}{number}": SelectField(column, choices=choices, default=preset.get(column, ""))
              for number, column in enumerate(table.columns)}
    form: ColumnsForm = type("ColumnsForm", (ColumnsForm,), fields)()
    return form


class ChoicesForm(StrictForm):
    """What shall become of the records on a page; ``go`` is where to be next: a place in the list."""

    finding = HiddenField()
    go = StringField(validators=[Length(max=9)])

    @property
    def choices(self) -> dict[int, ImportChoice]:
        """Position of a record to what was chosen.

        Raises:
            BadRequest: something that cannot be chosen was sent.
        """
        sent = {name: request.form[name] for name in request.form if _CHOICE.fullmatch(name)}
        if not set(sent.values()) <= set(ImportChoice):
            raise BadRequest("The form holds a choice that there is not.")
        return {int(name.partition("-")[2]): ImportChoice(value) for name, value in sent.items()}

    def _is_nested(self, name: str) -> bool:
        return _CHOICE.fullmatch(name) is not None


class ChooseAllForm(StrictForm):
    """The same choice for every record with one finding."""

    finding = HiddenField(validators=[InputRequired()])
    choice = SelectField("For all of them", choices=[SelectChoice(one.value, one.label) for one in ImportChoice])

    @property
    def chosen(self) -> ImportChoice:
        """What was chosen."""
        return ImportChoice(self.choice.data)

    @classmethod
    def for_finding(cls, finding: ImportFinding) -> ChooseAllForm:
        """Return the form with the choices that such records have."""
        form = cls(formdata=None, data={"finding": finding.value})
        form.choice.choices = [SelectChoice(one.value, one.label) for one in OFFERED[finding]]
        return form


class SignReportForm(StrictForm):
    """Both components, typed at every signing (R72)."""

    ticket = HiddenField(validators=[InputRequired()])
    email = EmailField("User id (e-mail address)", [InputRequired("Enter your user id.")])
    password = PasswordField("Password", [InputRequired("Enter your password.")])
    comment = StringField("Comment, optional", [Length(max=2000)])

    @property
    def components(self) -> Components:
        """What was typed, with the ticket."""
        return Components(self.ticket.data or "", self.email.data or "", self.password.data or "",
                          (self.comment.data or "").strip())
