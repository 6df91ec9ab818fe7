"""Author names: from the ways in which databases write them to family, given, initials, suffix or group."""

from __future__ import annotations

import re

from inquiry_service.bibliography.normalise import clean_line
from inquiry_service.bibliography.record import Author

_SUFFIXES = {
    "jr": "Jr",
    "sr": "Sr",
    "ii": "II",
    "iii": "III",
    "iv": "IV",
    "2nd": "2nd",
    "3rd": "3rd",
    "4th": "4th",
}
_PARTICLES = {
    "af", "al", "ap", "bin", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el",
    "la", "le", "st", "st.", "ten", "ter", "van", "vander", "von", "zu", "zur", "'t",
}  # fmt: skip
_GROUP_WORDS = re.compile(
    r"\b(academy|agency|alliance|association|authority|board|cent(?:er|re)|college|collaboration"
    r"|collaborative|collaborators|commission|committee|consortium|cooperative|council|department|editors?"
    r"|federation|foundation|group|initiative|institute|international|investigators|laborator(?:y|ies)|league"
    r"|ministry|members|pharmaceuticals?|therapeutics|biosciences|corporation|inc|ltd|llc|gmbh|plc"
    r"|hospitals?|network|organi[sz]ation|panel|program(?:me)?|project|registry|school|service|society|study"
    r"|task force|team|trial|trialists|union|university|working party)\b",
    re.IGNORECASE,
)
# Academic degrees as authors' lists of some databases carry them. MD after a family name alone are initials.
DEGREES = (
    r"(?:M\.?D\.?|P[hH]\.?\s?[dD]\.?|D\.?O\.?|M\.?Sc?\.?|B\.?Sc?\.?|B\.?A\.?|M\.?A\.?|M\.?P\.?H\.?|MBA|R\.?N\.?|BSN|MSN|DNP|Pharm\.?D\.?"
    r"|Dr\.?P\.?H\.?|FRCPC?|FRCS|FACC|FACP|FAHA|FAAN|MBBS|MBCh?B|DDS|DVM|Sc\.?D\.?|Ed\.?D\.?|Psy\.?D\.?|MHS|JD|D\.?Phil\.?|Prof|Dr)"
)
_DEGREES_BEHIND = re.compile(rf"(?P<name>.*?(?:,|\S\s+\S).*?)(?:,\s*{DEGREES})+\Z")
# Behind a given name in full these are no initials: "de Vries, Jan-Piet MD".
_DEGREE_AFTER_GIVEN = re.compile(r"(?P<name>[^,]+,\s*\S*[a-z]{2}.*?)\s+(?:M\.?D\.?|R\.?N\.?|MPH|MBA|PharmD|DO)\Z")
_CLEAR_DEGREE = re.compile(r"(?<=\S)\s+(?:Ph\.?D\.?|M\.D\.|Pharm\.?D\.?|MSc|M\.Sc\.?|BSc|DrPH|MBBS|MBChB|FRCP)\Z")
_TITLE_BEFORE = re.compile(
    r"(?:(?:Dr|Prof|Professor|Mr|Mrs|Ms|med)\.?\s+)+(?=\S+\s)|(?:and )?on behalf of (?:the )?", re.IGNORECASE
)
_NOBODY = re.compile(
    r"\W*(?:et al|anonymous|anon|no authors? (?:listed|given)|no authorship indicated|others)\W*\Z", re.IGNORECASE
)
# What is longer is no person; a pattern that looks back must not be let loose on it.
_LONGEST_PERSON = 200
_MARKS = " ,;*†‡§¶#"
_INITIALS = re.compile(r"(?:[^\W\d_]\.?[\s-]?){1,5}\Z")
# Transliterated Cyrillic: "Ivanov YuA" has the initials Yu and A.
_CYRILLIC = re.compile(r"(?=.{3,6}\Z)(?:Yu|Iu|Ya|Ia|Ye|Ts|Ch|Sh|Zh|Kh|[A-Z])+\Z")
# What databases hang on a name: roles, ORCID, numbers of affiliations, "et al" behind the first author.
_HANGING = re.compile(
    r"\s*\[(?:author|editor|corresponding author|corporate author)\]"
    r"|[\s(\[]*(?:ORCID:?\s*)?(?:https?://orcid\.org/)?\d{4}-\d{4}-\d{4}-\d{3}[\dX][)\]]*"
    r"|[,\s]+et\.? al\.?\Z|(?<=[a-z.] [A-Z])\d+(?:,\s?\d+)*\Z|\s\(\d+(?:,\s?\d+)*\)\Z",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"(?:[^\W\d_]\.[\s-]*)+\Z")
