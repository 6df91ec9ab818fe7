"""Two letters with real study results (abstracts in PubMed) and a fictional company, for the rendering
tests."""

from __future__ import annotations

from datetime import UTC, date, datetime

from inquiry_service.rendering.letter_parts import (
    AddressLine,
    Block,
    BlockKind,
    Enclosure,
    Fact,
    LetterContext,
    LetterLane,
    Organisation,
    Question,
    Reference,
    Signature,
    StatusBox,
    StatusKind,
)

DIGEST = "d83620f4e49b561a" * 4
INDICATION = (
    "“Sumatriptan succinate tablets are indicated for the acute treatment of migraine attacks with or "
    "without aura in adults.”"
)
LIMITATION = (
    "“Sumatriptan succinate tablets are not intended for the prophylactic therapy of migraine or for use "
    "in the management of hemiplegic or basilar migraine (see CONTRAINDICATIONS). Safety and "
    "effectiveness of sumatriptan succinate tablets have not been established for cluster headache, "
    "which is present in an older, predominantly male population.”"
)
ORGANISATION = Organisation(
    name="Example Therapeutics", remark="demo",
    address="100 Example Street, Springfield",
    follow_up=("1-800-555-0199", "medinfo@example.com"),
    safety=("1-800-555-0198", "safety@example.com"),
    regulator_report="FDA MedWatch at 1-800-FDA-1088 or www.fda.gov/medwatch",
)
SIGNATURES = (
    Signature(
        name="Demo MI Specialist",
        credentials="PharmD",
        title="Medical Information Specialist",
        meaning="Authorship",
        signed="19 November 2026, 15:42:10 EST (UTC−05:00)",
        id="SIG-2026-000456",
        digest=DIGEST,
    ),
    Signature(
        name="Demo Medical Reviewer",
        credentials="MD",
        title="Medical Reviewer",
        meaning="Medical approval",
        signed="20 November 2026, 09:12:31 EST (UTC−05:00)",
        id="SIG-2026-000461",
        digest=DIGEST,
    ),
)

_SUMMARY = """\
Three placebo-controlled trials and four uncontrolled studies were found. Their results point in different \
directions.

### Findings in favor

- Nasal, 14 children aged 6.4 to 9.8 years: pain decreased in 12 of 14 after sumatriptan and 6 of 14 after \
placebo (*P* = .031) [@ueberall1999].
- Nasal 20 mg, adolescents: complete relief at 2 hours in 36% compared with 25% after placebo, a significant \
difference [@winner2001].
- Subcutaneous, 50 patients aged 6 to 18 years, no control group: headache fell to mild or none in 78% \
[@linder1996].

### Findings against, or uncertain

- Oral, 23 children: the primary endpoint was reached by 7 after sumatriptan and 5 after placebo (difference \
9%; 95% CI, −21 to 38; not significant) [@hamalainen1997].
- Nasal 20 mg, adolescents: the primary endpoint, relief at 2 hours (63% and 53%), only “approached \
statistical significance” [@winner2001].
- One serious adverse event, a facial-nerve ischemic event, was considered drug related in a 1-year open \
study of 437 adolescents [@rothner2001].
"""
_DATA = """\
Table 1 shows every placebo-controlled trial found, Table 2 the open studies. Alone, open studies cannot \
show an effect [@ueberall1999; @winner2001; @linder1996].

Table: Randomized, double-blind, placebo-controlled trials of sumatriptan in patients younger than 18 years

| Study and design | Patients | Intervention | Endpoint | Sumatriptan | Placebo | *P* value |
|---|---|---|---|--:|--:|--:|
| Hämäläinen et al, 1997 [@hamalainen1997], crossover | 23 children, 8.3–16.4 years | Oral; dose not \
reported | Pain down ≥ 50% at 2 h | 7 of 23 | 5 of 23 | not significant |
| Ueberall and Wenzel, 1999 [@ueberall1999], crossover | 14 children, 6.4–9.8 years | Nasal spray | Decrease \
in pain intensity | 12 of 14 | 6 of 14 | .031 |
| Winner et al, 2001 [@winner2001], parallel groups | 653 adolescents, 12–17 years | Nasal spray 20 mg | \
Relief at 2 h | 63% | 53% | see limits |

**Limits.** Two trials are very small. In the largest, the placebo response was high and relief at 2 hours \
was not ordered by dose.

Table: Open studies without a control group

| Study | Patients | Intervention | Response | Tolerability |
|---|---|---|---|---|
| Linder, 1996 [@linder1996] | 50 consecutive patients, 6–18 years | Subcutaneous 0.06 mg/kg | Mild or no \
headache in 78% | Some adverse event in 80%, usually mild |
| Rothner et al, 2001 [@rothner2001] | 437 adolescents, 12–17 years | Nasal spray 5, 10 or 20 mg for 1 year \
| Response at 2 h: 76% (10 mg), 72% (20 mg) | 16 of 437 withdrew; 1 serious event |
"""
_CONTRARY = """\
**The routes disagree.** The oral trial did not separate from placebo [@hamalainen1997].

**Dose is unsettled.** In the largest trial, relief at 2 hours differed significantly from placebo with 5 mg \
and not with 20 mg [@winner2001].

**Not found:** trials of tablets that met a primary endpoint; controlled data below 6 years; comparisons \
with other acute treatments; anything after 2003. Funding is absent from the abstracts and was not assessed.
"""


