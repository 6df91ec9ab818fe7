"""MeSH headings as records carry them: without qualifiers and stars, in natural order, without those of every study.

MEDLINE writes ``Diabetes Mellitus, Type 2/*drug therapy``: the descriptor in inverted order, a qualifier behind the
stroke, and a star before what the paper is mainly about.
"""

from __future__ import annotations

from collections.abc import Iterable

_STAR, _STROKE, _COMMA = "*", "/", ", "
_CHECK_TAGS = """
    Humans|Human|Animals|Animal|Male|Female|Pregnancy|Infant, Newborn|Infant|Child, Preschool|Child|Adolescent|
    Adolescence|Young Adult|Adult|Middle Aged|Middle Age|Aged|Aged, 80 and over|Cats|Cattle|Chick Embryo|Dogs|
    Guinea Pigs|Cricetinae|Hamsters|Mice|Rabbits|Rats|Swine|In Vitro Techniques|In Vitro|Comparative Study|
    United States|Men|Women
"""
_OF_STUDIES = """
    Treatment Outcome|Follow-Up Studies|Double-Blind Method|Single-Blind Method|Cross-Over Studies|Time Factors|
    Prospective Studies|Retrospective Studies|Cohort Studies|Case-Control Studies|Cross-Sectional Studies|
    Longitudinal Studies|Pilot Projects|Feasibility Studies|Multicenter Studies as Topic|Clinical Trials as Topic|
    Randomized Controlled Trials as Topic|Controlled Clinical Trials as Topic|Meta-Analysis as Topic|Risk Factors|
    Reproducibility of Results|Sensitivity and Specificity|Predictive Value of Tests|Statistics as Topic|
    Random Allocation|Research Design|Surveys and Questionnaires|Data Interpretation, Statistical|Risk Assessment|
    Drug Administration Schedule|Dose-Response Relationship, Drug|Age Factors|Sex Factors|Age Distribution|
    Sex Distribution|Incidence|Prevalence|Prognosis|Severity of Illness Index|Placebos|Evidence-Based Medicine
"""


def _listed(text: str) -> frozenset[str]:
    return frozenset(heading.strip().lower() for heading in text.split("|"))


_SAYS_NOTHING = _listed(_CHECK_TAGS) | _listed(_OF_STUDIES)
"""MEDLINE's check tags, and headings that tell how was studied and not what."""


def topics(mesh: Iterable[str]) -> tuple[str, ...]:
    """What a record is about: its major topics if any are marked, all its headings otherwise; each one once.

    >>> topics(["Humans", "Diabetes Mellitus, Type 2/*drug therapy", "Metformin/therapeutic use"])
    ('Diabetes Mellitus, Type 2',)
    """
    headings = list(mesh)
    return descriptors([heading for heading in headings if _STAR in heading] or headings)


def descriptors(mesh: Iterable[str]) -> tuple[str, ...]:
    """The headings without qualifiers and stars, each one once, without check tags and those of every study."""
    plain = dict.fromkeys(heading.replace(_STAR, "").split(_STROKE, 1)[0].strip() for heading in mesh)
    return tuple(heading for heading in plain if heading and heading.lower() not in _SAYS_NOTHING)


def natural_order(heading: str) -> str:
    """A heading as one would say it.

    >>> natural_order("Lupus Erythematosus, Systemic")
    'Systemic Lupus Erythematosus'
    """
    return " ".join(reversed(heading.split(_COMMA)))
