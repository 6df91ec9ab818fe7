"""Sections of a US label by LOINC code, in the order of the physician labeling format (21 CFR 201.56, 201.57)."""

from __future__ import annotations

from collections.abc import Mapping

INDICATIONS, BOXED_WARNING, CONTRAINDICATIONS = "34067-9", "34066-1", "34070-3"
WARNINGS, ADVERSE_REACTIONS, DOSAGE = "43685-7", "34084-4", "34068-7"
DRUG_INTERACTIONS, SPECIFIC_POPULATIONS, OVERDOSAGE = "34073-7", "43684-0", "34088-5"
PREGNANCY, PEDIATRIC_USE = "42228-7", "34081-0"

NAMES: Mapping[str, str] = {
    BOXED_WARNING: "Boxed warning",
    INDICATIONS: "Indications and usage",
    DOSAGE: "Dosage and administration",
    "43678-2": "Dosage forms and strengths",
    CONTRAINDICATIONS: "Contraindications",
    WARNINGS: "Warnings and precautions",
    "34071-1": "Warnings",
    "42232-9": "Precautions",
    ADVERSE_REACTIONS: "Adverse reactions",
    DRUG_INTERACTIONS: "Drug interactions",
    SPECIFIC_POPULATIONS: "Use in specific populations",
    PREGNANCY: "Pregnancy",
    "77290-5": "Lactation",
    "34080-2": "Nursing mothers",
    PEDIATRIC_USE: "Pediatric use",
    "34082-8": "Geriatric use",
    "88828-9": "Renal impairment",
    "88829-7": "Hepatic impairment",
    "42227-9": "Drug abuse and dependence",
    OVERDOSAGE: "Overdosage",
    "34089-3": "Description",
    "34090-1": "Clinical pharmacology",
    "43679-0": "Mechanism of action",
    "43680-8": "Nonclinical toxicology",
    "34092-7": "Clinical studies",
    "34069-5": "How supplied",
    "44425-7": "Storage and handling",
    "34076-0": "Information for patients",
    "42230-3": "Patient package insert",
    "42231-1": "Medication guide",
}
"""LOINC code to the title by which people know the section."""

REQUIRED = (INDICATIONS, DOSAGE, CONTRAINDICATIONS, WARNINGS, ADVERSE_REACTIONS)
"""A label version without these is refused; a label without a boxed warning simply has none."""

_ORDER = {code: position for position, code in enumerate(NAMES)}


def name_of(code: str) -> str:
    """Return the name of a section; an unknown code is shown as it is."""
    return NAMES.get(code, f"Section {code}")


def position_of(code: str) -> int:
    """Return the place of a section in the label; unknown ones come last."""
    return _ORDER.get(code, len(_ORDER))
