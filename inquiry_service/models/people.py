"""Accounts, roles, server-side sessions. Accounts are disabled, never deleted or reused (R31, R75)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from inquiry_service.db import Base, UtcDateTime
from inquiry_service.domain.vocabulary import Role
from inquiry_service.models.columns import Digest, Id, Key, LongText, Moment, TermColumn


class User(Base):
    """A person's account; the e-mail address is the user id asked for at every signing (R72)."""

    __tablename__ = "user_account"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(String(200), unique=True)
    printed_name: Mapped[Key]
    title: Mapped[Key] = mapped_column(default="")
    password_hash: Mapped[Key]
    password_changed_at: Mapped[Moment]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    is_demo: Mapped[bool] = mapped_column(default=False)
    trained_until: Mapped[date | None] = mapped_column(Date)
    created_at: Mapped[Moment]
    disabled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disabled_reason: Mapped[LongText] = mapped_column(default="")

    grants: Mapped[list[RoleGrant]] = relationship(
        back_populates="user", order_by="RoleGrant.granted_at", foreign_keys="RoleGrant.user_id", lazy="selectin"
    )

    @property
    def roles(self) -> frozenset[Role]:
        """Roles held now."""
        return frozenset(grant.role for grant in self.grants if grant.revoked_at is None)

    @property
    def is_active(self) -> bool:
        """False once the account was disabled."""
        return self.disabled_at is None


class RoleGrant(Base):
    """A role given to a person: dated and reasoned (R31)."""

    __tablename__ = "role_grant"

    id: Mapped[Id]
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"), index=True)
    role: Mapped[Role] = mapped_column(TermColumn(Role))
    granted_at: Mapped[Moment]
    granted_by: Mapped[Key]
    reason: Mapped[LongText]
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    user: Mapped[User] = relationship(back_populates="grants", foreign_keys=[user_id])


class UserSession(Base):
    """A signed-in browser. Only the hash of the cookie's secret is kept, so the table opens nothing."""

    __tablename__ = "user_session"

    id: Mapped[Id]
    secret_hash: Mapped[Digest] = mapped_column(unique=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("user_account.id"), index=True)
    created_at: Mapped[Moment]
    last_seen_at: Mapped[Moment]
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    address: Mapped[Key] = mapped_column(default="")
    agent: Mapped[Key] = mapped_column(default="")


class LoginThrottle(Base):
    """Failed attempts per account name or network address; the delay grows with each (R77)."""

    __tablename__ = "login_throttle"

    subject: Mapped[str] = mapped_column(String(200), primary_key=True)
    failures: Mapped[int] = mapped_column(default=0)
    last_failure_at: Mapped[Moment]
    blocked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
