"""Products and labels: word for word, with what rests on them; retiring one through the page stops letters."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask

from config import Config
from inquiry_service.domain.actor import SYSTEM
from inquiry_service.domain.label_sections import BOXED_WARNING, INDICATIONS
from inquiry_service.domain.permissions import ROLE_PERMISSIONS, Permission
from inquiry_service.domain.vocabulary import Action, LabelState, Role, State
from inquiry_service.errors import Refused
from inquiry_service.services import label_files, labels, staleness
from inquiry_service.services.facts import gather
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import products as store
from tests import answers, factories
from tests.answers import Desk
from tests.database import CountQueries
from tests.web.browser import Browser
from tests.web.conftest import BrowserOf

HOSTILE = '<script>alert("x")</script> & <img src=x>'
READERS = [role for role in Role if Permission.CONTENT_READ in ROLE_PERMISSIONS[role]]
OTHERS = [role for role in Role if role is not Role.SYSTEM and role not in READERS]


@pytest.fixture
def owner(browser_of: BrowserOf) -> Browser:
    """A content owner's browser."""
    return browser_of(Role.CONTENT_OWNER)


@pytest.fixture
def shipped(runtime: Runtime) -> Runtime:
    """The labels of the demonstration."""
    with runtime.transaction() as session:
        label_files.load(session, SYSTEM, runtime.config.corpus_dir.parent / "labels")
    return runtime


@pytest.fixture
def desk(app: Flask, config: Config) -> Iterator[Desk]:
    """The shipped labels and content, and one inquiry that is being drafted."""
    opened = answers.open_desk(config)
    yield opened
    opened.runtime.close()


def current(runtime: Runtime, key: str = "sumatriptan-tablets") -> str:
    """Return the id of the label in force in the United States."""
    with runtime.reading() as session:
        product = store.by_key(session, key)
        assert product is not None
        label = store.current_label(session, product.id, "US")
        assert label is not None
        return label.id


def _shipped_data(runtime: Runtime) -> labels.LabelData:
    """Return the shipped sumatriptan label as data."""
    return label_files.read(runtime.config.corpus_dir.parent / "labels" / "sumatriptan-tablets.toml").labels[-1]


def test_products_are_listed_with_their_label_in_force_per_market(shipped: Runtime, owner: Browser) -> None:
    with shipped.transaction() as session:
        product = factories.product_with_label(session, name="Twofold", key="twofold")
        factories.label(session, product, market="DE", version="7", effective=date(2026, 1, 1))
        factories.product(session, name="Unlabelled", key="unlabelled")
    page = owner.get("labels.products").text
    line = page.partition("Twofold</a>")[2].partition("</tr>")[0]
    assert line.index("DE <a") < line.index("US <a")
    assert "effective <span class=\"eh-num\">2026-01-01</span>, used by 0 letters" in line
    assert "</svg> No label in force</span>" in page.partition("Unlabelled</a>")[2].partition("</tr>")[0]
    assert "Other company’s product" in page.partition("Rizatriptan tablets</a>")[2].partition("</tr>")[0]


def test_a_product_lists_every_label_version_with_its_state(shipped: Runtime, owner: Browser) -> None:
    with shipped.transaction() as session:
        ids = {product.key: product.id for product in store.products(session)}
        labels.add_label_version(session, SYSTEM, store.product(session, ids["sumatriptan-tablets"]),
                                 replace(_shipped_data(shipped), version="2026-11", effective_date=date(2026, 11, 1)))
    page = owner.get("labels.product", product_id=ids["sumatriptan-tablets"]).text
    assert page.index("2026-11</a>") < page.index("Current</span>") < page.index("2026-03</a>")
    assert page.index("2026-03</a>") < page.index("Superseded</span>")
    assert "another company’s product" in owner.get("labels.product", product_id=ids["rizatriptan-tablets"]).text
    owner.get("labels.product", product_id="nothing", expect=404)
    owner.get("labels.show", label_id="nothing", expect=404)


def test_a_label_is_shown_word_for_word_with_section_names_codes_and_where_the_words_come_from(
    shipped: Runtime, owner: Browser
) -> None:
    page = owner.get("labels.show", label_id=current(shipped)).text
    with shipped.reading() as session:
        label = store.label(session, SYSTEM, current(shipped))
        indications = next(part.text for part in label.sections if part.code == INDICATIONS)
        assert len(label.sections) == page.count("LOINC ")
    assert f'<div class="eh-text eh-verbatim">{indications}</div>' in page
    assert "<h2>Indications and usage</h2>" in page
    assert "LOINC 34067-9" in page
    note = page.partition("Where these words come from.</strong>")[2].partition("</div>")[0]
    assert "not an official label" in note
    assert page.index("not an official label") < page.index("LOINC ")


def test_hostile_label_text_is_shown_as_text(runtime: Runtime, owner: Browser) -> None:
    with runtime.transaction() as session:
        product = factories.product(session, name=HOSTILE)
        label = factories.label(session, product, texts={BOXED_WARNING: HOSTILE})
        label.source_note = HOSTILE
        ids = product.id, label.id
    pages = [owner.get("labels.products"), owner.get("labels.product", product_id=ids[0]),
             owner.get("labels.show", label_id=ids[1]), owner.get("labels.retire", label_id=ids[1])]
    for page in pages:
        assert "<script>alert" not in page.text
        assert "<img" not in page.text
        assert "&lt;script&gt;alert(" in page.text


