"""What the library and the shipped lists know about words: abbreviations, facts, thesaurus, spelling variants."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from inquiry_service.search.embedded.word_files import read_facts, read_words, write_all, write_more
from inquiry_service.search.words.abbreviations import definitions
from inquiry_service.search.words.analysis import stem, terms_of
from inquiry_service.search.words.facts import Facts
from inquiry_service.search.words.shipped_words import drug_classes, drug_names, everyday_words, is_drug
from inquiry_service.search.words.thesaurus import ABBREVIATION, CLASS, Meaning, Thesaurus, key_of, keys_of
from tests.search.corpus import made_up, sample


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("acute myocardial infarction (MI) was", [("MI", "myocardial infarction")]),
        ("transient ischaemic attacks (TIAs)", [("TIA", "transient ischaemic attacks")]),
        ("ACS (acute coronary syndrome)", [("ACS", "acute coronary syndrome")]),
        ("the attention-deficit disorder (ADD; DSM-IV)", [("ADD", "attention-deficit disorder")]),
        ("gamma-aminobutyric acid (GABA)", [("GABA", "gamma-aminobutyric acid")]),
        ("patients (n = 12) and others (see above)", []),
        ("phase (III) of the trial (Berlin)", []),
        ("aspirin (MI)", []),
    ],
)
def test_an_abbreviation_is_found_where_the_text_explains_it(text: str, expected: list[tuple[str, str]]) -> None:
    assert list(definitions(text)) == expected


def test_british_and_american_spellings_have_one_stem() -> None:
    pairs = """oesophagus esophagus, haemorrhage hemorrhage, anaemia anemia, tumours tumor, randomised randomized,
        analyses analysis, analyse analyzed, paediatric pediatric, oedema edema, diarrhoea diarrhea, centre center,
        behavioural behavioral, labelled labeled, controlled control, oestrogens estrogen, diagnoses diagnosis"""
    for pair in pairs.split(","):
        british, american = pair.split()
        assert stem(british) == stem(american), pair


@pytest.mark.parametrize(("one", "other"), [("poet", "pet"), ("hour", "hor"), ("small", "smal"), ("color", "collar")])
def test_words_of_different_meaning_stay_apart(one: str, other: str) -> None:
    assert stem(one) != stem(other)


def test_the_shipped_lists_are_whole_and_say_nothing_twice() -> None:
    assert len(everyday_words()) >= 100
    said = [name.lower() for plain, _ in everyday_words() for name in plain]
    assert len(said) == len(set(said))
    for plain, technical in everyday_words():
        assert all(key_of(name) for name in (*plain, *technical)), plain
        assert not set(map(key_of, plain)) & set(map(key_of, technical)), plain
    for group in drug_classes():
        assert group.names
        assert group.endings or group.members, group.names
    names = [name.lower() for group in drug_names() for name in group]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("word", ["sumatriptan", "empagliflozin", "paracetamol", "lipitor", "futuretriptan"])
def test_a_medicine_is_known_by_name_or_ending(word: str) -> None:
    assert is_drug(word)


@pytest.mark.parametrize("word", ["patient", "cholesterol", "triptan", "migraine", "april", "histidine"])
def test_a_word_that_is_no_medicine_is_not_taken_for_one(word: str) -> None:
    assert not is_drug(word)


def test_facts_are_counted_by_record_and_records_for_medical_staff_tell_nothing() -> None:
    facts = Facts()
    told = made_up("a", "Zomig® (zolmitriptan) again", "Cluster headache (CH) is rare. Cluster headache (CH) hurts.")
    facts.add(told)
    facts.add(replace(made_up("b", "Secretumab for restless mood (RM)"), medical_only=True))
    assert facts.abbreviations == {("CH", "Cluster headache"): 1}
    assert facts.brands == {("Zomig", "zolmitriptan"): 1}
    assert facts.drugs == {("zolmitriptan",): 1, ("zomig",): 1}
    assert ("secretumab",) not in facts.words


def test_a_class_stands_for_the_members_that_the_library_names() -> None:
    facts = Facts()
    for document in sample():
        facts.add(document)
    (meaning,) = (meaning for meaning in Thesaurus(facts).meanings(key_of("Triptans")) if meaning.origin == CLASS)
    assert meaning.others[0] == "sumatriptan"
    assert "frovatriptan" not in meaning.others or ("frovatriptan",) in facts.drugs
    assert not Thesaurus(Facts()).meanings(key_of("triptans"))


def test_members_of_a_class_are_no_slips_of_the_pen_and_no_opposites() -> None:
    facts = Facts()
    facts.drugs.update({("sumatriptan",): 1, ("risatriptan",): 1, ("futuretriptan",): 2})
    (meaning,) = (meaning for meaning in Thesaurus(facts).meanings(key_of("triptans")) if meaning.origin == CLASS)
    assert meaning.others == ("futuretriptan", "sumatriptan")
    assert not any(map(is_drug, ("nontriptan", "antitriptan", "unopioidorphan")))


def test_spellings_of_a_brand_that_differ_in_case_are_one_the_commonest() -> None:
    facts = Facts()
    facts.brands.update({("IMIGRAN", "sumatriptan"): 1, ("Imigran", "sumatriptan"): 3, ("Zomig", "zolmitriptan"): 1})
    named = [other for meaning in Thesaurus(facts).meanings(key_of("sumatriptan")) for other in meaning.others]
    assert named.count("IMIGRAN") == 0
    assert "Imigran" in named


def test_an_abbreviation_with_two_common_meanings_is_a_choice_and_one_rare_meaning_is_not() -> None:
    facts = Facts()
    facts.abbreviations.update({("MI", "myocardial infarction"): 9, ("MI", "motivational interviewing"): 5})
    facts.abbreviations.update({("RA", "rheumatoid arthritis"): 9, ("RA", "right atrium"): 1})
    thesaurus = Thesaurus(facts)
    (choice,) = (m for m in thesaurus.meanings(key_of("MI")) if m.origin == ABBREVIATION)
    assert choice == Meaning(("myocardial infarction", "motivational interviewing"), ABBREVIATION, is_choice=True)
    (clear,) = (m for m in thesaurus.meanings(key_of("RA")) if m.origin == ABBREVIATION)
    assert clear == Meaning(("rheumatoid arthritis",), ABBREVIATION)


def test_mesh_actions_lead_to_the_medicines_named_under_them() -> None:
    facts = Facts()
    for number in range(2):
        document = made_up(str(number), "Acarbose and metformin")
        facts.add(replace(document, mesh=("Hypoglycemic Agents", "Humans")))
    others = [other for meaning in Thesaurus(facts).meanings(key_of("hypoglycemic agent")) for other in meaning.others]
    assert {"acarbose", "metformin"} <= set(others)


def test_facts_survive_their_files_and_many_small_changes_are_joined(tmp_path: Path) -> None:
    def content(name: str) -> bytes:
        return (tmp_path / name).read_bytes()

    def names() -> list[str]:
        return sorted(path.name for path in tmp_path.iterdir())

    whole = Facts()
    first = made_up("a", "Cluster headache (CH)")
    whole.add(first)
    write_all(tmp_path, whole, 1)
    for number in range(40):
        more = Facts()
        more.add(made_up(str(number), f"Sumatriptan and myocardial infarction (MI) {'x' * number}"))
        whole.include(more)
        write_more(tmp_path, more, names(), content)
    assert len(names()) < 60
    facts, keys = read_facts(names(), content)
    assert facts.abbreviations == whole.abbreviations
    assert read_words(names(), content).words == whole.words
    assert keys == keys_of(facts)
    assert all(json.loads(content(name)) for name in names())


def test_a_large_library_keeps_only_what_recurs() -> None:
    facts = Facts()
    facts.words.update({("once",): 1, ("twice",): 2})
    assert set(facts.thinned(100).words) == {("once",), ("twice",)}
    assert set(facts.thinned(100_000).words) == {("twice",)}


def test_unspaced_scripts_and_significances_are_searchable() -> None:
    assert set(terms_of("頭痛")) <= set(terms_of("片頭痛の治療"))
    assert [terms_of(text) for text in ("P<.05", "p < 0.05", "p<0·05")] == [("p", "0.05")] * 3