def professional_letter(**changes: object) -> LetterContext:
    """An off-label answer to a physician, complete and signed; ``changes`` replace attributes."""
    return LetterContext(**{**_PROFESSIONAL, **changes})  # type: ignore[arg-type]


def patient_letter(**changes: object) -> LetterContext:
    """A plain-language answer to a patient, complete and signed; ``changes`` replace attributes."""
    return LetterContext(**{**_PATIENT, **changes})  # type: ignore[arg-type]


_IDENTITY: dict[str, object] = {
    "organisation": ORGANISATION,
    "digest": DIGEST,
    "dated": date(2026, 11, 20),
    "generated": datetime(2026, 11, 20, 14, 12, 31, tzinfo=UTC),
    "signatures": SIGNATURES,
    "verify_at": "https://mi.example.com/verify",
}
_PROFESSIONAL: dict[str, object] = {
    **_IDENTITY,
    "lane": LetterLane.HCP,
    "letter_id": "MI-2026-000123-L1",
    "version": 3,
    "inquiry_number": "MI-2026-000123",
    "title": "Sumatriptan for acute migraine in patients younger than 18 years",
    "recipient": "Dr. Demo Pediatrician",
    "addressee": (
        AddressLine("Dr. Demo Pediatrician, MD"),
        AddressLine("Department of Pediatrics"),
        AddressLine("רחוב הרצל 12", language="he"),
        AddressLine("Springfield, IL 62701"),
    ),
    "salutation": "Dear Dr. Pediatrician,",
    "requested": date(2026, 11, 16),
    "channel": "by telephone",
    "relayed": True,
    "questions": (
        Question(
            1,
            "What is published on sumatriptan for migraine in patients younger than 18 years?",
            "Is there published evidence on sumatriptan, by any route, for migraine attacks in "
            "children and adolescents, and how well is it tolerated?",
        ),
    ),
    "status": StatusBox(
        StatusKind.NOT_APPROVED,
        "Sumatriptan tablets are not approved by the US Food and Drug Administration for patients younger "
        "than 18 "
        "years. Their safety and effectiveness in this age group have not been established.",
        (INDICATION,),
        (LIMITATION,),
        "9485cc30-15e8-4b53-876d-db317145474b",
        "12",
        date(2026, 3, 1),
    ),
    "safety": (
        Fact("Boxed warning", "None."),
        Fact("Contraindications", "Hemiplegic or basilar migraine; ischemic heart disease."),
        Fact("Warnings", "Medication overuse headache; serotonin syndrome with *SSRIs* or *SNRIs*."),
        Fact("On this question", "Pediatric use: safety and effectiveness have not been established."),
    ),
    "search": (
        Fact("Source", "Demonstration library: 671 PubMed records on triptans, 1993 to 2003"),
        Fact("Query as run", "(child* OR adolescen*) AND sumatriptan, title and abstract; 18 November 2026"),
        Fact("Result", "22 records. **Used: 5.** Not used: 17, each with its reason."),
        Fact("Not searched", "Publications after 2003, Embase, trial registers, unpublished company data."),
    ),
    "blocks": (
        Block(BlockKind.CONTRARY_EVIDENCE, "Conflicting, negative or missing evidence", _CONTRARY, (1,)),
        Block(BlockKind.SUMMARY, "Summary", _SUMMARY, (1,)),
        Block(
            BlockKind.BACKGROUND,
            "Background",
            "Oral sumatriptan is described as effective in adults; in "
            "children its efficacy is undetermined [@hamalainen1997].",
            (1,),
        ),
        Block(BlockKind.DATA, "Data and limits", _DATA, (1,)),
        Block(BlockKind.GUIDELINES, "Guidelines", "The library holds no guideline for this age group.", (1,)),
    ),
    "references": (
        Reference(
            1,
            "ueberall1999",
            "Ueberall MA, Wenzel D. Intranasal sumatriptan for the acute treatment of "
            "migraine in children. <i>Neurology</i>. 1999. PMID 10227648.",
        ),
        Reference(
            2,
            "winner2001",
            "Winner P, Rothner AD, Saper J, et al. A randomized, double-blind, "
            "placebo-controlled study of sumatriptan nasal spray in the treatment of acute migraine in "
            "adolescents. <i>Pediatrics</i>. 2000. PMID 11061765.",
            ("Funded by a manufacturer",),
        ),
        Reference(
            3,
            "linder1996",
            "Linder SL. Subcutaneous sumatriptan in the clinical setting: the first 50 "
            "consecutive patients with acute migraine. <i>Headache</i>. 1996. PMID 8783473.",
        ),
        Reference(
            4,
            "hamalainen1997",
            "Hämäläinen ML, Hoppu K, Santavuori P. Sumatriptan for migraine attacks in "
            "children: a randomized placebo-controlled study. <i>Neurology</i>. 1997. PMID 9109909.",
        ),
        Reference(
            5,
            "rothner2001",
            "Rothner AD, Winner P, Nett R, et al. One-year tolerability and efficacy of "
            "sumatriptan nasal spray in adolescents with migraine. <i>Clin Ther</i>. 2000. PMID 11192144.",
        ),
    ),
    "retractions_checked": date(2026, 11, 20),
    "enclosures": (Enclosure("Sumatriptan tablets, full prescribing information", "12", date(2026, 3, 1)),),
    "standard_responses": ("SRD-SUM-014 v2",),
    "data_cutoff": date(2026, 11, 18),
}
_PATIENT: dict[str, object] = {
    **_IDENTITY,
    "lane": LetterLane.PATIENT,
    "letter_id": "MI-2026-000131-L1",
    "version": 1,
    "inquiry_number": "MI-2026-000131",
    "title": "Can sumatriptan tablets prevent migraine?",
    "recipient": "Demo Patient",
    "addressee": (
        AddressLine("Demo Patient"),
        AddressLine("5 Example Road"),
        AddressLine("Springfield, IL 62701"),
    ),
    "salutation": "Dear Demo Patient,",
    "requested": date(2026, 11, 18),
    "channel": "by telephone",
    "questions": (
        Question(
            1,
            "Can sumatriptan tablets prevent migraine?",
            "Can I take sumatriptan tablets every day so that I do not get a migraine?",
        ),
    ),
    "status": StatusBox(
        StatusKind.NOT_APPROVED,
        "Sumatriptan tablets are for treating a migraine attack. They are not approved to prevent migraine.",
        ("The tablets are approved to treat migraine attacks in adults, with or without aura.",),
        (
            "They are not meant to prevent migraine.",
            "It is not known if they are safe or if they work for cluster headache.",
        ),
    ),
    "safety": (
        Fact("Do not take these tablets if", "you have or have had heart problems."),
        Fact("When to get help at once", "If you think you have an emergency, call 911."),
    ),
    "blocks": (
        Block(
            BlockKind.SUMMARY,
            "Summary",
            "This comes from the approved information for the tablets. "
            "Please talk to your doctor or pharmacist before you change how you take any medicine.",
            (1,),
        ),
        Block(
            BlockKind.OTHER,
            "What you can do now",
            "- Please do not start, stop or change a medicine "
            "because of this letter.\n- Read the Patient Information that we enclose.\n- Take this letter "
            "with you to your visit.\n",
            (1,),
        ),
    ),
    "enclosures": (
        Enclosure("Patient Information for sumatriptan tablets", "12", date(2026, 3, 1)),
        Enclosure("Full prescribing information", "12", date(2026, 3, 1)),
    ),
    "standard_responses": ("SRD-SUM-P03 v1",),
}
