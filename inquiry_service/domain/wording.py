"""Words that a medical answer avoids or qualifies, each with the reason and a better one (R59, R60).

The lists are short on purpose: a warning that is usually wrong is soon ignored. Words with a plain clinical
meaning ("breakthrough headache", "good to excellent" on a scale) are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from inquiry_service.domain.patterns import phrases


@dataclass(frozen=True)
class Wording:
    """A pattern, why it is a problem, and what to write instead.

    Attributes:
        unless_cited: true for words that are a result when a study is named, and a claim when none is.
    """

    pattern: re.Pattern[str]
    reason: str
    suggestion: str
    unless_cited: bool = False


@dataclass(frozen=True)
class Hit:
    """Words found in a sentence, with the entry that found them."""

    words: str
    reason: str
    suggestion: str


_THING = "(?:treatment|therapy|medicine|medication|drug|product|agent|triptan|option|choice|brand)"
_HARM = "(?:side[- ]effects|adverse (?:effects|events|reactions))"
_COUNTED = (
    "(?:was|were|are|has|have|had|occurred|reported|observed|seen|noted|found|developed|recorded|involving|data)"
)

PROMOTIONAL: tuple[Wording, ...] = (
    Wording(
        phrases(
            r"(?<!is )(?<!are )(?<!be )best"
            r"(?!\s+(?:supportive|corrected|available|evidence|interests?|practice|fit|estimate))",
            "most (?:effective|potent|powerful|successful|advanced|convenient|reliable|trusted)",
        ),
        "is a superlative", "Give the result and its comparator instead."),
    Wording(
        phrases(
            rf"(?:leading|premier|number one|no\. ?1|first-choice|preferred) {_THING}",
            f"{_THING} of choice",
            "gold[- ]standard(?! (?:for |of )?(?:diagnos|test|method|measure))",
        ),
        "ranks the product", "State what was compared and what was found."),
    Wording(
        phrases(
            r"breakthrough(?!\s+(?:headache|pain|bleeding|seizure|attack|symptom|infection|migraine|cancer))",
            r"revolutionary|revolutioni[sz]e\w*|game[- ]chang\w+|miracle",
            "state[- ]of[- ]the[- ]art|cutting[- ]edge|world[- ]class|next[- ]generation",
            "unparalleled|unrivall?ed|unmatched|unsurpassed",
        ),
        "is promotional", "Leave it out."),
    Wording(
        phrases(
            "outstanding|remarkabl[ey]|superb",
            "impressive(?:ly)?|spectacular(?:ly)?",
            "exceptional (?:efficacy|results?|tolerability|benefit)",
            r"dramatic(?:ally)? (?:improv|reduc|reliev|better|effective)\w*",
            "(?<!good to )(?<!good or )excellent "
            "(?:efficacy|tolerability|results?|safety|profile|choice|option|response)",
        ),
        "praises instead of reporting", "Give the figure with its interval."),
    Wording(
        phrases(
            "(?:clinically |well[- ])?proven "
            "(?:efficacy|effective|safe|safety|benefit|results?|relief|treatment)",
            r"guarante\w+|undoubtedly|without (?:a )?doubt",
            "clearly (?:effective|superior|better|safe)",
        ),
        "claims certainty", "Say what was shown, in whom, and with which uncertainty."),
    Wording(
        phrases(
            "(?:highly|extremely|very|exceptionally|remarkably) "
            "(?:effective|safe|well[- ]tolerated|efficacious)",
        ),
        "strengthens a claim without a figure", "Give the figure and the comparator."),
    Wording(
        phrases(
            rf"(?:no|without|free (?:of|from)) (?:any )?{_HARM}(?![^.;]{{0,90}}\b{_COUNTED}\b)",
            "risk[- ]free|harmless|(?:completely|totally) safe",
        ),
        "denies risk", "Say which adverse events were looked for and how many were seen.", unless_cited=True),
    Wording(
        phrases(
            "fast[- ]acting|convenient|easy[- ]to[- ]use|trusted",
            "powerful (?:relief|effect|treatment|efficacy)",
            "ideal (?:treatment|therapy|choice|option|candidate|drug|medicine)",
            "unique (?:benefit|advantage|profile|efficacy|combination of)",
        ),
        "is advertising language", "Leave it out, or give the measured value."),
)

ADVICE: tuple[Wording, ...] = (
    Wording(
        phrases(
            "(?:your|this|the) patient (?:should|must|needs? to|ought to|can safely|may safely|will benefit)",
            "in (?:your|this) (?:patient|case|situation),? "
            r"(?:\w+ ){0,4}(?:is|are|would be|can be|should be) (?:an? )?"
            "(?:appropriate|safe|suitable|indicated|recommended|reasonable|advisable|good)",
        ),
        "judges an individual case", "Report the data and leave the decision to the clinician."),
    Wording(
        phrases(
            "(?:we|I) (?:would )?(?:recommend|advise|suggest)(?! that you (?:read|consult|contact|refer))",
        ),
        "gives a recommendation", "Report what the label or the study says."),
    Wording(
        phrases(
            r"you (?:should|must|ought to|need to|can safely|may safely) (?:\w+ )?"
            "(?:take|stop|start|use|increase|reduce|double|skip|switch|prescribe|give|continue|avoid|change|"
            "try|wait)",
        ),
        "tells the reader what to do", "Give the label's words and refer to the treating clinician."),
    Wording(
        re.compile(
            r"(?:^|[.;:] )(?:take|start (?:with|at)|begin with|increase|double|switch to|give|prescribe|titrate) "
            r"(?:\w+ ){0,5}\d[\d.]* ?(?:mg|tablets?|doses?|ml)\b", re.IGNORECASE),
        "is a dosing instruction", "Write “the label states …” and quote it."),
)

NUDGE: tuple[Wording, ...] = (
    Wording(
        phrases(
            r"ask (?:your|a) (?:doctor|physician|prescriber|pharmacist|nurse|clinician)\b[^.;]{0,40}?"
            r"\b(?:for (?!advice|help|information)\w+|to prescribe|to switch|to give you"
            r"|(?:if|whether) \w+ (?:is|could be) right)",
            r"(?:request|demand|insist on|get) (?:a prescription|\w+triptan)",
        ),
        "nudges the reader to ask for a medicine", "Write “speak to your doctor or pharmacist”."),
)

# Lengths are bounded: a pasted run of opening quotes would otherwise take quadratic time.
_QUOTED = re.compile(r"“[^“”]{0,400}”|\"[^\"]{0,400}\"")
_CLAIM = phrases(
    r"(?<!not )safe(?! (?:use|disposal|storage|handling|and effective use))",
    "(?<!cost-)(?<!cost )effective"
    "(?! (?:date|from|on|as of|immediately|dose|concentration|half-life|contracepti))",
    "efficacious",
    "well[- ]tolerated",
)
_QUALIFIED = phrases(
    "not|no|nor|neither|unknown|whether|if|unclear|uncertain|insufficient",
    r"(?:authors?|investigators?|reviewers?|researchers?) (?:\w+ ){0,2}"
    r"(?:conclu|describ|consider|judg|stat|report|suggest|call)\w*",
    "(?:was|is|were|are|has been) (?:described|reported|considered|judged|rated) (?:as|to be)",
    "described as|reported as|by (?:the|its|their) authors?|according to",
    "(?:more|less) effective than|as effective as",
    r"(?<!-)(?<!open )(?<!off )label\w*|prescribing information",
    outside=r"[“\"][^”\"]{0,200}(?:safe|effective|tolerated)[^”\"]{0,200}[”\"]|\d ?%|\bP ?[<=]|\b95 ?% ?CI\b",
)

_COMPARATIVE = phrases(
    "superior to|inferior to|better than|worse than",
    r"(?:more|less) (?:\w+ )?(?:effective|efficacious|potent|tolerable|safe|rapid|frequent|common)\w* than",
    r"(?:faster|quicker|safer|stronger|longer|lower|higher|fewer \w+(?: \w+)?) (?:\w+ ){0,4}than",
    r"outperform\w*|advantages? over|unlike other|compares favou?rably",
)
_OWN_COMPARATOR = phrases(
    "placebo|baseline|control(?:s| group)?|no treatment",
    r"the (?:lower|lowest|higher|highest) dose|\d+[- ]?mg",
    "adults?|children|adolescents?|men|women|males?|females?",
    "before|in the first|usual|expected|normal|non-?menstrual|reported by",
    r"\d+ (?:hours?|h|years?|days?|months?|weeks?)",
)


def hits(lexicon: tuple[Wording, ...], words: str, *, cited: bool = False) -> Iterator[Hit]:
    """Yield each entry of ``lexicon`` that matches ``words``, once.

    Args:
        words: a sentence. cited: whether it names a source; then what stands in quotation marks is the
            source's and not the letter's.
    """
    own = _QUOTED.sub(" … ", words) if cited else words
    for entry in lexicon:
        match = None if cited and entry.unless_cited else entry.pattern.search(own)
        if match:
            yield Hit(match[0].strip(" .;:"), entry.reason, entry.suggestion)


def unqualified_claim(words: str) -> str:
    """Return "safe", "effective" or "well tolerated" where it stands bare: no source, figure or denial."""
    match = _CLAIM.search(words)
    return match[0] if match and not _QUALIFIED.search(words) else ""


def comparative_claim(words: str) -> str:
    """Return the words of a comparison with something else than placebo, a dose or a group, else ""."""
    match = _COMPARATIVE.search(words)
    return match[0] if match and not _OWN_COMPARATOR.search(words[match.start():]) else ""
