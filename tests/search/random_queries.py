"""Random searches over an index, each asked of our postings and of Whoosh's own searcher."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from whoosh import query as whoosh_query

from inquiry_service.search.embedded.postings import Postings
from inquiry_service.search.ranking.scores import Scores, common, total, without
from inquiry_service.search.words.analysis import terms_of

FIELDS = ("text", "title", "abstract")


@dataclass(frozen=True, slots=True)
class RandomQuery:
    """Words under one operator, less those that hold another.

    Attributes:
        operator: ``OR``, ``AND`` or ``PHRASE``.
        clauses: pairs of a field and an index term; all in one field for a phrase.
        excluded: a clause that no record found may match, or None.
    """

    operator: str
    clauses: tuple[tuple[str, str], ...]
    excluded: tuple[str, str] | None = None

    def ours(self, postings: Postings) -> Scores:
        """Records and scores from the arrays."""
        if self.operator == "PHRASE":
            found = postings.phrase(self.clauses[0][0], [term for _, term in self.clauses])
        else:
            each = [postings.term(field, term) for field, term in self.clauses]
            found = common(each) if self.operator == "AND" else total(each)
        return without(found, postings.term(*self.excluded)) if self.excluded else found

    def whooshs(self, searcher: Any) -> dict[int, float]:
        """Records and scores from Whoosh's matchers."""
        terms = [whoosh_query.Term(field, term) for field, term in self.clauses]
        if self.operator == "PHRASE":
            found = whoosh_query.And([whoosh_query.Phrase(self.clauses[0][0], [term for _, term in self.clauses])])
        else:
            found = whoosh_query.And(terms) if self.operator == "AND" else whoosh_query.Or(terms)
        # Whoosh's own AndNot lets records through that it should leave out, so its two sets are subtracted here.
        excluded = set(whoosh_query.Term(*self.excluded).docs(searcher)) if self.excluded else set()
        return {hit.docnum: hit.score for hit in searcher.search(found, limit=None) if hit.docnum not in excluded}


def random_query(drawn: random.Random, words: Sequence[str]) -> RandomQuery:
    """One search for one to four of ``words``; a phrase of those that follow each other in the list."""
    operator = drawn.choice(("OR", "OR", "AND", "PHRASE"))
    if operator == "PHRASE":
        field, start, length = drawn.choice(FIELDS), drawn.randrange(len(words) - 3), drawn.randint(2, 3)
        chosen = [(field, term) for word in words[start : start + length] for term in terms_of(word)[:1]]
    else:
        drawn_words = drawn.sample(words, drawn.randint(1, 4))
        chosen = [(drawn.choice(FIELDS), term) for word in drawn_words for term in terms_of(word)[:1]]
    clauses = tuple(dict.fromkeys(chosen)) or (("text", "nothing"),)
    excluded = (drawn.choice(FIELDS), terms_of(drawn.choice(words))[:1]) if drawn.random() < 0.2 else None
    return RandomQuery(operator, clauses, (excluded[0], excluded[1][0]) if excluded and excluded[1] else None)


_PIECES = (
    "migraine", "trip*", "*", "a*", "*itis", "?", "(", ")", "((((", "))))", "AND", "OR", "NOT", '"', '"a b"', "title:",
    "year:", "year:1999..", "year:9..1", "status:x", "nosuch:", "mesh:(", ":", "..", "[a TO z]", "~2", "^3", "\\",
    "\x00", "\x1e", "\x1f", "\ud800", "TNF-α", "5-HT3", "0.5 mg/kg", "ﬁ", "İ", "ß", "中文字符", "😀", "<script>", "%s",
    "{{7*7}}", "' OR 1=1 --", "-", "--", "a" * 300, "1" * 300, "\n", "\t", " ", "=", "=word", "the", "pla*", "hea*",
)


def hostile_text(drawn: random.Random) -> str:
    """Pieces of the search language and of other languages in any order, now and then very many of one."""
    pieces = [drawn.choice(_PIECES) for _ in range(drawn.randint(1, 40))]
    if drawn.random() < 0.1:
        pieces += [drawn.choice(_PIECES)] * drawn.randint(100, 3_000)
    return drawn.choice(("", " ")).join(pieces)
