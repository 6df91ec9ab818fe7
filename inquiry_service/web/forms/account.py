"""Forms of one's own account."""

from __future__ import annotations

from wtforms import HiddenField, PasswordField, RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import EqualTo, InputRequired

from inquiry_service.services.passwords import LONGEST, SHORTEST
from inquiry_service.web.forms.strict import StrictForm
from inquiry_service.web.page_context import THEMES


class PasswordForm(StrictForm):
    """Change one's own password."""

    current = PasswordField("Present password", [InputRequired("Enter your present password.")])
    new = PasswordField(
        "New password", [InputRequired("Enter a new password.")],
        description=f"{SHORTEST} to {LONGEST} characters, any you like; several words are easy to remember.",
    )
    again = PasswordField(
        "New password once more",
        [InputRequired("Enter the new password once more."), EqualTo("new", "The two are not the same.")],
    )


class ThemeForm(StrictForm):
    """Light, dark, or as the system; ``next`` is the page to come back to."""

    theme = RadioField("Theme", [InputRequired()], choices=[SelectChoice(name) for name in THEMES])
    next = HiddenField()


class ShortcutsForm(StrictForm):
    """Single-letter keys on or off (WCAG 2.1.4)."""

    shortcuts = RadioField(
        "Single-letter keys", [InputRequired()], choices=[SelectChoice("on", "On"), SelectChoice("off", "Off")],
        description="Tab, Enter and the arrow keys work in any case.",
    )


class EmptyForm(StrictForm):
    """A button: nothing but the token."""
