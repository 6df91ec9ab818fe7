"""Words too common to search for, question words and courtesies among them.

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
