"""Typed tables by noun; no queries, no rules. Importing this package registers all of them."""

from __future__ import annotations

from inquiry_service.models import (
    audit,
    content,
    documents,
    evidence,
    inquiries,
    installation,
    jobs,
    literature,
    people,
    products,
    responses,
    safety,
    signatures,
)

__all__ = [
    "audit", "content", "documents", "evidence", "inquiries", "installation", "jobs", "literature", "people",
    "products", "responses", "safety", "signatures",
]
