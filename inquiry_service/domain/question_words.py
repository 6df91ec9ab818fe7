"""Words by which a question is told from the letter around it, and what its words speak of.

The lists are about how people write to a medical information desk, not about single medicines: those come from
the installation (``question_terms.Lexicon``).
"""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


FUNCTION = _words("""
    a about after again all almost along already also although always am among an and another any anyone anything are
    aren't around as at back be became because become been before being between both but by came can can't cannot
    come could couldn't did didn't do does doesn't doing don't done down due during each either else ever every
    everything few first for from further gave get gets getting give given giving go goes going gone gonna got had has
    have haven't having he hence her here hers him himself his how however i i'd i'll i'm i've id if ill im in into
    is isn't it it's its itself ive just know known last least less let like likely look made make makes making many
    may maybe me mean mine more most much must my myself near need needed needs never next no nobody non none nor
    not nothing now of off often on once one ones only onto or other others otherwise our ours out over own per
    perhaps put quite rather really regarding said same saw say says see seem seems seen several shall she should
    shouldn't since so some someone something soon still such take taken takes taking tell than that that's the
    their them themselves then there there's therefore these they they're thing things think this those though
    through thus till to together told too took toward towards try trying two under unless until up upon us use used
    uses using usually very via want wanted wants was wasn't way we we're well went were what what's whatever when
    where whereas whether which while who whom whose why will with within without won't would wouldn't yet you
    you're your yours yourself
    dont doesnt didnt isnt cant wont wasnt whats thats youre theyre hasnt havent couldnt shouldnt wouldnt
    u ur r pls plz thx etc ie eg vs
""")
"""Words that carry no subject of their own."""

FILLER = _words("""
    able acknowledge advance advice advise advised anyway anyways answer answered answering answers apologies
    appreciate appreciated appreciation article ask asked asking assist assistance attached attachment attention
    available aware awhile believe bless bother bye call cheers choices clarify clinicaltrials clinicaltrials.gov
    colleague comment comments concern concerned concerning confirm confused contact cooperation curious currently
    day days dear desperate detail detailed details difference directed doctor doctors dr email e-mail especially
    evening exactly example experience explain explanation faithfully fax feedback feel find finding fine forward
    found friend general glad god good greatly greetings grateful guidance guide happen happened happens happy hear
    heard hello help helped helpful helping hey hi hope hoping hours idea ideas important including info inform
    information informations inquire inquiry instead institute interested internet issue kind kindly knowledge
    late later learn learned let lately letter life link literature live living look looked looking lot lots love
    ma'am madam mail matter maybe medlineplus meantime message mind minute minutes moment month months morning mr
    mrs ms name nice night nlm noticed number obtain old opinion opportunity order page past people person phone
    please point possible possibly prof professor provide provided publication publications question questions quick
    quickly ready read reading receive received recent recently recommend recommendation recommended reference
    refer references regard regards reply replay request require research respond response result results right
    search searched searching seek seeking send sent share show sincerely sir sirs site sites somebody somewhat soon
    sorry source sources specific specifically start started state subject suggest suggested suggestion
    suggestions sure suffering suffer suffers talk team telephone thank thankful thanking thanks thankyou thought
    thoughts time times today tomorrow topic trouble true truly understand university unsure update urgent
    useful various view wait waiting web website websites week weeks welcome willing wish wonder wondered
    wondering work working worried worry write writing wrote year years yesterday
    organization organisation organizations valuable facts complaint required genuine cant yo wanna somehow
    he's she's hasn't weren't ain't oh ok okay lol well-known best better big bit certain course different enough
    entire especially far full great half hard high-quality keep left long mainly major new particular previous
    probably simple simply small sometimes suddenly supposed thru totally unable usual whole
    diagnosed diagnose ago age aged lady gentleman guy man woman boy girl mother father mom mum dad son daughter wife
    husband brother sister uncle aunt cousin nephew niece grandmother grandfather grandson granddaughter family
    member members relative boyfriend girlfriend fiance partner patient patients case
""")
"""Courtesy, asking, time and kinship: words of the letter, not of its question."""

