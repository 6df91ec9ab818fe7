"""British and American spelling, and plurals that no stemmer knows, folded into one before stemming.

"Oesophageal tumours" meets "esophageal tumors", and "women" meets "woman".

Index terms are never shown, so a rule may turn a word into no word at all ("rise" into "rize") as long as no two
words of different meaning meet. Rules by sound alone ("oe" to "e") would make "poet" and "pet" one; so the Greek
diphthongs are folded inside known medical roots only.
"""

from __future__ import annotations

import re

_WHOLE_WORDS = {
    "aging": "ageing", "ax": "axe", "catalog": "catalogue", "defense": "defence", "dialog": "dialogue",
    "disc": "disk", "discs": "disks", "enrol": "enroll", "fulfil": "fulfill", "gray": "grey", "license": "licence",
    "offense": "offence", "practise": "practice", "practised": "practiced", "practising": "practicing",
    "program": "programme", "programs": "programmes", "skilful": "skillful", "sulphur": "sulfur",
}  # fmt: skip
_PLURALS = {
    "bacteria": "bacterium", "children": "child", "criteria": "criterion", "feet": "foot", "indices": "index",
    "lice": "louse", "matrices": "matrix", "men": "man", "mice": "mouse", "ova": "ovum", "phenomena": "phenomenon",
    "teeth": "tooth", "vertebrae": "vertebra", "women": "woman",
}  # fmt: skip
_WHOLE_WORDS |= _PLURALS
_DIPHTHONG_ROOTS = (
    "haem|aemi|aetio|paed|gynae|anaest|aesthe|caesar|faec|caec|laev|naev|palae|archae|"
    "oedem|oesoph|oestr|foet|rrhoe|homoeo|coeli|amoeb|pnoe|manoeuv|coelom"
)
_DIPHTHONG = re.compile(_DIPHTHONG_ROOTS)
_OUR = re.compile(
    r"(arm|behavi|col|endeav|fav|flav|harb|hon|hum|lab|neighb|od|parl|ranc|rig|rum|sav|splend|tum|val|vap|vig)our"
)
_TRE = re.compile(r"(cen|fib|li|me|ti|calib|thea|goi|spec|lus|sepul)tre(s?)$")
_FIBRE = re.compile(r"fibre(s?)$")
_ISE = re.compile(r"(?<=[a-z]{3})is(e[sdr]?|ing|ation|ations|able|ers)$")
_LYZE = re.compile(r"(?<=[a-z])lyz(e[sdr]?|ing)$")
_SIS = re.compile(r"(?<=[a-z]{3})sis$")

_LONGEST_SHORT = 5
"""Letters of a stem that is too short to lose one: "small", "spell"."""


def one_spelling(word: str) -> str:
    """The common spelling of one folded word (lower case, no accents).

    >>> [one_spelling(word) for word in ("oesophagus", "tumours", "randomised", "litres", "poet", "women")]
    ['esophagus', 'tumors', 'randomized', 'liters', 'poet', 'woman']
    """
    word = one_beginning(_WHOLE_WORDS.get(word, word))
    word = _TRE.sub(r"\1ter\2", _FIBRE.sub(r"fiber\1", word))
    # "analysis", "analyses", "analyse" and "analyze" are one word, as "diagnosis" and "diagnoses"; for the stemmer
    # they are not.
    word = _SIS.sub("ses", _LYZE.sub(r"lys\1", word))
    return _ISE.sub(r"iz\1", word)


def one_beginning(word: str) -> str:
    """The common spelling of the beginning of a word, of which the end is unknown.

    >>> [one_beginning(word) for word in ("oesophag", "tumour", "men")]
    ['esophag', 'tumor', 'men']
    """
    if "ae" in word or "oe" in word:
        word = _DIPHTHONG.sub(lambda match: match.group().replace("ae", "e").replace("oe", "e"), word)
    if "our" in word:
        word = _OUR.sub(r"\1or", word)
    if "sulph" in word:
        word = word.replace("sulph", "sulf")
    return word


def one_stem(stem: str) -> str:
    """A stem without the doubled l that only one of the spellings has: "labell" and "label", "controll" and "control".

    >>> one_stem("labell"), one_stem("small")
    ('label', 'small')
    """
    return stem[:-1] if len(stem) > _LONGEST_SHORT and stem.endswith("ll") else stem
