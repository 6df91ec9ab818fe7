"""From an inquiry as it was received to the question in it and a search for it.

A person writes a greeting, a story, a question, thanks and a signature; a search for all of it ranks the story.
Here the sentences that ask are found, their words sorted by what they speak of, and a search proposed whose words
rank: nothing is made a condition that a record must fulfil, so that a word too many loses no record. Every choice
is by rule, says why, and keeps its place in the verbatim; the person switches terms off and on (R52).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from inquiry_service.domain.message_parts import WORD, Part, Sentence, sentences
from inquiry_service.domain.question_terms import Lexicon, Term, TermKind, terms_in

MOST_TERMS = 24
"""Terms of a proposal; ranking looks at the rarest words, more of them only make the line unreadable."""
_NAMING = (TermKind.PRODUCT, TermKind.CONDITION)
_READ = (Part.SUBJECT, Part.ASKS, Part.TELLS)
_CLEAR = 3
"""Score from which a sentence is a question beyond doubt: a question mark, or an opening and an asking phrase."""


@dataclass(frozen=True)
class ProposedTerm:
    """A term of the proposal.

    Attributes:
        chosen: part of the proposed search; the others are offered, switched off.
        why: where it was found, in words.
    """

    term: Term
    chosen: bool
    why: str


@dataclass(frozen=True)
class Finding:
    """What was found in a message.

    Attributes:
        questions: the sentences that hold the question, best first in ``score``, in the order of the text.
        terms: in the order of the text, each subject once.
        sentences: every sentence with what it was taken for.
    """

    questions: tuple[Sentence, ...]
    terms: tuple[ProposedTerm, ...]
    sentences: tuple[Sentence, ...]

    @property
    def query(self) -> str:
        """The proposed search in the search language: the chosen terms as words that rank."""
        return compose(found.term.text for found in self.terms if found.chosen)


def find(text: str, lexicon: Lexicon | None = None) -> Finding:
    """Find the question in ``text`` and the terms to search for.

    Args:
        text: the verbatim of an inquiry or of one question; any length.
        lexicon: names of products and conditions that this installation knows.
    """
    lexicon = lexicon or Lexicon()
    every = sentences(text)
    asking = _asking(every)
    subject = [one for one in every if one.part is Part.SUBJECT and one not in asking]
    told = [one for one in every if one.part in _READ and one not in asking and one not in subject]
    proposed = _Proposal(text, lexicon)
    for chosen in asking:
        proposed.add(chosen, "in the question")
    for line in subject:
        proposed.add(line, "in the subject line")
    # A question such as "can I stop it?" means what was told before.
    proposed.add_names(told, chosen=not proposed.names_something)
    if not proposed.has_chosen:
        for sentence in (one for one in every if one.part is not Part.QUOTED):
            proposed.add(sentence, "in the message")
    if not proposed.has_chosen:
        proposed.add_every_word()
    return Finding(tuple(asking), proposed.terms(), tuple(every))


def compose(words: Iterable[str]) -> str:
    """Return terms as one search: words that rank, no operator by accident, none twice."""
    found: dict[str, str] = {}
    for term in words:
        for match in WORD.finditer(term):
            word = match[0].lower() if match[0] in ("AND", "OR", "NOT") else match[0]
            found.setdefault(word.casefold(), word)
    return " ".join(found.values())


def _asking(every: Sequence[Sentence]) -> list[Sentence]:
    """Return the sentences that ask: all clear ones, else the one that comes closest, else the subject line."""
    asks = [one for one in every if one.part is Part.ASKS]
    clear = [one for one in asks if one.score >= _CLEAR]
    if clear or asks:
        return clear or [max(asks, key=lambda one: one.score)]
    subjects = [one for one in every if one.part is Part.SUBJECT]
    if subjects:
        return subjects
    told = [one for one in every if one.part is Part.TELLS]
    return told[:1] if len(told) == 1 else []


class _Proposal:
    """Gathers terms; the first place of each subject is kept."""

    def __init__(self, text: str, lexicon: Lexicon) -> None:
        self._text, self._lexicon = text, lexicon
        self._found: dict[str, ProposedTerm] = {}

    @property
    def has_chosen(self) -> bool:
        return any(found.chosen for found in self._found.values())

    @property
    def names_something(self) -> bool:
        """Whether a product or a condition is among the terms."""
        return any(found.term.kind in _NAMING for found in self._found.values())

    def add(self, sentence: Sentence, why: str) -> None:
        """Take every term of a sentence."""
        for term in terms_in(self._text, sentence.start, sentence.end, self._lexicon):
            self._take(ProposedTerm(term, True, why))

    def add_names(self, told: Sequence[Sentence], *, chosen: bool) -> None:
        """Take the products and conditions of sentences that do not ask."""
        for sentence in told:
            for term in terms_in(self._text, sentence.start, sentence.end, self._lexicon):
                if term.kind in _NAMING:
                    self._take(ProposedTerm(term, chosen, "told beside the question"))

    def add_every_word(self) -> None:
        """The last resort: a message of nothing but courtesy is searched by its own words."""
        for match in WORD.finditer(self._text):
            self._take(ProposedTerm(Term(match[0], match.start(), match.end(), TermKind.OTHER), True,
                                    "nothing else was found"))

    def _take(self, proposed: ProposedTerm) -> None:
        chosen = sum(found.chosen for found in self._found.values())
        if chosen < MOST_TERMS or not proposed.chosen:
            self._found.setdefault(proposed.term.key, proposed)

    def terms(self) -> tuple[ProposedTerm, ...]:
        """What was gathered, in the order of the text."""
        return tuple(sorted(self._found.values(), key=lambda found: found.term.start))
