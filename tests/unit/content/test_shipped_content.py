"""The starter content: released versions are unchanged, and each text is fit to be sent."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from inquiry_service.domain import fields, gate
from inquiry_service.domain.dossier import AskedQuestion, CitedRecord, Dossier, LabelFacts, RecordedSearch
from inquiry_service.domain.draft import Block, citation_order, parse_source
from inquiry_service.domain.sentences import sentences_of
from inquiry_service.domain.vocabulary import (
    BlockKind,
    LabelState,
    LabelStatus,
    Lane,
    RecordStatus,
    ResponseType,
    Stance,
    StudyDesign,
)
from inquiry_service.errors import IntegrityBroken
from inquiry_service.rendering import template_subset
from inquiry_service.rendering.template_subset import FieldType
from inquiry_service.services import label_files
from inquiry_service.services.content_files import MANIFEST, ContentFile, read_folder, read_manifest, released

ROOT = Path(__file__).resolve().parents[3]
RESPONSES = ROOT / "templates" / "responses"
LIBRARY = ROOT / "literature_index" / "corpus" / "triptans" / "records.csv"
LABELS = ROOT / "literature_index" / "labels"
FILES = read_folder(RESPONSES)
STANDARD = [file for file in FILES if file.meta["kind"] == "standard_response"]
_FIGURE = re.compile(r"\d*\.\d+|\d+")


@cache
def _abstracts() -> dict[str, str]:
    with LIBRARY.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    # The collection writes years as 1998.0.
    return {f"pmid{row['pubmedID']}": f"{row['title']} {row['abstract']} {row['year'].removesuffix('.0')}"
            for row in rows}


@cache
def _label() -> LabelFacts:
    version = label_files.read(LABELS / "sumatriptan-tablets.toml").labels[-1]
    texts = {section.code: section.text for section in version.sections}
    return LabelFacts("l1", version.version, version.effective_date, LabelState.CURRENT, frozenset(texts),
                      texts["34067-9"], texts.get("34066-1", ""))


def _filled(file: ContentFile) -> str:
    declared = fields.declared_fields(file.meta.get("fields", []))
    catalogue = {name: FieldType(kind) for name, kind in fields.types(declared).items()}
    return template_subset.render(file.source, fields.samples(declared), catalogue)


def _block(key: str, kind: BlockKind) -> Block:
    text = _filled(next(file for file in FILES if file.key == key))
    return Block(kind, kind.label, text.strip(), locked=True, questions=(1,))


def _locked(lane: Lane) -> tuple[Block, ...]:
    words = "patient" if lane in (Lane.PATIENT, Lane.DECLINE) else "hcp"
    status = _block("not-approved-statement", BlockKind.STATUS)
    indications = _label().indications.replace("Limitations of use: ", "")
    return (
        _block(f"opening-{words}", BlockKind.OPENING), _block(f"closing-{words}", BlockKind.CLOSING),
        replace(status, text=f"{status.text}\n\n{indications}"),
        Block(BlockKind.SAFETY_INFORMATION, "Safety", "**Boxed warning.** None.", locked=True),
    )


def _dossier(file: ContentFile) -> Dossier:
    """The text as it would be sent: filled with samples, with its locked parts, each citation kept."""
    lane = Lane(file.meta["lane"])
    blocks = parse_source(_filled(file))
    cited = {
        key: CitedRecord(key, key, key, RecordStatus.CURRENT, kept=True, stance=Stance.NEUTRAL, design=StudyDesign.RCT)
        for key in citation_order(blocks)
    }
    status = LabelStatus(file.meta["label_statuses"][0])
    return Dossier(
        lane=lane, market="US", today=date(2026, 11, 22), label=_label(),
        questions=(AskedQuestion(1, "The question", label_status=status, lane=lane),),
        blocks=blocks if lane is Lane.PUBLIC_CONTACT else (*_locked(lane), *blocks), citations=cited,
        response_type=ResponseType.STANDARD_UNCHANGED, searches=(RecordedSearch("query", date(2026, 11, 18), 12),),
        screened=True, requester_verified=True, requester_is_professional=True,
    )


def test_every_folder_is_released_and_unchanged() -> None:
    assert [file.name for file in released(RESPONSES)] == sorted(file.name for file in FILES)


def test_a_changed_release_is_refused_and_says_what_to_do(tmp_path: Path) -> None:
    _copy(RESPONSES / "closing-hcp", tmp_path / "closing-hcp")
    manifest = f'[released]\n"closing-hcp/v1" = "{read_manifest(RESPONSES)["closing-hcp/v1"]}"\n'
    (tmp_path / MANIFEST).write_text(manifest)
    assert [file.name for file in released(tmp_path)] == ["closing-hcp/v1"]
    template = tmp_path / "closing-hcp" / "v1" / "template.md"
    template.write_text(template.read_text("utf-8").replace("not a recommendation", "a recommendation"), "utf-8")
    with pytest.raises(IntegrityBroken, match="closing-hcp/v1 was changed; put it back"):
        released(tmp_path)


def test_a_removed_release_is_refused(tmp_path: Path) -> None:
    (tmp_path / MANIFEST).write_text('[released]\n"closing-hcp/v1" = "00"\n')
    with pytest.raises(IntegrityBroken, match="missing"):
        released(tmp_path)


def test_line_ends_do_not_change_the_hash(tmp_path: Path) -> None:
    _copy(RESPONSES / "closing-hcp", tmp_path / "closing-hcp")
    for path in (tmp_path / "closing-hcp" / "v1").iterdir():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    (file,) = read_folder(tmp_path)
    assert file.sha256 == read_manifest(RESPONSES)["closing-hcp/v1"]


def _copy(source: Path, target: Path) -> None:
    for path in source.rglob("*.*"):
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_template_uses_known_fields_only_and_fills_completely(file: ContentFile) -> None:
    declared = fields.declared_fields(file.meta.get("fields", []))
    catalogue = {name: FieldType(kind) for name, kind in fields.types(declared).items()}
    assert template_subset.problems(file.source, catalogue) == []
    assert "{{" not in _filled(file)


@pytest.mark.parametrize("file", STANDARD, ids=lambda file: file.name)
def test_a_standard_response_passes_the_gate_without_a_warning(file: ContentFile) -> None:
    assert [(f.rule, f.excerpt) for f in gate.check(_dossier(file))] == []


@pytest.mark.parametrize("file", STANDARD, ids=lambda file: file.name)
def test_every_reference_is_a_record_of_the_starter_library(file: ContentFile) -> None:
    assert [key for key in citation_order(parse_source(_filled(file))) if key not in _abstracts()] == []


@pytest.mark.parametrize("file", STANDARD, ids=lambda file: file.name)
def test_every_figure_stands_in_the_abstract_that_is_cited_for_it(file: ContentFile) -> None:
    assert _figures_without_source(_filled(file)) == []


def test_a_wrong_figure_would_be_found() -> None:
    source = _filled(next(file for file in FILES if file.key == "sumatriptan-menstrual-prevention"))
    assert _figures_without_source(source.replace("52.4%", "54.2%")) == ["54.2", "54.2"]


_IN_WORDS = {"80": "eighty", "19": "nineteen", "21": "twenty-one", "1": "one"}


def _figures_without_source(source: str) -> list[str]:
    missing = []
    for block in parse_source(source):
        for sentence in sentences_of(block):
            if sentence.citations:
                text = " ".join(_abstracts()[key] for key in sentence.citations).replace(",", "").lower()
                given = {figure.lstrip("0") for figure in _FIGURE.findall(text)}
                given |= {figure for figure, word in _IN_WORDS.items() if word in text}
                figures = _FIGURE.findall(re.sub(r"(?<=\d),(?=\d)", "", sentence.words))
                missing += [figure for figure in figures if figure.lstrip("0") not in given]
    return missing


def test_the_closing_leaves_the_decision_and_asks_for_reports_in_both_lanes() -> None:
    for key in ("closing-hcp", "closing-patient"):
        text = _filled(next(file for file in FILES if file.key == key))
        assert "1-800-FDA-1088" in text
        assert re.search(r"not a recommendation|cannot take the place of advice", text)


@pytest.mark.parametrize("path", sorted(LABELS.glob("*.toml")), ids=lambda path: path.stem)
def test_a_demonstration_label_says_that_it_is_not_official(path: Path) -> None:
    for version in label_files.read(path).labels:
        assert "demonstration text" in version.title
        assert "not an official label" in version.source_note
        assert all(section.text == section.text.strip() != "" for section in version.sections)
