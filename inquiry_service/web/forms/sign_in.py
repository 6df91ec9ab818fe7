"""The form of ``/login``."""

from __future__ import annotations

from wtforms import EmailField, PasswordField
from wtforms.validators import InputRequired

from inquiry_service.web.forms.strict import StrictForm


class SignInForm(StrictForm):
    """Both components; nothing is stripped from the password."""

    email = EmailField("E-mail address", [InputRequired("Enter your e-mail address.")])
    password = PasswordField("Password", [InputRequired("Enter your password.")])