POPULATION = _words("""
    pregnant pregnancy trimester gestation breastfeeding breast-feeding lactation lactating nursing child children
    paediatric pediatric infant infants neonate neonates newborn newborns baby babies toddler adolescent adolescents
    teenager teenagers elderly geriatric older seniors adults female females male males women men dialysis
    hemodialysis haemodialysis transplant smokers athletes
""")
DOSE = _words("""
    dose doses dosage dosages dosing mg mcg µg milligram milligrams microgram ml iu titration taper tapering oral
    orally intravenous intravenously iv subcutaneous subcutaneously intramuscular intramuscularly intranasal nasal
    topical rectal sublingual transdermal inhaled tablet tablets capsule capsules injection injections injected
    spray patch cream ointment gel drops suppository infusion syrup suspension crush crushed split overdose
    once-daily twice-daily bid tid qd daily
""")
OUTCOME = _words("""
    side-effect side-effects adverse reaction reactions interaction interactions interact interacts contraindicated
    contraindication contraindications safety safe unsafe harmful harm risk risks toxicity toxic efficacy effective
    effectiveness tolerability withdrawal mortality survival prognosis recurrence relapse remission cure cures curable
    treatment treatments treat treated treating therapy therapies prevention prevent prophylaxis cause causes caused
    symptom symptoms diagnosis test tests testing screening complications complication teratogenic fertility
    bioavailability pharmacokinetics half-life stability storage expired expiration ingredients excipients alternatives
    alternative comparison compared
""")
TWO_WORD_OUTCOMES = frozenset({
    ("side", "effect"), ("side", "effects"), ("adverse", "effect"), ("adverse", "effects"), ("adverse", "event"),
    ("adverse", "events"), ("adverse", "reaction"), ("adverse", "reactions"), ("drug", "interaction"),
    ("drug", "interactions"), ("half", "life"), ("shelf", "life"),
})
TWO_WORD_POPULATIONS = frozenset({
    ("breast", "feeding"), ("renal", "impairment"), ("renal", "insufficiency"), ("renal", "failure"),
    ("kidney", "failure"), ("hepatic", "impairment"), ("hepatic", "insufficiency"), ("liver", "failure"),
    ("older", "adults"), ("older", "people"), ("newborn", "baby"),
})

CONDITION = _words("""
    acne aids allergy allergies alzheimer alzheimer's anorexia apnea apnoea asthma ataxia attack attacks autism
    bipolar bleeding blindness cancer cancers cirrhosis cold colic constipation convulsions cough covid
    covid-19 cramps cyst cysts deafness defect defects deficiency dementia depression depressive diabetes
    diabetic diarrhea diarrhoea dizziness dystrophy eczema edema oedema epilepsy failure fatigue fever
    fibromyalgia flu fracture fractures gerd glaucoma goiter goitre gout headache headaches
    heartburn hepatitis hernia herpes hiv
    hypertension hypotension hypertrophy impotence incontinence infarction infection infections infertility
    inflammation influenza injury insomnia itching jaundice lupus lymphoma malaria melanoma menopause migraine migraines
    nausea numbness obesity osteoporosis overweight pain palsy paralysis pneumonia polyps psoriasis rash schizophrenia
    sclerosis seizure seizures sepsis shingles sinus spasm spasms stroke swelling syphilis tinnitus tremor tremors
    tuberculosis tumor tumors tumour tumours ulcer ulcers vertigo vomiting wart warts wound
""")
CONDITION_HEAD = _words("""
    anomaly condition deficiency disease diseases disorder disorders dysfunction illness impairment insufficiency
    palsy symptom syndrome syndromes virus
""")
"""Words that name a condition together with the words before them."""
_CONDITION_ENDING = re.compile(
    r".{3,}(?:itis|osis|oses|aemia|emia|oma|omas|pathy|pathies|uria|algia|algias|plegia|paresis|trophy|phobia|"
    r"rrhea|rrhoea|rrhage|ectasia|ectasis|edema|philia|cytosis|penia|dynia|asthenia|sclerosis|plasia|stenosis|"
    r"mania|megaly|spasm|spasms)\Z")
_NO_CONDITION = _words("dose diagnosis prognosis hypnosis osmosis chroma diploma aroma academia trophy")


def names_condition(word: str) -> bool:
    """Say whether ``word`` (small letters) is by itself the name of an illness or complaint, by list or by ending."""
    if word in _NO_CONDITION:
        return False
    return word in CONDITION or word in CONDITION_HEAD or bool(_CONDITION_ENDING.match(word))
