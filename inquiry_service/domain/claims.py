"""Which sentences state a fact about a study or the world, and so need a reference (R56).

A rule of thumb, kept where people can read it. A sentence counts as factual when it holds a figure, a
comparison, an outcome verb, a statement of frequency, or speaks of what a study did or showed. Not counted:

- statements of the label, which goes with every letter as an enclosure;
- statements about the search and what it did not find: the recorded search stands behind them;
- statements about the letter itself, questions, a bold lead-in, and a line that ends in a colon;
- figures that measure nothing: dates, years, telephone numbers, sections, tables, receptor names.

It misses plain general statements without any of these marks; the reviewer reads those.
"""

from __future__ import annotations

import re

from inquiry_service.domain.patterns import phrases
from inquiry_service.domain.sentences import Sentence

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_NO_MEASURE = phrases(
    rf"\d{{1,2}} {_MONTH} \d{{4}}",
    rf"{_MONTH} \d{{1,2}}, \d{{4}}",
    rf"{_MONTH} \d{{4}}",
    r"\d{4}-\d\d-\d\d",
    r"(?:19|20)\d\d(?:\s*(?:to|[-–])\s*(?:19|20)\d\d)?",
    r"1-8\d\d-[\w-]+",
    r"\d{3}-\d{3}-\d{4}",
    r"(?:sections?|tables?|figures?|questions?|references?|versions?|items?|part|appendix)\s+\d+(?:\.\d+)*",
    r"PMID\s*\d+",
    r"MI-\d{4}-\d+",
    r"5-HT\S*",
    r"[A-Za-z]+-?\d+[A-Za-z0-9/]*",
)
_FIGURE = re.compile(r"\d")
_NUMBER_OF = phrases(
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|no|several|few|many|most|both|half)\s+"
    r"(?:\w+[ -]){0,3}?"
    r"(?:stud(?:y|ies)|trials?|patients?|women|men|children|adolescents?|subjects?|volunteers?|cases?|reports?|"
    r"participants?|attacks?|events?)",
)
_COMPARISON = phrases(
    r"compared (?:with|to)",
    r"versus|vs|than",
    r"superior|inferior|comparable",
    r"similar(?:ly)? to",
    r"no (?:significant )?differences?",
    r"significant(?:ly)?",
    r"differ(?:s|ed)? from",
    r"as (?:effective|well) as",
)
_OUTCOME = phrases(
    r"reduc(?:ed|es|tion)|decreas(?:ed|es?)|lowered|shorten(?:ed|s)?",
    r"increas(?:ed|es?)|raised|prolong(?:ed|s)",
    r"improv(?:ed|es|ement)|reliev(?:ed|es)|resolved|prevented",
    r"occur(?:red|s)|recur(?:red|rence|rences)|developed|experienced",
    r"incidence|prevalence|fatal(?:ities)?|died|withdrew",
    r"reported|observed|found|show(?:ed|s|n)|demonstrat(?:ed|es)",
    r"suggest(?:s|ed)|conclud(?:ed|es)",
    r"associated with|attributed to|caused|led to|induc(?:ed|es)",
    r"respon(?:ded|ses?|se rates?)|tolerated",
    r"enrolled|randomi[sz]ed",
    r"metaboli[sz]ed|crosses|inhibit(?:ed|s)|exert(?:ed|s)|alter(?:ed|s)|affect(?:ed|s)",
    r"not affect",
    r"effective|efficacious|well[- ]tolerated",
)
_STUDY = phrases(
    r"pilot|open[- ]label|double[- ]blind",
    r"placebo(?:-controlled)?",
    r"cohort|case-control|cross-?over",
    r"registr(?:y|ies)|meta-analysis",
    r"retrospective(?:ly)?|prospective(?:ly)?",
)
_FREQUENCY = phrases(
    r"commonly|often|frequent(?:ly)?|rare(?:ly)?|usually|typically|predominantly",
    r"in most|more likely|less likely",
)
_LABEL = phrases(
    r"(?<!-)(?<!open )(?<!off )(?:label(?:l?ing)?|labell?ed)",
    r"prescribing information|package insert",
    r"patient information|approved information",
)
_LABEL_WORDS = phrases(
    r"(?:not )?approved",
    r"(?:contra)?indicated|indications?",
    r"not intended|must not be (?:used|taken)",
    r"ha(?:ve|s) not been established",
)
_SEARCH = phrases(
    r"not found|found no|holds? no|did not find",
    r"(?:no|none)\b[^.;]{0,160}\b(?:was|were) (?:found|identified|located|retrieved)",
    r"searched|the (?:literature )?search|this search|the library",
    r"(?:trials|studies|publications|records)\b[^.;]{0,40}\bwere (?:also )?found",
)
_LETTER = phrases(
    r"this (?:letter|response|reply)",
    r"we (?:answer|enclose|include|have included|list)",
    r"you (?:asked|may|can)",
    r"please",
    r"table \d+ (?:lists|shows|gives)",
    r"not (?:reported|included|discussed) here",
)
_MARKS = (_NUMBER_OF, _COMPARISON, _OUTCOME, _STUDY, _FREQUENCY)


def states_a_fact(sentence: Sentence) -> bool:
    """Say whether the sentence needs a reference, by the rule of thumb on top of this module."""
    if _is_exempt(sentence):
        return False
    return _has_figure(sentence.words) or any(mark.search(sentence.words) for mark in _MARKS)


def states_the_label(words: str) -> bool:
    """Say whether a sentence reports what the label says, rather than what a study found."""
    if _LABEL.search(words):
        return True
    return bool(_LABEL_WORDS.search(words)) and not (_STUDY.search(words) or "%" in words)


def _has_figure(words: str) -> bool:
    return bool(_FIGURE.search(_NO_MEASURE.sub(" ", words)))


def _is_exempt(sentence: Sentence) -> bool:
    words = sentence.words
    if words.endswith("?") or len(words.split()) < 3:
        return not sentence.row
    if (words.endswith(":") or sentence.lead) and not _has_figure(words):
        return True
    return states_the_label(words) or bool(_SEARCH.search(words) or _LETTER.search(words))
