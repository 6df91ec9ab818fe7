"""Words too common to search for, question words and courtesies among them; and words that say little in a question.

Kept short on purpose: a word that can carry meaning in a medical question stays searchable ("migraine without
aura" is another disease than "migraine with aura"), and ranking makes frequent words harmless anyway.
"""

from __future__ import annotations

_WORDS = """
    a about after again all also although am among an and any are as at be because been before being
    both but by can could did do does doing done due during each either else etc for from further had
    has have having he her here hers him his how however i if in into is it its itself just may me might
    more most must my nor not of off on one only onto or other our out over own per please same shall
    she should since so some such than that the their them themselves then there therefore these they
    this those though through thus to too under until up upon us very was we were what when where
    whether which while who whom whose why will with within would you your dont doesnt isnt cant
    wont im ive id s t
"""

STOP_WORDS = frozenset(_WORDS.split())

_GENERIC = """
    advice adult adults article articles available best better cause caused causes compare compared comparison
    comparative concerning data day days difference different drug drugs effect effective effectiveness effects
    efficacy evidence find get give given happen happens harm harms help helpful helps information kind kinds know
    known like literature long look looking make makes man many medication medications medicine medicines much need
    often old paper papers patient patients people person possible problem problems question recommend
    recommendation recommended regarding related relationship report reports research role safe safely safety
    studies study take taken taking tell therapies therapy time times treat treated treating treatment treatments
    type types use used uses using versus want way ways woman wonder wondering work working works year years
"""

GENERIC_WORDS = frozenset(_GENERIC.split())
"""Words of nearly every question about medicines. They stay searchable, but in a question as it was asked, where
nobody chose the words as search terms, they count less than those that carry its subject."""
