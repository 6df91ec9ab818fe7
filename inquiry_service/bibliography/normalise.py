"""One spelling for everything that comes from outside: text, identifiers, years, languages.

Every function here is idempotent, so a value can pass through any number of times. Two records that
differ only in the way a database vendor writes them become equal here or nowhere.
"""

from __future__ import annotations

import html
import re
import unicodedata
from urllib.parse import unquote

from inquiry_service.bibliography.languages import CODES

# Bidirectional overrides and invisible characters can make a title read differently from what is stored.
_INVISIBLE = "\u00ad\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\ufffe\uffff"
_CONTROLS = "".join(chr(code) for code in (*range(0x20), *range(0x7F, 0xA0)))
_SPACING = "\t\n\v\f\r\x85"
_SURROGATE = re.compile("[\ud800-\udfff]")
# Printers' ligatures, which copying from a PDF leaves: nobody searches for "ﬁbrosis".
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_REMOVE = str.maketrans(dict.fromkeys(_INVISIBLE + _CONTROLS) | dict.fromkeys(_SPACING, " ") | _LIGATURES)

_RAISED = str.maketrans("0123456789+-−=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_SCRIPTED = re.compile(r"[0-9+\-−=()]+\Z")
_SUP_SUB = re.compile(r"<(sup|sub)\b[^<>]*>([^<>]*)</\1>", re.IGNORECASE)
_MARKUP = re.compile(
    r"</?(?:i|b|u|em|strong|sup|sub|scp?|p|br|div|span|font|h[1-6]|(?:jats|mml):[a-z]+)\b[^<>]*>", re.IGNORECASE
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)

_DOI_PREFIX = re.compile(
    r"(?:(?:https?://)?(?:[\w-]+\.)*doi(?:\.org|-org\.[\w.-]+)/|(?:info:|urn:)?doi\s*[:=/]?\s*)", re.IGNORECASE
)
_ENCODED_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*%2f", re.IGNORECASE)
_QUERY = re.compile(r"[?#][\w-]+=.*", re.DOTALL)
# Invisible joiners belong to some scripts but to no identifier, whose hyphens are plain.
_OF_NO_IDENTIFIER = str.maketrans({"\u200c": "", "\u200d": ""} | dict.fromkeys("‐‑‒–—", "-"))
_DOI = re.compile(r"10\.\d{4,9}(?:\.\d+)*/\S+")
_PMID = re.compile(
    r"(?:(?:https?://)?(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov/|ncbi\.nlm\.nih\.gov/pubmed/)"
    r"|(?:pubmed|pmid|medline)\s*:?\s*)?0*([1-9]\d{0,7})(?:\.0|/?(?:\?\S*)?|\s*\[(?:uid|pmid)\])[;,.]?\Z",
    re.IGNORECASE | re.ASCII,
)
_PMCID = re.compile(r"(?:.*/)?(?:pmcid\s*:?\s*)?(?:pmc)?\s*0*([1-9]\d{0,8})(?:\.\d+)?/?\Z", re.IGNORECASE | re.ASCII)
# Also where a date is written in digits alone: 20190831, 201908.
_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?=(?:(?:0\d|1[0-2])(?:[0-2]\d|3[01])?)?(?!\d))", re.ASCII)
_REGISTRATION = re.compile(
    r"\b(NCT\d{8}|ISRCTN\d{8}|ACTRN\d{14}|UMIN\d{9}|DRKS\d{8}|CTRI/\d{4}/\d{2,3}/\d{6}|ChiCTR[-\w]{8,14}"
    r"|(?:EUCTR)?\d{4}-\d{6}-\d{2}(?:-[A-Z]{2})?)\b",
    re.ASCII,
)
_UNPAGED = {
    "no pagination", "no pagination specified", "no", "specified", "no-specified", "n/a", "n/a-n/a", "-", "0", "0-0",
    "no page", "no pages", "n.pag", "n. pag", "np",
}  # fmt: skip
_DASHES = re.compile(r"\s*[‐-―−]\s*|\s*-+\s*")
_PAGE_WORD = re.compile(r"(?:pp?\.?|[Pp]ages?:?)\s*(?=[A-Za-z]?\d)|(?<=-)p(?=\d)|,\s*\d+\s*p\.?\Z|(?<=\d)\s+p\.?\Z")


class UnreadableText(ValueError):
    """Text that no encoding can carry: it holds a lone surrogate."""


