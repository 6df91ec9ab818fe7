"""An inquiry as it was received, cut into sentences: which ask, which tell, which are only courtesy.

Works on e-mails and dictated notes alike: labels (``SUBJECT:``), greetings, sign-offs, contact details and quoted
replies are told apart by their form; nothing is thrown away, every part keeps its offsets into the verbatim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from inquiry_service.domain.patterns import phrases
from inquiry_service.domain.question_words import FILLER, FUNCTION


class Part(StrEnum):
    """What a sentence of a message does."""

    SUBJECT = "subject"
    ASKS = "asks"
    TELLS = "tells"
    COURTESY = "courtesy"
    QUOTED = "quoted"
    SIGNATURE = "signature"


@dataclass(frozen=True)
class Sentence:
    """One sentence.

    Attributes:
        start, end: offsets into the verbatim, the end excluded; ``text`` is the verbatim between them.
        part: what it does; why: in words, for a person who asks why it was (not) taken.
        score: how clearly it asks, 0 for one that does not.
    """

    text: str
    start: int
    end: int
    part: Part
    why: str
    score: int = 0


WORD = re.compile(r"[^\W_]+(?:(?:[-'’/]|(?<=\d)[.,](?=\d))[^\W_]+)*")

_LABEL = re.compile(
    r"(?m)(?:^|(?<=\s))(?P<name>subject|betreff|re|fwd?|message|nachricht|question|query|inquiry)[ \t]*:[ \t]*",
    re.IGNORECASE)
_QUOTE_BEGINS = re.compile(
    r"(?mi)^[ \t]*(?:-{2,}[ \t]*(?:original|forwarded) message.*|on .{6,80} wrote:|from:[ \t].*\n(?:sent|date|to):.*)$")
_QUOTED_LINE = re.compile(r"[ \t]*>")
_BREAK = re.compile(
    r"[?!]+[\"”’')]*"
    r"|\.{1,}[\"”’')]*(?=\s|\Z)"
    r"|(?<=[a-z)])\.(?=[A-Z][a-z])|(?<=[A-Z]{3})\.(?=[A-Z]{2})"
    r"|(?<=[a-z]{2})\.(?=(?:i|is|what|how|can|pls|please|we|my|he|she|so|and|but|if|in|it|the)\b)"
    r"|[ \t]*\r?\n[ \t]*\r?\n\s*"
    r"|\r?\n(?=[ \t]*(?:[A-Z0-9*•+>\-\[]|$))"
    r"|(?<=[a-z]{3});(?=\s)")
_ABBREVIATION = re.compile(
    r"(?:^|[\s(])(?:e\.g|i\.e|vs|dr|mr|mrs|ms|prof|no|st|approx|ca|resp|incl|max|min|vol|[A-Za-z]|[a-z]\.[a-z])\.\Z",
    re.IGNORECASE)

_SIGN_OFF = re.compile(
    r"[\s\-–—]*(?:(?:with\s+)?(?:kind|best|warm(?:est)?|many|my)?\s*regards|(?:yours\s+)?(?:sincerely|faithfully|truly)"
    r"|yours\s+\w+|best(?:\s+wishes)?|cheers|respectfully(?:\s+yours)?|cordially|--+)[\s,.!\-–]*"
    r"(?:\S+\s*){0,4}\Z", re.IGNORECASE)
_GREETING = re.compile(
    r"\s*(?:dear|hello|hi|hey|greetings|good\s+(?:day|morning|afternoon|evening)|to\s+whom\s+it\s+may\s+concern)\b",
    re.IGNORECASE)
_THANKS = re.compile(
    r"\b(?:thanks|thank\s*you|thanking\s+you|thx|appreciated?|grateful|god\s+bless)\b", re.IGNORECASE)
_CONTACT = re.compile(
    r"\[(?:contact|name|location|date)\]|[\w.+-]+@[\w-]+\.\w+|https?://\S+|www\.\S+|(?:\+|\b)\d[\d ()/-]{6,}\d",
    re.IGNORECASE)
_LONGEST_HEADING = 9
_SPEAKING = frozenset(
    {"i", "my", "me", "we", "our", "you", "he", "she", "his", "her", "is", "am", "was", "has", "had"})
_INTRODUCTION = phrases(r"my name is", r"i am (?:a|an) (?:student|nurse|pharmacist|physician|doctor|mother|father)")

_WANTED = (
    "info|information|literature|data|studies|references|articles|research|advice|evidence|experience|"
    "recommendations?")
_SAYING = "tell|help|provide|explain|send|suggest|advi[sc]e|recommend|let|give|direct|discuss|describe|share"
_SAYS_SO = phrases(
    "(?:would|i'?d|id) (?:also |really |just )?(?:like|love|want) to (?:know|ask|find|learn|understand|[ie]nquire)",
    "(?:want|wanted|need|wish|trying|hoping|like) to (?:know|learn|find out|ask|understand)",
    "(?:interested|like) (?:in )?(?:to learn|learning|knowing|finding|to know)",
    "(?:was|am|are|were|been|just|i) wondering", "(?:i|and|but) wonder", "my (?:medical |other |second )?question",
    f"(?:please|kindly|pls|plz) (?:can you |could you )?(?:{_SAYING}|inform|clarify|answer)",
    f"(?:can|could|would|will) you (?:please |kindly )?(?:{_SAYING})",
)
"""By such words a sentence says of itself that it asks."""
_ASKING = phrases(
    "(?:need|want|require)s? (?:[a-z]+ )?(?:treatments?|cure|remedy|medicines?|medication|doctor|surgery)",
    "(?:looking|searching|look|search|asking) (?:for|into)", "(?:the|one|a|another) (?:medical )?question",
    "(?:any|more|some|further|additional|get|find|obtain|provide|need|want|have|receive|send me|seeking|the latest|"
    f"all) (?:[a-z]+ )?(?:{_WANTED})",
    "(?:information|info|data|literature|evidence|details) (?:on|about|regarding|concerning|for)",
    "(?:is|are) there (?:a|an|any|some|other)?", "do you (?:have|know|recommend)",
    "tell me", "let me know", "interested in",
    "is it (?:possible|ok|okay|safe|true|normal|necessary|advisable|harmful)",
    "(?:what|how|which|why|when|where|whether) (?:is|are|do|does|did|can|could|should|would|to|if|about|much|many|long|"
    "often|kind|type|causes?|was|were|will|might|may|has|have)",
)
"""By such words it may ask."""
_OPENS = re.compile(
    r"[\s\-•*\d.)(]*(?:(?:and|but|so|also|or|if so|then|please|hello|hi|dear sir|sir),?\s+)?"
    r"(?:what|how|which|why|when|where|who|whose|is|are|isn't|aren't|can|could|does|do|doesn't|did|should|will|would|may|"
    r"might|has|have|was|were|any|whats|what's|hows|how's|am i)\b", re.IGNORECASE)
_OPENING_ORDER = re.compile(r"\s*(?:have|has|was|were|do|any|will|is|may|might|can)\b", re.IGNORECASE)


def sentences(text: str) -> list[Sentence]:
    """Cut ``text`` into its sentences, in order; white space between them belongs to none.

    Args:
        text: the message as received.
    """
    quoted_from = _quote_start(text)
    found: list[Sentence] = []
    signed = False
    for start, end, label in _pieces(text):
        sentence = _classified(text[start:end], start, end, label, quoted=start >= quoted_from, first=not found)
        if signed and sentence.part in (Part.TELLS, Part.COURTESY) and len(WORD.findall(sentence.text)) <= 12:
            sentence = Sentence(sentence.text, start, end, Part.SIGNATURE, "stands below the sign-off")
        signed = signed or sentence.part is Part.SIGNATURE
        signed = signed and sentence.part not in (Part.ASKS, Part.TELLS)
        found.append(sentence)
    return found


def content_words(text: str) -> list[str]:
    """Return the words of ``text`` that are neither grammar nor courtesy, in small letters."""
    words = (match[0].lower().replace("’", "'") for match in WORD.finditer(text))
    return [word for word in words if len(word) > 1 and word not in FUNCTION and word not in FILLER
            and not word.isdigit()]


def _quote_start(text: str) -> int:
    match = _QUOTE_BEGINS.search(text)
    # A message that begins with the mark was forwarded: then what follows is all there is.
    return match.start() if match and content_words(text[:match.start()]) else len(text) + 1


def _pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, label) of the sentences; the label is that of the line it stands under."""
    label, cursor, line_end = "", 0, 0
    for match in [*_LABEL.finditer(text), None]:
        limit = match.start() if match else len(text)
        for start, end in _split(text, cursor, limit):
            yield start, end, label if start < line_end else ""
        if match:
            label, cursor = match["name"].lower(), match.end()
            line_end = text.find("\n", cursor) if "\n" in text[cursor:] else len(text)


