"""Commands that need a right about content act as an account, for the host's operator has none (R28)."""

from __future__ import annotations

from config import Config
from inquiry_service.domain.actor import Actor
from inquiry_service.errors import NotFound
from inquiry_service.services import sign_in
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import people


def acting_account(runtime: Runtime, email: str, *, demo_default: str) -> Actor:
    """Return the account that a command acts as; everything it does is audited under that name.

    Args:
        email: as given with ``--as``. demo_default: account used in demo mode when none is given.

    Raises:
        NotFound: no account was named, or it does not exist or is disabled.
    """
    wanted = email or _default(runtime.config, demo_default)
    with runtime.reading() as session:
        user = people.by_email(session, wanted) if wanted else None
        if user is None or not user.is_active:
            raise NotFound("Say with --as EMAIL which active account the command acts as." if not wanted
                           else f"There is no active account {wanted}.")
        return sign_in.actor_for(user)


def _default(config: Config, demo_default: str) -> str:
    return demo_default if config.demo else ""
