"""Asking for a right before acting, and who acts at the command line."""

from __future__ import annotations

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.vocabulary import Role
from inquiry_service.errors import Forbidden

OPERATOR = Actor(user_id="", name="Operator at the command line", roles=frozenset({Role.ADMINISTRATOR}))
"""Whoever may run commands on the host: has an administrator's rights, thus none about content (R28)."""


def require(actor: Actor, permission: Permission) -> None:
    """Let the actor pass if one of the roles carries ``permission``.

    Raises:
        Forbidden: none does; the message names the permission (R24, R31).
    """
    if not actor.may(permission):
        raise Forbidden(
            f"Your role does not include the right {permission.value}.", permission=permission.value)
