"""Proving, whenever a version is shown or printed, that it is what was saved and signed (R74; 21 CFR 11.70)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from inquiry_service.domain.signing import ensure_unchanged
from inquiry_service.errors import IntegrityBroken
from inquiry_service.models.responses import ResponseVersion
from inquiry_service.models.signatures import Signature
from inquiry_service.store import responses as store


def ensure_bound(session: Session, version: ResponseVersion) -> None:
    """Verify the content of ``version`` against its digest, and every valid signature against both.

    Raises:
        IntegrityBroken: stored content was changed, or a signature was given on something else.
    """
    what = f"{version.response.number} version {version.version}"
    ensure_unchanged(version.snapshot, version.digest, what=what)
    for signature in store.signatures_of(session, store.SIGNED_VERSION, version.id):
        if signature.is_valid:
            _ensure_on(version, signature, what)


def _ensure_on(version: ResponseVersion, signature: Signature, what: str) -> None:
    expected, got = (version.version, version.digest), (signature.object_version, signature.digest)
    if expected != got:
        raise IntegrityBroken(f"Signature {signature.number} was not given on {what} as it is stored.",
                              expected=expected, got=got)
