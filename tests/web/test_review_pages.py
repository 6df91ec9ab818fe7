"""The review room: queue, changes beside the base, references, checklist, giving back, signing, second approval."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from inquiry_service.domain.vocabulary import Action, State
from inquiry_service.services.review import CHECKLIST
from tests import answers
from tests.answers import Desk
from tests.database import CountQueries
from tests.factories import PASSWORD
from tests.web.browser import Browser
from tests.web.desk_app import browsers, enter, form_of


@pytest.fixture
def in_review(desk: Desk) -> Desk:
    """An edited off-label answer in review."""
    answers.save_edited(desk, change_note="A sentence on what was not found.")
    answers.sign(desk, desk.author, Action.SUBMIT)
    return desk


@pytest.fixture
def reviewer(in_review: Desk) -> Iterator[Browser]:
    """The first reviewer's browser."""
    with browsers(in_review) as browser:
        yield enter(browser, in_review.reviewer)


def state(desk: Desk) -> State:
    """Return the state as stored."""
    with desk.runtime.reading() as session:
        return desk.inquiry(session, lock=False).state


def version_id(desk: Desk) -> str:
    """Return the latest version."""
    with desk.runtime.reading() as session:
        return desk.version(session).id


def test_the_queue_says_what_waits_by_whom_and_how_many_have_to_sign(reviewer: Browser, in_review: Desk) -> None:
    page = reviewer.get("review.queue").text
    assert "Sumatriptan tablets around menstruation" in page
    assert in_review.author.name in page
    assert "Two" in page
    answers.sign(in_review, in_review.reviewer, Action.REQUEST_SECOND_REVIEW)
    assert f"Second, after {in_review.reviewer.name}" in reviewer.get("review.queue").text


def test_an_empty_queue_says_what_will_appear_there(desk: Desk) -> None:
    with browsers(desk) as browser:
        assert "Nothing waits for review" in enter(browser, desk.reviewer).get("review.queue").text


def test_the_queue_asks_the_database_the_same_number_of_questions_however_long_it_is(
    reviewer: Browser, in_review: Desk, count_queries: CountQueries
) -> None:
    reviewer.get("review.queue")
    with count_queries() as few:
        reviewer.get("review.queue")
    for _ in range(2):
        more = answers.another(in_review)
        answers.save(more)
        answers.sign(more, more.author, Action.SUBMIT)
    with count_queries() as many:
        page = reviewer.get("review.queue").text
    assert page.count("data-row") == 3
    assert len(many) == len(few)


def test_the_room_shows_the_change_against_the_reviewed_content_with_numbered_citations(
    reviewer: Browser, in_review: Desk
) -> None:
    page = reviewer.get("review.show", version_id=version_id(in_review)).text
    assert "Reviewed content: sumatriptan-menstrual-prevention version 1" in page
    assert "<ins>No study in men was found" in page
    assert "A sentence on what was not found." in page
    assert 'href="#reference-1"' in page
    assert 'id="reference-1"' in page
    assert "A pilot study of oral sumatriptan" in page
    assert "In 126 sumatriptan-treated cycles" in page  # the abstract beside the text
    assert "Can I give sumatriptan around the period" in page  # the question, word for word
    assert "Not retracted or corrected" in page
    assert "<del>" not in page.partition('aria-label="Text with changes"')[2].partition("</div>\n</section>")[0]


@pytest.mark.parametrize(("against", "marked"), [("1", True), ("template", True), ("99", True), ("", True)])
def test_a_version_is_compared_with_the_base_that_was_asked_for(desk: Desk, against: str, marked: bool) -> None:
    answers.save(desk)
    answers.sign(desk, desk.author, Action.SUBMIT)
    answers.give_back(desk)
    answers.save_edited(desk, base=1)
    with browsers(desk) as browser:
        page = enter(browser, desk.reviewer).get("review.show", version_id=version_id(desk), against=against).text
    assert ("<ins>" in page) is marked
    assert 'value="1"' in page
    assert 'value="template"' in page


@pytest.mark.parametrize("view", ["inline", "side", "final", "nonsense"])
def test_each_view_shows_the_text(reviewer: Browser, in_review: Desk, view: str) -> None:
    page = reviewer.get("review.show", version_id=version_id(in_review), view=view).text
    assert "No study in men was found" in page
    assert ('class="paper' in page) is (view == "final")


def test_who_may_not_decide_finds_no_checklist_and_no_buttons(reviewer: Browser, in_review: Desk) -> None:
    page = enter(reviewer, in_review.author).get("review.show", version_id=version_id(in_review)).text
    assert 'id="review-form"' not in page
    assert "Request changes" not in page


def test_an_older_version_can_be_read_and_not_decided_on(desk: Desk) -> None:
    answers.save(desk)
    first = version_id(desk)
    answers.save_edited(desk, base=1)
    answers.sign(desk, desk.author, Action.SUBMIT)
    with browsers(desk) as browser:
        page = enter(browser, desk.reviewer).get("review.show", version_id=first).text
    assert "This is an older version" in page
    assert 'id="review-form"' not in page


