"""The form of a follow-up to a closed inquiry (R13)."""

from __future__ import annotations

from wtforms import SelectField
from wtforms.validators import InputRequired

from inquiry_service.domain.vocabulary import Urgency
from inquiry_service.services.contacts import sources
from inquiry_service.services.follow_up import FollowUpData
from inquiry_service.web.forms.choices import terms
from inquiry_service.web.forms.intake import as_typed
from inquiry_service.web.forms.screening import MessageForm, line, text


class FollowUpForm(MessageForm):
    """The new question, how it came in, and why it belongs to the closed inquiry."""

    question = text("Question, word for word", "", InputRequired("Write down the question, word for word."))
    urgency = SelectField("Priority", choices=terms(Urgency), default=Urgency.STANDARD.value)
    why = line("Why it belongs to this inquiry", "", InputRequired("Say why it belongs to this inquiry."))

    def follow_up(self) -> FollowUpData:
        """Return the follow-up, as the service takes it."""
        contact = self.contact_data()
        return FollowUpData(
            channel=contact.channel, forum=contact.forum, received_at=contact.received_at, zone=contact.zone,
            questions=(as_typed(self.question.data),), why=(self.why.data or "").strip(),
            urgency=Urgency(self.urgency.data), late_reason=contact.late_reason, uploads=sources(contact),
        )

    def take_errors(self, fields: dict[str, str]) -> None:
        """Show what the service refused beside the field where it was typed."""
        super().take_errors({"question" if name == "questions" else name: words for name, words in fields.items()})
