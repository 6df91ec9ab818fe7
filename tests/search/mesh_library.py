"""A made-up library whose titles say one thing in everyday words and whose MeSH headings say it in another.

The expressions and headings are invented, so that no list that comes with the product knows them.
"""

from __future__ import annotations

import random
from dataclasses import replace

from inquiry_service.search.port import IndexDocument

NAMED = {
    "marsh cough": "Pneumonitis, Palustrine",
    "tin elbow": "Stannosis",
    "glass hair": "Trichohyalosis",
    "humming in the knees": "Genubombus",
    "weaver's thumb": "Pollex Textorum",
    "moonburn": "Erythema, Lunar",
    "sleepwhistling": "Hypnosyrinx",
    "blue yawn": "Oscitation, Cyanotic",
    "ladder sickness": "Climacopathy",
    "button nails": "Onychofibulosis",
    "chalk tongue": "Glossocretism",
    "parrot voice": "Psittacophonia",
    "wooden ankle": "Talolignosis",
    "lamp fever": "Pyrexia, Lucernal",
    "salt dreams": "Halonirosis",
}
"""Expression -> heading."""
PER_HEADING, SAYING_SO = 20, 12
"""Records under each heading, and those of them whose title has the expression; the others speak of it otherwise."""
_FRAMES = (
    "Management of {} in primary care", "{}: a randomised trial of two regimens", "Severe {} and hospital admission",
    "Quality of life with {}", "{} in older adults", "A survey of {} among nurses", "Costs of {}",
)  # fmt: skip
_BESIDE = (
    "Quality of Life", "Primary Health Care", "Hospitalization", "Health Care Costs", "Nurses", "Polypharmacy",
    "Emergency Service, Hospital", "Patient Compliance", "Drug Interactions",
)  # fmt: skip
_UNSPECIFIC = "the condition"


def mesh_library(*, shuffled: int | None = None) -> list[IndexDocument]:
    """300 records, every one with a heading of ``NAMED``, others beside it and check tags.

    Args:
        shuffled: seed by which the headings are dealt out to any records: they tell nothing then.
    """
    chance = random.Random(11)
    documents = []
    for (expression, heading), place in ((pair, place) for pair in NAMED.items() for place in range(PER_HEADING)):
        subject = expression if place < SAYING_SO else _UNSPECIFIC
        beside = [f"*{other}" if chance.random() < 0.3 else other for other in chance.sample(_BESIDE, 3)]
        documents.append(IndexDocument(
            record_id=f"{heading}-{place}", version=1, title=chance.choice(_FRAMES).format(subject).capitalize(),
            mesh=("Humans", f"{heading}/*drug therapy", *beside, "Adult"), year=2020,
        ))  # fmt: skip
    if shuffled is None:
        return documents
    dealt = [document.mesh for document in documents]
    random.Random(shuffled).shuffle(dealt)
    return [replace(document, mesh=mesh) for document, mesh in zip(documents, dealt, strict=True)]