def _split(text: str, start: int, limit: int) -> Iterator[tuple[int, int]]:
    for match in _BREAK.finditer(text, start, limit):
        if match.start() < start or (match[0][0] == "." and _ABBREVIATION.search(text[start:match.end()])):
            continue
        end = match.end() if match[0][0] in "?!." else match.start()
        yield from _trimmed(text, start, end)
        start = match.end()
    yield from _trimmed(text, start, limit)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    if end > start:
        yield start, end


def _classified(text: str, start: int, end: int, label: str, *, quoted: bool, first: bool) -> Sentence:
    part, why, score = _read(text, label, quoted=quoted, first=first)
    return Sentence(text, start, end, part, why, score)


def _is_heading(text: str) -> bool:
    words = [match[0].lower() for match in WORD.finditer(text)]
    return len(words) <= _LONGEST_HEADING and not _SPEAKING.intersection(words) and bool(content_words(text))


def _read(text: str, label: str, *, quoted: bool, first: bool) -> tuple[Part, str, int]:
    if quoted or _QUOTED_LINE.match(text):
        return Part.QUOTED, "belongs to an earlier message", 0
    courtesy = _courtesy(text)
    score, why = _asks(text)
    if courtesy and not (score and content_words(_without_courtesy(text))):
        return courtesy
    if label in ("subject", "betreff", "re", "fw", "fwd"):
        return Part.SUBJECT, "the subject line", score
    if score and content_words(text):
        return Part.ASKS, why, score
    if first and _is_heading(text):
        return Part.SUBJECT, "stands above the message like a subject line", score
    return Part.TELLS, "tells, does not ask" if not score else "asks without saying of what", 0