def clean_line(text: str) -> str:
    """Bring text to one line of NFC without control or invisible characters.

    Raises:
        UnreadableText: the text holds a surrogate (broken UTF-16), which no database column can store.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    if _SURROGATE.search(text):
        raise UnreadableText("the text holds half of a UTF-16 surrogate pair")
    return " ".join(unicodedata.normalize("NFC", text.translate(_REMOVE)).split())


def clean_paragraphs(text: str) -> str:
    """Clean each paragraph as :func:`clean_line` does; blank lines separate paragraphs and are kept."""
    paragraphs = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    return "\n\n".join(cleaned for part in paragraphs if (cleaned := clean_line(part)))


def raised(text: str) -> str:
    """Write a superscript in plain text, so that 10<sup>5</sup> does not turn into 105."""
    return _scripted(text, _RAISED, "^")


def lowered(text: str) -> str:
    """Write a subscript in plain text: CO<sub>2</sub> becomes CO₂."""
    return _scripted(text, _LOWERED, "")


def strip_markup(text: str) -> str:
    """Resolve character references and remove the inline tags that exports leave in titles and abstracts.

    Only known tags go, so that ``p<0.001 and b>2`` keeps its meaning.
    """
    text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    text = _SUP_SUB.sub(lambda match: (raised if match[1].lower() == "sup" else lowered)(match[2]), text)
    return _MARKUP.sub(lambda match: " " if match[0][1:3].lower() in {"br", "/p"} else "", text)


def normalise_doi(text: str) -> str:
    """Reduce a DOI to lower case without prefix (DOI Handbook 2.4: case-insensitive); "" if it is none."""
    text = html.unescape(clean_line(text)).translate(_OF_NO_IDENTIFIER)
    while prefix := _DOI_PREFIX.match(text):
        text = text[prefix.end() :]
        # In an address characters are percent-encoded, and what follows a question mark is a reader's, not the work's.
        text = unquote(_QUERY.sub("", text)) if "org" in prefix[0].lower() else text
    text = unquote(text) if _ENCODED_DOI.match(text) else text
    match = _DOI.match(clean_line(text.lower()))
    doi = _without_loose_ends(match[0]) if match else ""
    return doi if _DOI.match(doi) else ""


def find_doi(text: str) -> str:
    """Find the first DOI anywhere in a text; "" if there is none."""
    text = clean_line(text)
    encoded = _ENCODED_DOI.search(text)
    match = re.search(r"10\.\d{4,9}(?:\.\d+)*/[^\s\"<>]+", unquote(text[encoded.start() :]) if encoded else text)
    return normalise_doi(match[0]) if match else ""


def normalise_pmid(text: str) -> str:
    """Reduce a PubMed identifier to its digits; "" if the text is none."""
    match = _PMID.match(clean_line(text))
    return match[1] if match else ""


def pmid_in_link(text: str) -> str:
    """The PMID in the address of a PubMed page; "" if the text is none."""
    match = re.search(r"(?:pubmed\.ncbi\.nlm\.nih\.gov/|/pubmed/)(\d{1,8})\b", text, re.ASCII)
    return match[1] if match else ""


def normalise_pmcid(text: str) -> str:
    """Reduce a PubMed Central identifier to ``PMC`` and digits; "" if the text is none."""
    match = _PMCID.match(clean_line(text))
    return f"PMC{match[1]}" if match else ""


def normalise_pages(text: str) -> str:
    """Write a page range or e-location with a plain hyphen, without "pp."; "" where the vendor says there is none."""
    pages = _DASHES.sub("-", clean_line(text))
    if pages.rstrip(".").lower() in _UNPAGED:
        return ""
    pages = re.sub(r"(?<=\d) to (?=[A-Za-z]?\d)", "-", _PAGE_WORD.sub("", pages))
    # Web of Science marks pages that go on elsewhere with a plus in the place of the last.
    return re.sub(r"-\+\Z", "+", pages).rstrip(".")


def normalise_language(text: str) -> str:
    """Write languages as MEDLINE's three-letter codes joined by ``;``; an unknown name stays as it is."""
    names = [name.strip(" .()[]'\"").lower() for name in re.split(r"[;,/|]", clean_line(text))]
    codes = (CODES.get(re.split(r"[-_ (]", name)[0]) or CODES.get(name, name) for name in names if name)
    return ";".join(dict.fromkeys(codes))


def year_of(text: str) -> int | None:
    """Read the first four-digit year from 1500 to 2099 in a date text, or None."""
    match = _YEAR.search(text)
    return int(match[1]) if match else None


def registrations_in(text: str) -> tuple[str, ...]:
    """Find trial registration numbers (ClinicalTrials.gov, ISRCTN, EudraCT and others), each once."""
    return tuple(dict.fromkeys(_REGISTRATION.findall(text)))


def is_registration(text: str) -> bool:
    """Whether a text is a trial registration number and nothing else."""
    return bool(_REGISTRATION.fullmatch(text.strip(" ,.")))


def _scripted(text: str, table: dict[int, int], otherwise: str) -> str:
    stripped = text.strip()
    if _SCRIPTED.match(stripped):
        return stripped.translate(table)
    # Letters alone ("1st", "TM") read well in line; a mixture such as "2x" would change the number before it.
    return f"{otherwise}({stripped})" if otherwise and any(char.isdigit() for char in stripped) else text


def _without_loose_ends(doi: str) -> str:
    """Drop sentence punctuation after a DOI, but keep the bracket of 10.1016/s0140-6736(97)11096-0."""
    pairs = {")": "(", "]": "["}
    while doi and (doi[-1] in ".,;:\"'>" or (doi[-1] in pairs and doi.count(doi[-1]) > doi.count(pairs[doi[-1]]))):
        doi = doi[:-1]
    return doi
