"""The audit log: entries, the head of their tree, and the erasable personal values beside them.

Nothing but ``services.audit`` inserts here; triggers (``models.audit_triggers``) refuse the rest.
``entry`` holds the exact bytes that were hashed; the other columns repeat parts of them so that the
log can be searched, and verification compares them with the bytes.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from inquiry_service.db import Base
from inquiry_service.models.columns import Digest, Key


class AuditEntry(Base):
    """One entry. ``seq`` counts from 0 without gaps and is the leaf index in the tree."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        # obj_prev is looked up for every entry; timelines and filters read newest first. The id comes
        # before the type, so that the same index finds an object of which only the id is known.
        Index("ix_audit_entry_object", "object_id", "object_type", "seq"),
        Index("ix_audit_entry_object_type", "object_type", "seq"),
        Index("ix_audit_entry_object_label", "object_label", "seq"),
        Index("ix_audit_entry_reason", "reason_code", "seq"),
        Index(None, "inquiry_id", "seq"),
        Index(None, "actor_id", "seq"),
        Index(None, "action", "seq"),
        Index(None, "at"),
    )

    log: Mapped[str] = mapped_column(String(60), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry: Mapped[bytes] = mapped_column(LargeBinary)
    leaf_hash: Mapped[Digest]
    # The text of the entry, to the microsecond: it sorts like the time and compares byte for byte.
    at: Mapped[str] = mapped_column(String(27))
    entry_id: Mapped[str] = mapped_column(String(36))
    actor_id: Mapped[Key]
    actor_name: Mapped[Key]
    role: Mapped[Key]
    action: Mapped[str] = mapped_column(String(60))
    object_type: Mapped[str] = mapped_column(String(60))
    object_id: Mapped[Key]
    object_label: Mapped[Key]
    inquiry_id: Mapped[str] = mapped_column(String(36))
    reason_code: Mapped[Key]
    request_id: Mapped[Key]


class AuditHead(Base):
    """The tree after the newest entry: size, root and the frontier from which it grows (RFC 6962)."""

    __tablename__ = "audit_head"

    log: Mapped[str] = mapped_column(String(60), primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    frontier: Mapped[str] = mapped_column(Text)
    root: Mapped[Digest]


class AuditPersonal(Base):
    """A personal value named in an entry, with the key of its commitment; erased with the person (R98)."""

    __tablename__ = "audit_personal"

    log: Mapped[str] = mapped_column(String(60), primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    path: Mapped[Key] = mapped_column(primary_key=True)
    subject: Mapped[Key] = mapped_column(index=True)
    key: Mapped[str] = mapped_column(String(64))
    value: Mapped[str] = mapped_column(Text)
