"""Pages, a blueprint per noun; a new one starts to exist by its line here."""

from __future__ import annotations

from flask import Flask

from inquiry_service.web.views import (
    account,
    admin,
    audit,
    closing,
    complaints,
    content,
    drafts,
    evidence,
    field,
    health,
    hold,
    home,
    inbox,
    inquiries,
    intake,
    jobs,
    labels,
    letters,
    literature,
    literature_files,
    literature_imports,
    literature_letters,
    literature_merge,
    literature_records,
    literature_reports,
    literature_rights,
    requesters,
    retraction_lists,
    review,
    roles,
    safety,
    saved_searches,
    screening,
    security,
    sign_in,
    styleguide,
    triage,
)

BLUEPRINTS = (
    home.blueprint,
    inbox.blueprint,
    intake.blueprint,
    field.blueprint,
    sign_in.blueprint,
    account.blueprint,
    admin.blueprint,
    roles.blueprint,
    security.blueprint,
    literature.blueprint,
    literature_records.blueprint,
    literature_letters.blueprint,
    literature_rights.blueprint,
    literature_files.blueprint,
    retraction_lists.blueprint,
    saved_searches.blueprint,
    literature_imports.blueprint,
    literature_merge.blueprint,
    literature_reports.blueprint,
    evidence.blueprint,
    drafts.blueprint,
    review.blueprint,
    letters.blueprint,
    content.blueprint,
    labels.blueprint,
    audit.blueprint,
    inquiries.blueprint,
    screening.blueprint,
    triage.blueprint,
    requesters.blueprint,
    closing.blueprint,
    hold.blueprint,
    safety.blueprint,
    complaints.blueprint,
    jobs.blueprint,
    health.blueprint,
)
DEMO_BLUEPRINTS = (styleguide.blueprint,)
"""Pages that only a demonstration has."""


def register(app: Flask, *, demo: bool) -> None:
    """Add every blueprint to the application."""
    for blueprint in (*BLUEPRINTS, *(DEMO_BLUEPRINTS if demo else ())):
        app.register_blueprint(blueprint)
