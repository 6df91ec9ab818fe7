"""The question against the label, its topics, and for whom the answer is written."""

from __future__ import annotations

from inquiry_service.domain.vocabulary.term import Term


class LabelStatus(Term):
    """The question against the label of one market (R16)."""

    ON_LABEL = "on_label", "On-label"
    OFF_LABEL = "off_label", "Off-label"
    INVESTIGATIONAL = "investigational", "Investigational, never approved"
    GENERAL = "general", "Disease or general"
    OTHER_COMPANY = "other_company", "Other company's product"


class OffLabelSubtype(Term):
    """In which respect the question leaves the label (R17)."""

    INDICATION = "indication", "Indication"
    POPULATION = "population", "Population"
    DOSE = "dose", "Dose or schedule"
    ROUTE = "route", "Route"
    COMBINATION = "combination", "Combination"
    DURATION = "duration", "Duration"
    DEVICE_USE = "device_use", "Device use"
    MORE_DETAIL = "more_detail", "More detail than the label"


class Topic(Term):
    """Topics of a question (R22)."""

    DOSING = "dosing", "Dosing and administration"
    INTERACTIONS = "interactions", "Interactions"
    ADVERSE_REACTIONS = "adverse_reactions", "Adverse reactions"
    PREGNANCY = "pregnancy", "Pregnancy and lactation"
    AGE_GROUPS = "age_groups", "Paediatric and elderly"
    ORGAN_IMPAIRMENT = "organ_impairment", "Organ impairment"
    EFFICACY = "efficacy", "Efficacy"
    COMPARATIVE = "comparative", "Comparative"
    PHARMACOLOGY = "pharmacology", "Pharmacokinetics and pharmacodynamics"
    STABILITY = "stability", "Stability, storage, excursion"
    COMPATIBILITY = "compatibility", "Compatibility"
    EXCIPIENTS = "excipients", "Excipients"
    AVAILABILITY = "availability", "Availability"
    GUIDELINES = "guidelines", "Guidelines"
    OVERDOSE = "overdose", "Overdose"
    DEVICE_OPERATION = "device_operation", "Device operation"


class Lane(Term):
    """For whom the answer is written; each lane has its own content and rules."""

    HCP = "hcp", "Health professional"
    PATIENT = "patient", "Patient or public"
    PAYER = "payer", "Payer"
    DECLINE = "decline", "Decline"
    PUBLIC_CONTACT = "public_contact", "Public contact-us"


class Complexity(Term):
    """How much work the answer needs (R21)."""

    LEVEL_1 = "1", "1: one or two standard sources"
    LEVEL_2 = "2", "2: several sources"
    LEVEL_3 = "3", "3: needs judgement"