_AND = re.compile(r"\s(?:and|&)\s")
_ACRONYM = re.compile(r"[A-Z][A-Z0-9&/-]{2,}\Z")
_CORRECTED = re.compile(r"^(?P<given>[^\]\[]*)\].*\[corrected to (?P<family>[^\]\[]+)\]?\s*$", re.IGNORECASE)


def person(family: str, given: str = "", initials: str = "", suffix: str = "") -> Author:
    """Make a person of separate name parts; missing initials come from the given names."""
    initials = re.sub(r"[^\w-]|_", "", clean_line(initials)).replace("-", "")
    # The stop behind a name in full ends a sentence of the source; behind an initial it belongs to it.
    given = re.sub(r"(?<=[a-z]{3})\.\Z", "", clean_line(given))
    return Author(
        family=clean_line(family),
        given=given,
        initials=initials or initials_of(given),
        suffix=_SUFFIXES.get(clean_line(suffix).rstrip(".").lower(), clean_line(suffix)),
    )


def group(name: str) -> Author:
    """Make a collective author."""
    return Author(collective=clean_line(name))


def initials_of(given: str) -> str:
    """Initials as MEDLINE writes them: ``Hans-Christoph`` and ``H.-C.`` give HC, ``A J`` gives AJ."""
    compact = given.replace(".", " ").replace("-", " ")
    words = compact.split()
    if len(words) == 1 and words[0].isupper() and len(words[0]) <= 4:
        return words[0]
    return "".join(word[0].upper() if not word.isupper() else word[0] for word in words if word[0].isalpha())


def looks_like_group(name: str) -> bool:
    """Whether a name is that of a group: it has a word such as Society, or is an acronym such as AAFP."""
    return bool(_GROUP_WORDS.search(name) or _ACRONYM.match(name))


def parse_author(text: str) -> Author | None:
    """Read one author written in any common order.

    ``Newman, Lawrence C``, ``Newman L.C.``, ``Newman LC`` and ``L C Newman`` all give the same person; names
    of groups stay whole.

    Returns:
        The author, or None for empty text and for what stands where there is no author ("Anonymous", "et al").
    """
    name = _bare(text)
    correction = _CORRECTED.match(name)
    if correction:
        # MEDLINE notes a misprint as "wrong [corrected to right]"; reordered exports scatter the parts.
        name = f"{correction['given'].strip()} {correction['family'].strip()}".strip()
    if not name or _NOBODY.match(name):
        return None
    if "," in name:
        return _family_first(name)
    words = name.split()
    if looks_like_group(name) and not _initials_and_family(words):
        return group(name)
    if len(words) == 1:
        return person(name)
    return _family_then_initials(words) or _given_first(words)


def _bare(text: str) -> str:
    """A name without titles, degrees and the marks of affiliations."""
    name = clean_line(text).strip(_MARKS)
    if len(name) > _LONGEST_PERSON:
        return name
    name = _HANGING.sub("", name) if " " in name and not _NOBODY.match(name) else name
    title = _TITLE_BEFORE.match(name)
    name = name[title.end() :] if title else name
    for pattern in (_DEGREES_BEHIND, _DEGREE_AFTER_GIVEN):
        degrees = pattern.match(name)
        name = degrees["name"] if degrees else name
    return _CLEAR_DEGREE.sub("", name).strip(_MARKS)


def parse_author_list(text: str) -> tuple[Author, ...]:
    """Read a whole author column, separated by semicolons, bars, line breaks, "and" or, failing these, commas."""
    if re.search(r"[;\n|]", text):
        parts = re.split(r"[;\n|]", text)
    elif _AND.search(text) and not looks_like_group(text):
        parts = _split_at_and(text)
    else:
        parts = _split_at_commas(text)
    authors: list[Author] = []
    for part in parts:
        author = parse_author(part)
        # A corrected misprint is listed again under its right name; two people called Wang Y are not touched.
        if author and not (author in authors and "[corrected to" in part):
            authors.append(author)
    return tuple(authors)


