"""Who may do what: the table of permissions as the program has it, for reading."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from inquiry_service.domain.permissions import INCOMPATIBLE_ROLES, ROLE_PERMISSIONS, Permission
from inquiry_service.domain.vocabulary import Role
from inquiry_service.web.access import requires

blueprint = Blueprint("roles", __name__, url_prefix="/admin/roles")


@requires(Permission.USERS_MANAGE)
def matrix() -> ResponseReturnValue:
    """Show roles against permissions; there is nothing to change here."""
    return render_template(
        "admin/roles.html", roles=[role for role in Role if role is not Role.SYSTEM], permissions=list(Permission),
        allowed=ROLE_PERMISSIONS, incompatible=INCOMPATIBLE_ROLES,
    )


blueprint.add_url_rule("", view_func=matrix)
