"""MEDLINE's language codes for the names and codes that other databases write.

Source: NLM, "MEDLINE/PubMed Language Table" (ISO 639-2/B, with ``mul`` and ``und``); ISO 639-1; ISO 639-2/T.
"""

from __future__ import annotations

# MEDLINE's code: the English name and other names, the two-letter code, the terminology code where it is another.
_KNOWN = {
    "afr": "afrikaans af", "alb": "albanian sq sqi", "ara": "arabic ar", "arm": "armenian hy hye",
    "aze": "azerbaijani az", "baq": "basque eu eus", "bel": "belarusian be", "ben": "bengali bn",
    "bos": "bosnian bs", "bul": "bulgarian bg", "cat": "catalan ca",
    "chi": "chinese mandarin zh zho cn 中文", "cze": "czech cs ces", "dan": "danish da dansk",
    "dut": "dutch flemish nl nld nederlands", "eng": "english en engl anglais englisch inglés", "epo": "esperanto eo",
    "est": "estonian et", "fin": "finnish fi", "fre": "french fr fra français francais", "geo": "georgian ka kat",
    "ger": "german de deu deutsch", "glg": "galician gl", "gle": "irish ga", "gre": "greek el ell",
    "heb": "hebrew he iw", "hin": "hindi hi", "hrv": "croatian hr scr serbo-croatian", "hun": "hungarian hu",
    "ice": "icelandic is isl", "ind": "indonesian id", "ita": "italian it italiano", "jpn": "japanese ja 日本語",
    "kaz": "kazakh kk", "kor": "korean ko 한국어", "lat": "latin la", "lav": "latvian lv", "lit": "lithuanian lt",
    "mac": "macedonian mk mkd", "may": "malay ms msa", "mul": "multiple multilingual",
    "nor": "norwegian no nb nn bokmål", "per": "persian farsi fa fas", "pol": "polish pl polski",
    "por": "portuguese pt português portugues", "rum": "romanian moldovan ro ron",
    "rus": "russian ru русский", "slo": "slovak sk slk", "slv": "slovenian slovene sl",
    "spa": "spanish castilian es español espanol", "srp": "serbian sr scc", "swe": "swedish sv svenska",
    "tha": "thai th", "tur": "turkish tr türkçe", "ukr": "ukrainian uk", "und": "undetermined unknown",
    "urd": "urdu ur", "vie": "vietnamese vi", "wel": "welsh cy cym",
}  # fmt: skip
CODES = {name: code for code, known in _KNOWN.items() for name in (code, *known.split())}
"""Lower-case name or code -> MEDLINE's code."""
