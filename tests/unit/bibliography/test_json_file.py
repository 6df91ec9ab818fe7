"""JSON of Crossref, DataCite, CSL and Zotero: fields, direction of links, and files that are broken on purpose."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inquiry_service.bibliography import json_stream
from inquiry_service.bibliography.record import ParsedRecord, Rejected
from inquiry_service.domain.vocabulary import RecordKind, RecordStatus
from tests.unit.bibliography.samples import SAMPLES, authors_of, records_of, results_of, sample


def kinds_of(record: ParsedRecord) -> set[str]:
    return {relation.kind for relation in record.relations}


def test_a_retracted_article_of_crossref_is_retracted_and_names_its_notice() -> None:
    record = sample("crossref_retracted.json")
    assert (record.status, record.is_notice) == (RecordStatus.RETRACTED, False)
    assert {"retraction_in", "erratum_in"} <= kinds_of(record)
    notices = {relation.doi for relation in record.relations if relation.kind == "retraction_in"}
    assert notices == {"10.1016/s0140-6736(10)60175-4"}


def test_the_retraction_notice_of_crossref_is_no_retracted_article() -> None:
    record = sample("crossref_notice.json")
    assert (record.status, record.is_notice, record.kind) == (RecordStatus.CURRENT, True, RecordKind.NOTICE)
    assert kinds_of(record) == {"retraction_of"}


def test_an_expression_of_concern_is_no_retraction() -> None:
    record = sample("crossref_concern.json")
    assert (record.status, record.is_notice) == (RecordStatus.EXPRESSION_OF_CONCERN, False)


@pytest.mark.parametrize(
    ("kind", "status"),
    [("retraction", RecordStatus.RETRACTED), ("withdrawal", RecordStatus.RETRACTED),
     ("expression_of_concern", RecordStatus.EXPRESSION_OF_CONCERN), ("erratum", RecordStatus.CORRECTED),
     ("partial_retraction", RecordStatus.EXPRESSION_OF_CONCERN), ("new_version", RecordStatus.CURRENT)],
)  # fmt: skip
def test_what_an_update_says_stands_on_the_article_and_never_on_the_notice(kind: str, status: RecordStatus) -> None:
    update = [{"DOI": "10.1000/other", "type": kind}]
    article, notice = records_of(json.dumps([
        {"title": ["A trial"], "DOI": "10.1000/a", "updated-by": update},
        {"title": ["About a trial"], "DOI": "10.1000/b", "update-to": update},
    ]))  # fmt: skip
    assert (article.status, article.is_notice) == (status, False)
    assert (notice.status, notice.is_notice) == (RecordStatus.CURRENT, kind != "new_version")


def test_a_work_that_updates_itself_is_the_retracted_article() -> None:
    work = {"title": ["A trial"], "DOI": "10.1000/A", "update-to": [{"DOI": "10.1000/a", "type": "retraction"}]}
    (record,) = records_of(json.dumps(work))
    assert (record.status, record.is_notice) == (RecordStatus.RETRACTED, False)


def test_groups_among_the_authors_of_a_crossref_work_keep_their_place() -> None:
    record = sample("crossref_collective.json")
    assert authors_of(record)[3:6] == ["Wolpin BM", "Pancreatic Cancer Cohort Consortium (PanScan)", "Klein AP"]
    assert "Secretor (FUT2) Genotype" in record.title
    assert (record.journal, record.year) == ("Cancer Epidemiology, Biomarkers & Prevention", 2023)


def test_the_main_title_of_a_datacite_record_is_the_one_without_a_type() -> None:
    record = sample("datacite_alternative_title_first.json")
    assert record.title == "Study of intracranial tumors using histogram analysis"
    assert authors_of(record) == ["Στυλιαρά Ε"]


def test_csl_dates_and_group_authors_are_read() -> None:
    first, second, third = records_of((SAMPLES / "zotero_csl_export.json").read_bytes())
    assert (first.year, second.year, third.year) == (2017, 2002, 2015)
    assert authors_of(second) == ["The Endogenous Hormones and Breast Cancer Collaborative Group"]


def test_attachments_and_notes_of_zotero_are_rejected_by_name() -> None:
    record, *rejected = results_of((SAMPLES / "zotero_native_items.json").read_bytes())
    assert isinstance(record, ParsedRecord)
    reasons = [result.reason for result in rejected if isinstance(result, Rejected)]
    assert reasons == ["The item is an attached file, not a publication.", "The item is a note, not a publication."]


def test_jats_markup_in_an_abstract_becomes_labelled_paragraphs() -> None:
    abstract = ("<jats:title>Abstract</jats:title><jats:sec><jats:title>Aim</jats:title><jats:p>Dose 10<jats:sup>5"
                "</jats:sup> and p&lt;0.05.</jats:p></jats:sec><jats:sec><jats:title>Results</jats:title>"
                "<jats:p>None.</jats:p></jats:sec>")  # fmt: skip
    (record,) = records_of(json.dumps({"title": ["A"], "abstract": abstract}))
    assert record.abstract == "AIM: Dose 10⁵ and p<0.05.\n\nRESULTS: None."


@pytest.mark.parametrize(
    "text",
    ['{"status":"ok","message":{"total-results":2,"items":[{"title":["A"]},{"title":["B"]}]}}',
     '[{"title":"A"},{"title":"B"}]', '{"title":"A"}\n{"title":"B"}\n', '{"items":[{"title":"A"},{"title":"B"}]}',
     '{"data":[{"attributes":{"titles":[{"title":"A"}]}},{"attributes":{"titles":[{"title":"B"}]}}]}'],
)  # fmt: skip
def test_the_list_of_records_is_found_wherever_the_source_puts_it(text: str) -> None:
    assert [record.title for record in records_of(text)] == ["A", "B"]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [('{"title": oops}', "no valid JSON"), ('{"title":' + "[" * 300 + "]" * 300 + "}", "nested"),
     ("17", "no publication"),
     ('{"title":' + "9" * 5000 + "}", "no valid JSON"), ('{"title":"\\ud800"}', "cannot be stored"),
     ('{"note":"nothing"}', "no publication")],
)  # fmt: skip
def test_a_broken_item_is_rejected_and_its_neighbours_are_read(broken: str, reason: str) -> None:
    first, second, third = results_of(f'[{{"title":"A"}},{broken},{{"title":"C"}}]')
    assert isinstance(first, ParsedRecord)
    assert isinstance(second, Rejected)
    assert reason in second.reason
    assert isinstance(third, ParsedRecord)
    assert third.raw_position == 3


def test_an_item_beyond_all_measure_is_rejected_and_the_next_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_stream, "MAX_ITEM_CHARS", 1_000)
    monkeypatch.setattr(json_stream, "_CHUNK", 300)
    results = results_of('[{"title":"A"},{"title":"' + 'x\\"' * 2_000 + '"},{"title":"C"}]')
    assert [type(result) for result in results] == [ParsedRecord, Rejected, ParsedRecord]


def test_a_file_that_breaks_off_says_so_at_its_last_record() -> None:
    results = results_of('[{"title":"A"},{"title":"B')
    assert [type(result) for result in results] == [ParsedRecord, Rejected]
    assert isinstance(results[1], Rejected)
    assert "ends within this record" in results[1].reason


@given(st.lists(st.text(max_size=20), min_size=1, max_size=8), st.integers(1, 40))
def test_items_are_the_same_however_small_the_pieces_are_in_which_they_are_read(titles: list[str], size: int) -> None:
    text = json.dumps([{"title": f"T{title}"} for title in titles], ensure_ascii=False)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(json_stream, "_CHUNK", size)
        small = results_of(text.encode("utf-8", "replace"))
    assert small == results_of(text.encode("utf-8", "replace"))
    assert len(small) == len(titles)
