"""A librarian's day in a real browser: import, duplicates, search, data on file, and all of it without a mouse."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect
from weasyprint import HTML

from tests.browser.conftest import SignIn
from tests.browser.test_accessibility import violations

WORKER_WITHIN = 45_000
NEW = "Onset of relief after a fictional rescue tablet in travellers"
IMPORTED = f"""\
TY  - JOUR
AU  - Example, A
TI  - {NEW}
PY  - 2021
DO  - 10.5555/library.1
ER  -

TY  - GEN
TI  - Naratriptan as short-term prophylaxis of menstrually associated migraine: a randomized, double-blind, \
placebo-controlled study
AN  - 11264684
DB  - PubMed
PY  - 2001
ER  -

TY  - JOUR
TI  - Management of menstrual migraine
JO  - The Neurologist
AN  - 12864931
DB  - PubMed
PY  - 2003
ER  -

TY  - JOUR
AU  - Nameless, B
PY  - 1999
ER  -
"""
"""One record that is new, one that the library has, one that it has with less, one without a title."""

TWIN = "A registry of fictional rescue tablets in mountain huts"
TWINS = f"""\
TY  - JOUR
AU  - Example, A
TI  - {TWIN}: a cohort study over three winters
PY  - 2019
DO  - 10.5555/library.2
ER  -

TY  - JOUR
AU  - Example, A
TI  - {TWIN}
PY  - 2019
ER  -
"""
"""A title with and without its subtitle: one work or two, a person has to say."""

ON_FILE = "Stability of fictional suspension in open bottles"
PHRASE = "turned faintly lavender after nineteen weeks"
TWO_PAGES = f"<p>Batch 7 stood in the dark.</p><p style='break-before: page'>The suspension {PHRASE}.</p>"

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def hand_in(page: Page, folder: Path, name: str, text: str) -> None:
    """Upload a file of records and wait, by the page's own link, for what the check found."""
    file = folder / name
    file.write_text(text, encoding="utf-8")
    page.goto("/literature")
    page.get_by_role("navigation", name="Library").get_by_role("link", name="Imports").click()
    page.get_by_label("Literature file").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()
    follow(page, "See what was found", page.get_by_role("button", name="Confirm and import"))


def follow(page: Page, words: str, goal: Locator) -> None:
    """Wait until the progress offers ``words`` and click it; a small file may be at its ``goal`` at once."""
    link = page.get_by_role("link", name=words)
    link.or_(goal).first.wait_for(timeout=WORKER_WITHIN)
    if link.count():
        expect(page.get_by_role("button", name="Cancel the import")).to_have_count(0)
        link.click()
    expect(goal).to_be_visible()


def confirm(page: Page) -> None:
    page.get_by_role("button", name="Confirm and import").click()
    follow(page, "See the report", page.get_by_role("link", name="JSON"))


def found_within(page: Page, address: str, words: str) -> None:
    """Reload a search until the worker has brought ``words`` into the index."""
    until = time.monotonic() + WORKER_WITHIN / 1000
    while time.monotonic() < until:
        page.goto(address)
        if page.locator(".eh-hits").get_by_text(words).count():
            return
        page.wait_for_timeout(300)
    pytest.fail(f"{address} does not find “{words}”: {page.locator('#centre').inner_text()[:400]}")


def test_a_file_is_checked_confirmed_and_accounted_for_record_by_record(sign_in: SignIn, tmp_path: Path) -> None:
    """New, known, known with less, unreadable: shown before anything is stored, and the report adds up."""
    page = sign_in("librarian")
    hand_in(page, tmp_path, "export.ris", IMPORTED)
    findings = page.locator(".eh-import-rows > tbody > tr > td:nth-child(2)")
    expect(findings).to_have_text(["New", "Already in the library", "Known, with something new", "Cannot be read"])
    page.get_by_text("What differs: Journal").click()
    assert not violations(page)
    expect(page.get_by_role("row", name=re.compile("Journal.*Neurologist"))).to_be_visible()
    choice = page.get_by_label("What to do with record 3")
    choice.focus()
    choice.select_option(label="Leave the known record as it is")
    expect(page.locator("#announce")).to_have_text("Choice saved")
    expect(choice).to_be_focused()
    choice.select_option(label="Update the known record")
    confirm(page)
    expect(page.locator("#about-import")).to_have_text(
        "4 records read = 1 created + 1 updated + 1 duplicate + 1 rejected")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="JSON").click()
    report = json.loads(waiting.value.path().read_text(encoding="utf-8"))["report"]
    counts = report["counts"]
    assert counts["read"] == 4
    assert counts["read"] == sum(counts[name] for name in ("created", "updated", "duplicate", "rejected"))
    assert [item["outcome"] for item in report["items"]] == ["created", "duplicate", "updated", "rejected"]
    assert "no title" in report["items"][3]["reason"]