def _split_at_and(text: str) -> list[str]:
    """Cut "Family, Given and Family, Given" at each "and"; "Given Family, Given Family and Given Family" at commas."""
    parts = [part.strip(" ,") for part in _AND.split(text)]
    if len(parts) == 2 and re.search(r"\.,\s*(?:and|&)\s", text):
        return _split_at_commas(", ".join(parts))
    return parts if "," in parts[-1] else [name for part in parts for name in _split_at_commas(part)]


def _split_at_commas(text: str) -> list[str]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    # "Croop, R., Goadsby, P. J.": every second part is initials.
    if len(parts) > 2 and len(parts) % 2 == 0 and all(_DOTTED.match(part) for part in parts[1::2]):
        return [f"{family}, {given}" for family, given in zip(parts[::2], parts[1::2], strict=True)]
    # "Liu R., Adler D.G." is two people, "Liu, Roy" is one: in a list each part holds family and initials.
    if len(parts) > 1 and all(len(part.split()) > 1 for part in parts):
        return parts
    return [text]


def _initials_and_family(words: list[str]) -> bool:
    """Whether a name is one word and initials: people are called Board and Service, too."""
    initials, family_first = words[:-1], words[1:]
    return len(words) > 1 and (
        all(len(word.rstrip(".")) == 1 for word in initials)
        or all(_INITIALS.match(word) and word.isupper() and len(word) < 5 for word in family_first)
    )


def _family_first(name: str) -> Author:
    family, _, rest = name.partition(",")
    if looks_like_group(rest) or (looks_like_group(family) and len(family.split()) > 2):
        return group(name)
    given, _, suffix = rest.strip().partition(",")
    words = given.split()
    if not suffix and len(words) > 1 and words[-1].rstrip(".").lower() in _SUFFIXES:
        suffix, words = words[-1], words[:-1]
    if not given.strip():
        return person(family)
    return person(family, " ".join(words), suffix=suffix)


def _family_then_initials(words: list[str]) -> Author | None:
    """``van Eijck CH``, ``Liu R.``, ``Lipton R B``, ``King ML Jr``: capitals as initials after a longer family name."""
    suffix, words = _suffix_behind(words)
    # "Croop R MD" is a doctor, "Croop MD" has two given names.
    if len(words) > 2 and words[-1] == "MD" and _are_initials(words[-2]):
        words = words[:-1]
    start = len(words) - 1
    while start > 1 and all(len(word.rstrip(".")) == 1 and word[0].isupper() for word in words[start - 1 :]):
        start -= 1
    bare = "".join(words[start:]).replace(".", "").replace("-", "")
    trailing = (len(bare) <= 4 and _are_initials(words[start])) or _CYRILLIC.match(bare)
    # Ó Súilleabháin is one family name.
    if words[0] in {"Ó", "O"} and len(words) > 2 and trailing:
        return person(" ".join(words[:start]), bare, bare, suffix)
    if not trailing or _begins_with_initials(words[0].rstrip("."), bare):
        return None
    return person(" ".join(words[:start]), bare, bare, suffix)


def _begins_with_initials(first: str, last: str) -> bool:
    """``RB LI`` begins with initials; ``XU Y`` and ``DE LA CRUZ M`` do not."""
    return len(first) < 2 or (first.isupper() and len(first) < 3 and len(last) > 1 and first.lower() not in _PARTICLES)


def _are_initials(word: str) -> bool:
    bare = word.replace(".", "").replace("-", "")
    return bool(_INITIALS.match(word)) and bare.isupper() and len(bare) <= 4


def _suffix_behind(words: list[str]) -> tuple[str, list[str]]:
    if len(words) > 2 and words[-1].rstrip(".").lower() in _SUFFIXES:
        return words[-1], words[:-1]
    return "", words


def _given_first(words: list[str]) -> Author:
    suffix, words = _suffix_behind(words)
    if words[0].islower() and words[0] in _PARTICLES:
        return person(" ".join(words))
    start = len(words) - 1
    for index in range(1, len(words) - 1):
        if words[index].lower() in _PARTICLES:
            start = index
            break
        # Catalan and Spanish double names: "F Titus i Albareda".
        if words[index] in {"i", "y"} and index > 1:
            start = index - 1
            break
    return person(" ".join(words[start:]), " ".join(words[:start]), suffix=suffix)
