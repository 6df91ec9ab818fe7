"""AMA references and citation numbers (R57)."""

from __future__ import annotations

import hashlib
import re
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiry_service.bibliography import ama
from tests.unit.bibliography.samples import ROOT, sample

CSL = ROOT / "inquiry_service" / "bibliography" / "csl"
TAGS = re.compile(r"<[^>]*>")


def authors(count: int) -> list[dict[str, str]]:
    return [{"family": f"Author{letter}", "initials": "AB"} for letter in "ABCDEFGH"[:count]]


def reference(**fields: Any) -> str:
    record = {"title": "A trial.", "authors": authors(1), "journal": "Test journal", "year": 2001} | fields
    return ama.format_references([ama.to_csl(record)])[0]


def test_a_journal_article_has_its_parts_in_the_order_of_the_manual() -> None:
    assert reference(
        journal_abbrev="Test J", volume="42", issue="4", pages="244-255", doi="10.1000/a", pmid="1"
    ) == "AuthorA AB. A trial. <i>Test J</i>. 2001;42(4):244-255. doi:10.1000/a"  # fmt: skip


def test_a_real_record_gives_a_real_reference() -> None:
    record = sample("pubmed2.xml")
    assert ama.format_references([ama.to_csl(record.as_mapping())]) == [
        "Taddei AR, Barbato F, Abelli L, et al. Is cryopreservation a homogeneous process? Ultrastructure and "
        "motility of untreated, prefreezing, and postthawed spermatozoa of Diplodus puntazzo (Cetti). "
        "<i>Cryobiology</i>. 2001;42(4):244-255. doi:10.1006/cryo.2001.2328"
    ]


def test_six_authors_are_named_and_of_seven_the_first_three() -> None:
    assert reference(authors=authors(6)).startswith(
        "AuthorA AB, AuthorB AB, AuthorC AB, AuthorD AB, AuthorE AB, AuthorF AB. A trial."
    )
    assert reference(authors=authors(7)).startswith("AuthorA AB, AuthorB AB, AuthorC AB, et al. A trial.")


def test_particles_suffixes_and_groups_are_printed_as_they_are() -> None:
    named = [
        {"family": "van Eijck", "initials": "CH"},
        {"family": "Example", "initials": "ML", "suffix": "Jr"},
        {"collective": "Test Study Group"},
    ]
    assert reference(authors=named).startswith("van Eijck CH, Example ML Jr, Test Study Group. A trial.")


def test_a_record_of_title_authors_year_and_pmid_ends_with_the_pmid() -> None:
    assert reference(journal="", pmid="9674831") == "AuthorA AB. A trial. 2001. PMID: 9674831"


def test_missing_parts_leave_no_trace() -> None:
    assert ama.format_references([{"title": "A trial"}]) == ["A trial."]
    assert reference(authors=[], journal="") == "A trial. 2001."
    assert reference(journal="", year=None) == "AuthorA AB. A trial."
    assert ama.format_references([{}]) == [""]
    assert ama.format_references([]) == []


def test_a_title_stands_once_when_nobody_is_named() -> None:
    assert reference(authors=[], volume="1").count("A trial") == 1


def test_a_question_keeps_its_mark_and_gets_no_full_stop() -> None:
    assert "Does it help? <i>" in reference(title="Does it help?")


@pytest.mark.parametrize(
    ("pages", "printed"),
    [("637-41", "637-641"), ("1401-4", "1401-1404"), ("S12-9", "S12-S19"), ("244-255", "244-255"),
     ("e0240506", "e0240506"), ("9-12", "9-12"), ("445", "445")],
)  # fmt: skip
def test_the_last_page_is_printed_in_full(pages: str, printed: str) -> None:
    assert reference(volume="1", pages=pages).endswith(f";1:{printed}.")


def test_retracted_works_and_works_of_concern_are_marked_and_others_are_not() -> None:
    assert "A trial [Retracted]. " in reference(status="retracted")
    assert "A trial [Expression of concern]. " in reference(status="expression_of_concern")
    assert "[" not in reference(status="current") + reference(status="corrected")
    record = sample("pubmed_retracted.nbib")
    assert ama.format_references([ama.to_csl(record.as_mapping())])[0].endswith(
        "disorder in children [Retracted]. <i>Lancet</i>. 1998;351(9103):637-641. doi:10.1016/s0140-6736(97)11096-0"
    )


def test_other_kinds_of_works_can_be_cited() -> None:
    label = ama.to_csl(
        {"type": "webpage", "title": "Prescribing information", "url": "https://example.org/a",
         "accessed": "2026-03-04", "authors": [{"collective": "Example Company"}], "year": 2025}
    )  # fmt: skip
    assert ama.format_references([label]) == [
        "Example Company. Prescribing information. 2025. Accessed March 4, 2026. https://example.org/a"
    ]