def test_letters_that_rest_on_a_label_are_named(desk: Desk, owner: Browser) -> None:
    found = current(desk.runtime)
    assert "No letter uses it." in owner.get("labels.show", label_id=found).text
    answers.save(desk)
    with desk.runtime.reading() as session:
        number = desk.inquiry(session, lock=False).number
    page = owner.get("labels.show", label_id=found).text
    assert "Not sent yet" in page
    assert f'<a href="/inquiries/{desk.inquiry_id}">{number}</a>' in page
    assert "used by 1 letter<" in owner.get("labels.products").text
    assert number not in owner.get("labels.show", label_id=current(desk.runtime, "naratriptan-tablets")).text


def test_a_label_retired_through_the_page_stops_the_letter_that_rests_on_it(desk: Desk, owner: Browser) -> None:
    answers.approved(desk)
    found = current(desk.runtime)
    assert _changed(desk) == []
    assert "<dt>Not sent yet</dt><dd>1 letter</dd>" in owner.get("labels.retire", label_id=found).text
    owner.post("labels.retire", {"reason": "Withdrawn by the authority"}, label_id=found)
    assert "label_retired" in _changed(desk)
    with desk.runtime.transaction() as session:
        assert staleness.bounce_if_stale(session, desk.inquiry(session))
    with desk.runtime.reading() as session:
        assert desk.inquiry(session, lock=False).state is State.IN_REVIEW
    with pytest.raises(Refused) as refused:
        answers.sign(desk, desk.reviewer, Action.APPROVE)
    assert refused.value.unmet


def _changed(desk: Desk) -> list[str]:
    with desk.runtime.reading() as session:
        return [unmet.code for unmet in gather(session, desk.inquiry(session, lock=False)).source_changes]


def test_a_retired_label_shows_its_reason_and_offers_no_further_act(shipped: Runtime, browser_of: BrowserOf) -> None:
    owner, reader, found = browser_of(Role.CONTENT_OWNER), browser_of(Role.MEDICAL_REVIEWER), current(shipped)
    assert f"/labels/{found}/retire" in owner.get("labels.show", label_id=found).text
    owner.post("labels.retire", {"reason": f"Withdrawn {HOSTILE}"}, label_id=found)
    page = reader.get("labels.show", label_id=found).text
    assert "Withdrawn &lt;script&gt;" in page
    assert "</svg> Retired</span>" in page
    assert f"/labels/{found}/retire" not in owner.get("labels.show", label_id=found).text
    assert owner.get("labels.retire", label_id=found, expect=303).location == f"/labels/{found}"
    assert "retired already" in owner.post("labels.retire", {"reason": "Again"}, label_id=found, expect=409).text


def test_without_a_reason_no_label_is_retired(shipped: Runtime, owner: Browser) -> None:
    found = current(shipped)
    page = owner.post("labels.retire", {"reason": " "}, label_id=found, expect=422).text
    assert 'href="#retire-reason"' in page
    owner.post("labels.retire", {"reason": "x"}, label_id=found, token="", expect=400)
    assert current(shipped) == found


@pytest.mark.parametrize("role", READERS, ids=str)
def test_those_who_may_read_labels_read_them_and_only_the_owner_retires(
    shipped: Runtime, browser_of: BrowserOf, role: Role
) -> None:
    browser, found = browser_of(role), current(shipped)
    browser.get("labels.products")
    manages = Permission.CONTENT_MANAGE in ROLE_PERMISSIONS[role]
    assert (f"/labels/{found}/retire" in browser.get("labels.show", label_id=found).text) is manages
    browser.post("labels.retire", {"reason": "Mine"}, label_id=found, expect=303 if manages else 403)
    with shipped.reading() as session:
        assert (store.label(session, SYSTEM, found).state is LabelState.RETIRED) is manages


@pytest.mark.parametrize("role", OTHERS, ids=str)
def test_everybody_else_is_refused(shipped: Runtime, browser_of: BrowserOf, role: Role) -> None:
    browser, found = browser_of(role), current(shipped)
    pages = [browser.get("labels.products", expect=403), browser.get("labels.show", label_id=found, expect=403),
             browser.post("labels.retire", {"reason": "Mine"}, label_id=found, expect=403)]
    assert not any("Sumatriptan" in page.text for page in pages)
    assert current(shipped) == found


def test_pages_need_the_same_number_of_queries_however_much_there_is(
    desk: Desk, owner: Browser, count_queries: CountQueries
) -> None:
    with desk.runtime.reading() as session:
        product = store.by_key(session, "sumatriptan-tablets")
        assert product is not None
    with count_queries() as few:
        owner.get("labels.products")
        owner.get("labels.product", product_id=product.id)
        owner.get("labels.show", label_id=current(desk.runtime))
    answers.save(desk)
    with desk.runtime.transaction() as session:
        for number in range(3):
            factories.product_with_label(session, name=f"Further {number}")
        data = replace(_shipped_data(desk.runtime), version="2026-11", effective_date=date(2026, 11, 1))
        labels.add_label_version(session, SYSTEM, store.product(session, product.id), data)
    with count_queries() as many:
        owner.get("labels.products")
        owner.get("labels.product", product_id=product.id)
        owner.get("labels.show", label_id=current(desk.runtime))
    assert len(many) == len(few) <= 30
