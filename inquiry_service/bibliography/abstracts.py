"""Abstracts in sections: set apart the parts that vendors run together, each with its own label.

Nothing but white space changes, apart from headings in HTML, whose text becomes the label.
"""

from __future__ import annotations

import re

from inquiry_service.bibliography.normalise import clean_paragraphs, strip_markup

# Labels in capitals are recognised by their look, others by their words.
_WORDS = (
    r"(?:Background|Introduction|Context|Importance|Rationale|Objectives?|Aims?|Purpose|Hypothesis|(?:Study )?[Dd]esign"
    r"|Settings?|Participants|Patients|Subjects|Interventions?|Exposures?|Methods?|Methodology|Materials?|Outcomes?"
    r"|Main [Oo]utcomes?(?: [Mm]easures?| and [Mm]easures?)?|Measurements?|Data [Ss]ources|Study [Ss]election"
    r"|Data [Ee]xtraction|Data [Ss]ynthesis|Results?|Findings|Discussion|Limitations?|Conclusions?|Interpretation"
    r"|Relevance|Significance|Funding|Trial [Rr]egistration|[Mm]ethods|[Rr]elevance|[Ss]etting|[Pp]articipants)"
)
_LABEL = rf"(?:[A-Z][A-Z &/,()-]{{3,60}}|{_WORDS}(?:(?: and | ?[&/] ?|, ){_WORDS}){{0,3}})"
_LEADING = re.compile(rf"{_LABEL}: ")
_NEXT = re.compile(rf"(?<=[.!?)\]%]) (?={_LABEL}: )")
# <h4>Background</h4>Text, as Europe PMC writes it, and <b>Background:</b>Text.
_HEADING = re.compile(r"\s{0,20}<(h[1-6])>\s*([^<>]{3,80}?)\s*:?\s*</\1>\s*:?\s*", re.IGNORECASE)
_BOLD = re.compile(rf"\s{{0,20}}<(b|strong)>\s*({_LABEL}):?\s*</\1>\s*:?\s*")


def sectioned(text: str, *, has_markup: bool = True) -> str:
    """Clean an abstract and begin each labelled section with a paragraph of its own.

    Only an abstract that begins with a label (in capitals, or one of the usual words) is split, and only after the
    end of a sentence, so that ``... in COPD: a trial`` stays whole.

    Args:
        text: the abstract as the source has it.
        has_markup: tags and character references in it are notation, not text.
    """
    if has_markup:
        text = strip_markup(_BOLD.sub(r"\n\n\2: ", _HEADING.sub(r"\n\n\2: ", text)))
    text = clean_paragraphs(text)
    return _NEXT.sub("\n\n", text) if _LEADING.match(text) else text