HOSTILE = st.text(st.sampled_from("<>&\"'ab/ i\ue000\ue001\ue002\ue003{}.-"), max_size=30)


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_no_field_can_bring_markup_of_its_own(title: str, family: str, journal: str, pages: str) -> None:
    text = reference(
        title=title, journal=journal, pages=pages, volume="1", authors=[{"family": family, "initials": "A"}]
    )
    assert set(TAGS.findall(text)) <= {"<i>", "</i>"}
    assert not re.search(r"&(?!lt;|gt;|amp;)", text)


def test_without_the_shield_a_title_would_bring_its_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control for the property above: citeproc-py itself escapes nothing."""
    monkeypatch.setattr(ama, "_SHIELD", {})
    assert "<b>" in reference(title="<b>bold</b>")
    monkeypatch.undo()
    assert "&lt;b&gt;bold&lt;/b&gt;" in reference(title="<b>bold</b>")


def test_references_come_in_the_order_given_with_repetitions_kept() -> None:
    items = [ama.to_csl({"title": title}) for title in ("B", "A", "B")]
    assert ama.format_references(items) == ["B.", "A.", "B."]


def test_unknown_keys_are_ignored_without_a_warning() -> None:
    item = {"title": "A", "custom": {"x": 1}, "author": [{"family": "B", "isInstitution": "0"}], "issued": {"raw": "x"}}
    assert ama.format_references([item]) == ["B. A."]


def test_threads_do_not_disturb_each_other() -> None:
    items = [ama.to_csl({"title": f"Title {n}", "authors": authors(n % 8), "year": 2000 + n}) for n in range(12)]
    expected = ama.format_references(items)
    found: list[list[str]] = []
    threads = [threading.Thread(target=lambda: found.append(ama.format_references(items))) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 6


@pytest.mark.parametrize(
    ("numbers", "text"),
    [([], ""), ([4], "4"), ([1, 2], "1,2"), ([1, 2, 3, 5], "1–3,5"), ([7, 5, 6, 5, 1], "1,5–7"), ([2, 4], "2,4")],
)
def test_citation_numbers_are_sorted_and_ranges_closed(numbers: list[int], text: str) -> None:
    assert ama.citation_numbers(numbers) == text


@given(st.sets(st.integers(1, 60)))
def test_citation_numbers_can_be_read_back(numbers: set[int]) -> None:
    read: set[int] = set()
    for part in filter(None, ama.citation_numbers(list(numbers)).split(",")):
        first, _, last = part.partition("–")
        read |= set(range(int(first), int(last or first) + 1))
    assert read == numbers


def test_a_citation_number_below_one_is_refused() -> None:
    with pytest.raises(ValueError, match="1 or more, got 0"):
        ama.citation_numbers([0, 1])


def test_the_style_and_its_locale_are_the_unchanged_works_that_are_credited() -> None:
    credit = (CSL / "README.md").read_text()
    for name in ("american-medical-association.csl", "locales-en-US.xml"):
        assert f"{hashlib.sha256((CSL / name).read_bytes()).hexdigest()}  {name}" in credit
    licence = (CSL / "LICENSE-CC-BY-SA-3.0.txt").read_text()
    assert "Attribution-ShareAlike 3.0 Unported" in licence


@pytest.mark.parametrize(("fields", "printed"), [
    ({"kind": "data_on_file", "title": "Stability of 50 mg tablets", "journal": "Example Pharma", "issue": "D-1"},
     "Stability of 50 mg tablets. Data on file, D-1. Example Pharma. 2026."),
    ({"kind": "label", "title": "Tryptanol 50 mg tablets", "journal": "Example Pharma"},
     "Tryptanol 50 mg tablets. Prescribing information. Example Pharma. 2026."),
    ({"kind": "congress_abstract", "title": "A trial", "journal": "Headache", "volume": "64", "issue": "suppl 1"},
     "A trial [abstract]. <i>Headache</i>. 2026;64(suppl 1)."),
    ({"kind": "trial_registration", "title": "A trial", "journal": "ClinicalTrials.gov", "issue": "NCT00000001"},
     "A trial. Identifier NCT00000001. ClinicalTrials.gov. 2026."),
    ({"kind": "preprint", "title": "A trial", "journal": "medRxiv"},
     "A trial. <i>medRxiv</i>. Preprint posted online 2026."),
    ({"kind": "article", "title": "A trial", "journal": "Headache", "volume": "64"},
     "A trial. <i>Headache</i>. 2026;64."),
])
def test_a_source_that_is_no_article_says_what_it_is(fields: dict[str, str], printed: str) -> None:
    assert ama.format_references([ama.to_csl({**fields, "year": 2026})]) == [printed]
