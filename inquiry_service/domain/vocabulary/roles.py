"""Roles of the people who work here (R33)."""

from __future__ import annotations

from inquiry_service.domain.vocabulary.term import Term


class Role(Term):
    """Roles of R33. SYSTEM is the worker; it is never granted to a person."""

    FIELD_MSL = "field_msl", "Field submitter (MSL)"
    FIELD_SALES = "field_sales", "Field submitter (sales)"
    INTAKE_AGENT = "intake_agent", "Intake agent"
    MI_SPECIALIST = "mi_specialist", "MI specialist"
    MEDICAL_REVIEWER = "medical_reviewer", "Medical reviewer"
    CONTENT_OWNER = "content_owner", "Content owner"
    SAFETY_CONTACT = "safety_contact", "Safety (PV) contact"
    QUALITY_CONTACT = "quality_contact", "Quality contact"
    COMPLIANCE = "compliance", "Compliance"
    AUDITOR = "auditor", "Auditor"
    PRIVACY_OFFICER = "privacy_officer", "Privacy officer"
    ADMINISTRATOR = "administrator", "Administrator"
    SYSTEM = "system", "System"
