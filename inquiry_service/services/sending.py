"""How letters leave this installation, from its configuration."""

from __future__ import annotations

from config import Config
from inquiry_service.domain.vocabulary import DeliveryMethod
from inquiry_service.errors import ConfigurationError

DEMO_SENDER = "medical.information@demo.example"


def method_of(config: Config) -> DeliveryMethod:
    """Return how letters leave: by SMTP when a server is configured, as files in demo mode.

    Raises:
        ConfigurationError: real data, and no way out is configured.
    """
    if config.smtp_url:
        return DeliveryMethod.EMAIL
    if config.demo:
        return DeliveryMethod.FILE
    raise ConfigurationError("No mail server is configured: set EVENHAND_SMTP_URL and EVENHAND_MAIL_FROM.")


def sender_of(config: Config) -> str:
    """Return the address that letters come from.

    Raises:
        ConfigurationError: there is none.
    """
    if config.mail_from:
        return config.mail_from
    if config.demo:
        return DEMO_SENDER
    raise ConfigurationError("Letters need a sender: set EVENHAND_MAIL_FROM.")
