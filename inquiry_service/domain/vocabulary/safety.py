"""Adverse events, special situations, complaints."""

from __future__ import annotations

from inquiry_service.domain.vocabulary.term import Term


class ScreenAnswer(Term):
    """Answer to an adverse event, special situation or complaint screen (R34)."""

    NONE = "none", "No"
    YES = "yes", "Yes or possible"


class Seriousness(Term):
    """Seriousness criteria of a reaction."""

    DEATH = "death", "Death"
    LIFE_THREATENING = "life_threatening", "Life-threatening"
    HOSPITALISATION = "hospitalisation", "Hospitalisation or its prolongation"
    DISABILITY = "disability", "Disability or incapacity"
    CONGENITAL_ANOMALY = "congenital_anomaly", "Congenital anomaly"
    INTERVENTION = "intervention", "Needed intervention"
    OTHER_IMPORTANT = "other_important", "Other medically important"


class SpecialSituation(Term):
    """Situations to be captured even without a reaction (R37)."""

    PREGNANCY_EXPOSURE = "pregnancy_exposure", "Exposure in pregnancy (also via the father)"
    LACTATION_EXPOSURE = "lactation_exposure", "Exposure through breast milk"
    PAEDIATRIC_USE = "paediatric_use", "Use in a child"
    ELDERLY_USE = "elderly_use", "Use in an elderly person"
    OVERDOSE = "overdose", "Overdose"
    ABUSE = "abuse", "Abuse"
    MISUSE = "misuse", "Misuse"
    MEDICATION_ERROR = "medication_error", "Medication error"
    OCCUPATIONAL_EXPOSURE = "occupational_exposure", "Occupational exposure"
    LACK_OF_EFFECT = "lack_of_effect", "Lack of effect"
    OFF_LABEL_USE = "off_label_use", "Off-label use"
    INFECTION_TRANSMISSION = "infection_transmission", "Suspected transmission of an infection"
    FALSIFIED_PRODUCT = "falsified_product", "Falsified product"
    UNEXPECTED_BENEFIT = "unexpected_benefit", "Unexpected benefit"


class BranchState(Term):
    """State of a safety or quality branch beside the inquiry (R47)."""

    SUSPECTED = "suspected", "Not handed over yet"
    FORWARDED = "forwarded", "Handed over"
    ACKNOWLEDGED = "acknowledged", "Receipt confirmed"
