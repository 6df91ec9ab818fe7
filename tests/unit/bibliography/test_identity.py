"""Keys by which records are recognised, and citation keys."""

from __future__ import annotations

import string

from hypothesis import given
from hypothesis import strategies as st

from inquiry_service.bibliography.identity import citation_key, disambiguate, identity_keys, same_work
from inquiry_service.bibliography.record import Author, ParsedRecord
from tests.unit.bibliography.samples import sample


def record(title: str = "A pilot study of a drug", **fields: object) -> ParsedRecord:
    values = {"year": 1998, "authors": (Author(family="Newman", initials="LC"),)} | fields
    return ParsedRecord(title=title, source_format="nbib", raw_position=1, **values)  # type: ignore[arg-type]


def test_every_identifier_and_the_work_itself_give_a_key() -> None:
    keys = identity_keys(record(doi="10.1000/a", pmid="1", pmcid="PMC2"))
    assert keys == ("doi:10.1000/a", "pmid:1", "pmcid:PMC2", "work:apilotstudyofadrug|1998|newman")


def test_the_same_work_from_two_vendors_is_recognised_by_its_title() -> None:
    one = identity_keys(record("Migraine: a “pilot” study.", pmid="1"))
    other = identity_keys(record("Migraine - A Pilot Study", doi="10.1000/a"))
    assert same_work(one, other)


def test_parts_of_a_series_with_one_title_stay_apart_when_their_identifiers_differ() -> None:
    assert not same_work(identity_keys(record(pmid="1")), identity_keys(record(pmid="2")))


def test_a_shared_identifier_decides_even_against_another() -> None:
    one, other = record(pmid="1", doi="10.1000/a"), record("Another title", pmid="1", doi="10.1000/b")
    assert same_work(identity_keys(one), identity_keys(other))


def test_a_nameless_short_title_is_no_identity() -> None:
    assert identity_keys(record("Editorial.", authors=())) == ()
    assert identity_keys(record("Editorial.", year=None)) == ()


def test_an_article_and_its_retraction_notice_stay_apart() -> None:
    article, notice = sample("pubmed_retracted.nbib"), sample("pubmed_retraction_notice.nbib")
    assert not same_work(identity_keys(article), identity_keys(notice))
    same_title = record("A trial", is_notice=True)
    assert not same_work(identity_keys(record("A trial")), identity_keys(same_title))


def test_a_citation_key_is_the_first_family_name_and_the_year() -> None:
    assert citation_key(record()) == "newman1998"
    assert citation_key(record(authors=(Author(family="Van de Kar"),))) == "vandekar1998"
    assert citation_key(record(authors=(Author(family="Dahlöf"),))) == "dahlof1998"
    assert citation_key(record(authors=(Author(family="Bjørnstad"),), year=None)) == "bjornstadnd"


def test_without_a_person_the_group_or_the_title_gives_the_key() -> None:
    assert citation_key(record(authors=(Author(collective="The USMAP Investigators"),))) == "usmap1998"
    assert citation_key(record("The 5-HT agonists", authors=())) == "ht1998"
    assert citation_key(record("?!", authors=())) == "record1998"


def test_a_taken_key_gets_the_next_free_letter() -> None:
    assert disambiguate("newman1998", ()) == "newman1998"
    assert disambiguate("newman1998", {"newman1998"}) == "newman1998b"
    taken = {"newman1998"} | {f"newman1998{letter}" for letter in string.ascii_lowercase}
    assert disambiguate("newman1998", taken) == "newman1998aa"


@given(st.integers(0, 60))
def test_keys_given_one_after_another_are_all_different(count: int) -> None:
    taken: list[str] = []
    for _ in range(count):
        taken.append(disambiguate("li2003", taken))
    assert len(set(taken)) == count


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_case_and_punctuation_of_a_title_do_not_change_its_key(title: str) -> None:
    decorated = f"«{title}» !"
    assert identity_keys(record(title)) == identity_keys(record(decorated))
