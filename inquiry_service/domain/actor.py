"""Who acts: the person (or the system) behind a change, as services and the audit see them."""

from __future__ import annotations

from dataclasses import dataclass

from inquiry_service.domain.permissions import Permission, permissions_of
from inquiry_service.domain.vocabulary import Role


@dataclass(frozen=True)
class Actor:
    """The person an action is done by, fixed at the moment of the action.

    Attributes:
        user_id: id of the account; empty for the system itself.
        name: printed name as it is now; goes into the audit entry as then (R81).
        roles: roles held at this moment.
        session_id: id of the server-side session (not its secret), if any.
    """

    user_id: str
    name: str
    roles: frozenset[Role]
    session_id: str | None = None

    @property
    def permissions(self) -> frozenset[Permission]:
        """Everything that the roles allow."""
        return permissions_of(self.roles)

    def may(self, permission: Permission) -> bool:
        """Say whether one of the roles carries ``permission``; unknown means no."""
        return permission in self.permissions

    @property
    def role_names(self) -> str:
        """The roles in a fixed order, as they are written into the audit."""
        return ", ".join(sorted(role.value for role in self.roles))

    @property
    def is_system(self) -> bool:
        """True for the worker and other acts without a person behind them."""
        return not self.user_id


SYSTEM = Actor(user_id="", name="System", roles=frozenset({Role.SYSTEM}))
"""The actor of timed and background acts; holds no right to decide about content."""