def dialog(browser: Browser, desk: Desk, step: str, items: tuple[str, ...] = tuple(CHECKLIST), **more: int) -> str:
    """Ask for the sign dialog with these items of the checklist ticked."""
    page = browser.get("review.show", version_id=version_id(desk)).text
    asked = form_of(page, f"/sign/{step}")
    asked.pop("checklist", None)
    return browser.post("review.prepare", asked | {"checklist": list(items)}, expect=more.get("expect", 200),  # type: ignore[dict-item]
                        version_id=version_id(desk), step=step).text


def test_an_open_item_of_the_checklist_is_asked_for_and_the_ticks_stay(reviewer: Browser, in_review: Desk) -> None:
    done = tuple(CHECKLIST)[:3]
    page = dialog(reviewer, in_review, "request_second_review", done, expect=409)
    assert "Answer every item of the review checklist." in page
    assert all(f'id="check-{item}" name="checklist" value="{item}" checked' in page for item in done)
    assert page.count('value="numbers_checked" checked') == 0
    assert state(in_review) is State.IN_REVIEW


def sign(browser: Browser, desk: Desk, actor: object, step: str) -> None:
    """Sign a step through the dialog."""
    sent = form_of(dialog(browser, desk, step), f"/signed/{step}")
    with desk.runtime.reading() as session:
        email = answers.components(session, actor, "").email  # type: ignore[arg-type]
    sent |= {"email": email, "password": PASSWORD, "checklist": list(CHECKLIST)}  # type: ignore[dict-item]
    browser.post("review.sign", sent, version_id=version_id(desk), step=step)


def test_two_reviewers_sign_one_after_the_other_and_the_author_and_the_first_cannot_be_the_second(
    reviewer: Browser, in_review: Desk
) -> None:
    sign(reviewer, in_review, in_review.reviewer, "request_second_review")
    assert state(in_review) is State.SECOND_REVIEW
    own = reviewer.get("review.show", version_id=version_id(in_review)).text
    assert "You signed the first review; a second person has to approve." in own
    dialog(reviewer, in_review, "approve", expect=409) if "/sign/approve" in own else None
    second = enter(reviewer, in_review.second)
    sign(second, in_review, in_review.second, "approve")
    assert state(in_review) is State.APPROVED
    assert "Medical approval" in second.get("letters.show", inquiry_id=in_review.inquiry_id).text


def test_a_second_wrong_password_is_refused_with_the_checklist_kept_for_the_next_try(
    reviewer: Browser, in_review: Desk
) -> None:
    step = "request_second_review"
    sent = form_of(dialog(reviewer, in_review, step), f"/signed/{step}")
    sent |= {"email": "x@tests.example", "password": "wrong", "checklist": list(CHECKLIST)}  # type: ignore[dict-item]
    page = reviewer.post("review.sign", sent, expect=403, version_id=version_id(in_review), step=step).text
    assert page.count('name="checklist"') == len(CHECKLIST)
    assert state(in_review) is State.IN_REVIEW


def test_a_return_without_reason_or_comment_is_asked_for_them(reviewer: Browser, in_review: Desk) -> None:
    page = reviewer.get("review.give_back", version_id=version_id(in_review)).text
    sent = form_of(page, "") if 'action=""' in page else {}
    with in_review.runtime.reading() as session:
        version = in_review.version(session)
        sent |= {"version_id": version.id, "digest": version.digest}
    page = reviewer.post("review.give_back", sent | {"comment": "Give the numbers."}, expect=422,
                         version_id=version_id(in_review)).text
    assert "Choose a reason from the list." in page
    assert "Give the numbers." in page
    assert state(in_review) is State.IN_REVIEW


def test_a_returned_draft_shows_its_author_the_comment(reviewer: Browser, in_review: Desk) -> None:
    with in_review.runtime.reading() as session:
        version = in_review.version(session)
        sent = {"version_id": version.id, "digest": version.digest, "reason": "unbalanced",
                "comment": "Say that the study had no control group."}
    reviewer.post("review.give_back", sent, version_id=version_id(in_review))
    assert state(in_review) is State.RETURNED
    page = enter(reviewer, in_review.author).get("drafts.edit", inquiry_id=in_review.inquiry_id).text
    assert "Say that the study had no control group." in page
    assert "Evidence is not balanced" in page


def test_a_decision_on_a_version_that_is_history_leads_to_the_newest_with_the_difference(
    reviewer: Browser, in_review: Desk
) -> None:
    with in_review.runtime.reading() as session:
        version = in_review.version(session)
        old = {"version_id": version.id, "digest": version.digest}
    answers.give_back(in_review)
    answers.save(in_review, base=1)
    answers.sign(in_review, in_review.author, Action.SUBMIT)
    sent = old | {"checklist": list(CHECKLIST)}
    response = reviewer.post("review.prepare", sent, expect=303, version_id=old["version_id"], step="approve")
    assert response.headers["Location"].endswith(f"/review/{version_id(in_review)}?against=1")
    page = reviewer.get(response.headers["Location"]).text
    assert "The draft was changed after this page was opened." in page


def test_the_address_of_the_inquiry_leads_to_its_newest_version(reviewer: Browser, in_review: Desk) -> None:
    response = reviewer.get("review.of_inquiry", inquiry_id=in_review.inquiry_id, expect=303)
    assert response.headers["Location"].endswith(version_id(in_review))