def test_two_records_of_one_work_are_merged_and_parted_again(sign_in: SignIn, tmp_path: Path) -> None:
    """From the queue of possible duplicates to the merge and back; searches follow both ways."""
    page = sign_in("librarian")
    hand_in(page, tmp_path, "twins.ris", TWINS)
    confirm(page)
    page.goto("/literature")
    page.get_by_role("link", name="Possible duplicates").click()
    pair = page.locator(".eh-twins > li").filter(has_text=TWIN)
    pair.get_by_role("link", name=re.compile("^Compare")).click()
    assert not violations(page)
    page.get_by_label("Why they are the same work").fill("One registry; the second lacks the subtitle.")
    page.get_by_role("button", name=re.compile("^Merge into")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("merged into")
    assert not violations(page)
    merge = page.url
    search = f'/literature?q="{TWIN}"'
    page.goto("/literature/pairs")
    expect(page.locator(".eh-twins > li").filter(has_text=TWIN)).to_have_count(0)
    settled(page, search, 1)
    page.goto(merge)
    page.get_by_label("Why the merge is undone").fill("The second is the registry of another year.")
    page.get_by_role("button", name="Undo the merge").click()
    expect(page.get_by_text("Undone")).to_be_visible()
    settled(page, search, 2)


def settled(page: Page, address: str, hits: int) -> None:
    """Reload a search until it finds so many records."""
    until = time.monotonic() + WORKER_WITHIN / 1000
    while time.monotonic() < until:
        page.goto(address)
        if page.locator(".eh-hits > li").count() == hits:
            return
        page.wait_for_timeout(300)
    assert page.locator(".eh-hits > li").count() == hits


def test_a_search_is_spelled_right_narrowed_ordered_followed_and_saved(sign_in: SignIn) -> None:
    """A typing error, its correction, a filter, an order, similar records, a saved search."""
    page = sign_in("mi")
    page.goto("/literature?q=sumatripan+menstraul")
    page.get_by_role("link", name="sumatriptan menstrual", exact=True).click()
    expect(page.locator("#q")).to_have_value("sumatriptan menstrual")
    everything = found(page)
    year = page.get_by_label("From", exact=True)
    year.fill("2000")
    year.press("Tab")
    expect(page).to_have_url(re.compile("from=2000"))
    expect(page.locator("#announce")).to_have_text(re.compile("records found"))
    assert 0 < found(page) < everything
    product = page.get_by_role("checkbox", name=re.compile("Sumatriptan tablets"))
    expected = int(product.locator("xpath=..").locator(".eh-n").inner_text())
    product.check()
    expect(page).to_have_url(re.compile("from=2000.*product=|product=.*from=2000"))
    assert found(page) == expected, "a filter's count is the number of records that it leaves"
    expect(product).to_be_focused()
    page.get_by_label("Order").select_option(label="Oldest first")
    expect(page).to_have_url(re.compile("sort=oldest"))
    assert found(page) == expected, "another order finds the same"
    years = [int(text) for text in re.findall(r"\. (\d{4})\.", "\n".join(page.locator(".eh-src").all_inner_texts()))]
    assert years == sorted(years)
    page.get_by_role("link", name="Save this search").click()
    page.get_by_label("Name").fill("Menstrual migraine since 2000")
    expect(page.get_by_text("2000")).to_be_visible()
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status").filter(has_text="was saved")).to_be_visible()
    page.get_by_role("link", name="Run in the library").click()
    expect(page.get_by_label("From", exact=True)).to_have_value("2000")
    page.get_by_role("link", name=re.compile("^Similar records")).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Similar to")
    expect(page.locator(".eh-hits > li").first).to_be_visible()


def found(page: Page) -> int:
    """The number of records that the page says it found."""
    return int(page.locator("#centre h2").first.inner_text().split()[0].replace(",", ""))


def test_data_on_file_is_found_by_a_phrase_of_its_second_page(sign_in: SignIn, tmp_path: Path) -> None:
    """A source entered by hand, its PDF, the worker's reading of it, the page number beside the hit."""
    pdf = tmp_path / "report.pdf"
    HTML(string=TWO_PAGES).write_pdf(pdf)
    page = sign_in("librarian")
    page.goto("/literature")
    page.get_by_role("link", name="Add a source").click()
    page.get_by_label("Kind").select_option(label="Data on file")
    page.get_by_label("Title").fill(ON_FILE)
    page.get_by_label("Year").fill("2024")
    page.get_by_role("button", name="Add the source").click()
    expect(page.get_by_role("heading", name=ON_FILE)).to_be_visible()
    page.get_by_role("link", name="Add a file").click()
    page.locator("input[type=file]").set_input_files(pdf)
    page.locator("form").get_by_role("button", name=re.compile("^Add")).click()
    expect(page.get_by_text("report.pdf")).to_be_visible()
    found_within(page, f'/literature?q="{PHRASE}"', ON_FILE)
    hit = page.locator(".eh-hits > li").filter(has_text=ON_FILE)
    expect(hit).to_contain_text("Page 2 of the file")
    expect(hit).to_contain_text("lavender")


def test_a_record_is_reached_by_keyboard_alone(sign_in: SignIn) -> None:
    """The key for search, a filter in the tab order, the first hit, its record; the focus stays in sight."""
    page = sign_in("mi")
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("menstrual migraine")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/literature"))
    tab_to(page, "#as-typed")
    page.keyboard.press("Space")
    expect(page).to_have_url(re.compile("as_typed=1"))
    expect(page.locator("#as-typed")).to_be_focused()
    title = page.locator(".eh-hits h2 a").first
    tab_to(page, ".eh-hits h2 a")
    expect(title).to_be_in_viewport()
    words = title.inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=words).first).to_be_visible()


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until the first element of ``selector`` has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Tab does not reach {selector}")
