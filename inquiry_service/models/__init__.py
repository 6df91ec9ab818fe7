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
    literature_holdings,
    literature_imports,
    people,
    products,
    responses,
    safety,
    saved_searches,
    signatures,
)

__all__ = [
    "audit", "content", "documents", "evidence", "inquiries", "installation", "jobs", "literature",
    "literature_holdings", "literature_imports", "people", "products", "responses", "safety", "saved_searches",
    "signatures",
]
