"""What counts how much in a ranking, each chosen by measurement (docs/search.md); 0 switches a part off."""

from __future__ import annotations

from dataclasses import dataclass

RANKING = "BM25F, synonyms, second look; version 3"
"""Named in every result, so that a recorded search (R52) says how it was ranked."""


@dataclass(frozen=True, slots=True)
class Weights:
    """The weights, all beside 1 for a word of the search in the text of a record.

    Attributes:
        title: the same word in the title, on top.
        full_text: the same word in the full text: a paper mentions much that it is not about.
        light_words: a word of nearly every question, in a question as it was asked; 1 counts it as any other.
        synonym: another word for the same; of several in one record the best one counts, and
        synonyms: this part of all of them on top: a paper that compares three triptans says more of triptans than
            one that names one.
        feedback: in a question, the most telling word that its best records share.
    """

    title: float = 0.5
    full_text: float = 0.3
    light_words: float = 0.5
    synonym: float = 0.8
    synonyms: float = 0.3
    feedback: float = 0.5


MEASURED = Weights()
"""The weights in use."""