def _courtesy(text: str) -> tuple[Part, str, int] | None:
    if _SIGN_OFF.match(text) and len(WORD.findall(text)) <= 8:
        return Part.SIGNATURE, "signs off", 0
    if _GREETING.match(text) and len(content_words(text)) <= 3 and "?" not in text and len(WORD.findall(text)) <= 8:
        return Part.COURTESY, "greets", 0
    if _THANKS.search(text) and not content_words(_without_courtesy(text))[3:] and "?" not in text:
        return Part.COURTESY, "thanks", 0
    if _INTRODUCTION.match(text.strip()) and not _asks(text)[0]:
        return Part.COURTESY, "introduces the writer", 0
    if _CONTACT.search(text) and not content_words(_CONTACT.sub(" ", text)):
        return Part.SIGNATURE, "contact details", 0
    return None


def _without_courtesy(text: str) -> str:
    return _CONTACT.sub(" ", _THANKS.sub(" ", text))


def _asks(text: str) -> tuple[int, str]:
    """Return how clearly a sentence asks, and by what it was told."""
    marked, opens = text.rstrip("\"”’') ").endswith("?"), _OPENS.match(text)
    says, asking = _SAYS_SO.search(text), _ASKING.search(text)
    score = 3 * (marked or bool(says)) + 2 * bool(asking) + bool(opens) * (1 if _OPENING_ORDER.match(text) else 2)
    reasons = [words for holds, words in (
        (marked, "ends with a question mark"), (bool(opens), "begins as a question"),
        (bool(says or asking), f"says “{((says or asking) or [''])[0].lower()}”")) if holds]
    return (score, ", ".join(reasons)) if score >= 2 else (0, "")
