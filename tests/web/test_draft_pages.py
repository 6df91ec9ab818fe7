"""The page of a draft: choosing content, writing, previewing, saving without losing a word, signing authorship."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from inquiry_service.domain.vocabulary import Action, State
from inquiry_service.services import throttle, workflow
from inquiry_service.store import responses as store
from tests import answers
from tests.answers import Desk
from tests.factories import PASSWORD
from tests.web.browser import Browser
from tests.web.desk_app import browsers, enter, form_of

HX = {"HX-Request": "true"}
REFUSED = "That was not accepted. Check your user id and your password."


@pytest.fixture
def author(desk: Desk) -> Iterator[Browser]:
    """The author's browser."""
    with browsers(desk) as browser:
        yield enter(browser, desk.author)


def state(desk: Desk) -> State:
    """Return the state as stored."""
    with desk.runtime.reading() as session:
        return desk.inquiry(session, lock=False).state


def versions(desk: Desk) -> int:
    """Return how many versions are stored."""
    with desk.runtime.reading() as session:
        return len(store.versions(session, desk.inquiry_id))


def editor(author: Browser, desk: Desk) -> dict[str, str]:
    """Return what the editor on the latest version, or on a new custom answer, would send."""
    page = author.get("drafts.edit", inquiry_id=desk.inquiry_id, **({} if versions(desk) else {"content": "custom"}))
    return form_of(page.text, "/draft")


def test_without_a_version_the_page_offers_content_that_fits_and_says_why(author: Browser, desk: Desk) -> None:
    page = author.get("drafts.edit", inquiry_id=desk.inquiry_id).text
    assert "Sumatriptan tablets for the short-term prevention of menstrual migraine" in page
    assert "Same topic: Efficacy" in page
    assert "Label status: Off-label" in page
    assert "Dose and maximum dose of sumatriptan tablets" not in page  # written for an on-label question
    assert "Write a custom answer" in page


def test_a_standard_response_is_opened_saved_and_found_again(author: Browser, desk: Desk) -> None:
    with desk.runtime.reading() as session:
        content_id = answers.draft_data(session, desk).content_version_id
    page = author.get("drafts.edit", inquiry_id=desk.inquiry_id, content=content_id).text
    sent = form_of(page, "/draft")
    assert sent["merge_use__description"] == "the short-term prevention of menstrual migraine"
    assert sent["base_version"] == "0"
    author.post("drafts.save", sent | {"change_note": "From the standard response."}, inquiry_id=desk.inquiry_id)
    again = author.get("drafts.edit", inquiry_id=desk.inquiry_id).text
    assert "Version 1 was saved." in again
    assert form_of(again, "/draft")["source"].strip() == sent["source"].strip()
    assert "Not approved for this use" in again
    assert "Nothing to mend" in again


def test_a_custom_answer_beyond_the_label_asks_for_the_use_in_words(author: Browser, desk: Desk) -> None:
    sent = editor(author, desk)
    assert "merge_use__description" in sent
    assert "## Conflicting, negative or missing evidence {q=1}" in sent["source"]


@pytest.mark.parametrize(("change", "words"), [
    ({"title": ""}, "Give the letter a title."),
    ({"source": "My unfinished words without a heading"}, "Line 1"),
    ({"source": "## Summary {q=1}\n\nMy unfinished words {{ secret.key }}"}, "Line 3"),
], ids=["no title", "no heading", "unknown field"])
def test_a_save_that_is_refused_keeps_every_word_and_links_to_the_problem(
    author: Browser, desk: Desk, change: dict[str, str], words: str
) -> None:
    typed = editor(author, desk) | {"change_note": "A note that I typed."} | change
    page = author.post("drafts.save", typed, expect=422, inquiry_id=desk.inquiry_id).text
    kept = form_of(page, "/draft")
    assert kept["source"].strip() == typed["source"].strip().replace("\r\n", "\n")
    assert kept["change_note"] == "A note that I typed."
    assert words in page
    assert 'id="error-summary"' in page
    assert versions(desk) == 0


def test_a_field_that_the_content_does_not_ask_for_is_refused(author: Browser, desk: Desk) -> None:
    author.post("drafts.save", editor(author, desk) | {"merge_made_up": "x"}, expect=400, inquiry_id=desk.inquiry_id)


def test_a_stale_save_shows_both_texts_keeps_the_own_one_and_can_be_saved_after_that(
    author: Browser, desk: Desk
) -> None:
    answers.save(desk)
    mine = editor(author, desk)
    answers.save_edited(desk, base=1)
    mine["source"] = mine["source"].replace("## Background", "My own sentence about cycles.\n\n## Background")
    page = author.post("drafts.save", mine, expect=409, inquiry_id=desk.inquiry_id).text
    assert "Somebody saved version 2 meanwhile" in page
    assert "<del>" in page
    assert "No study in men was found" in page
    kept = form_of(page, "/draft")
    assert "My own sentence about cycles." in kept["source"]
    assert kept["base_version"] == "2"
    author.post("drafts.save", kept, inquiry_id=desk.inquiry_id)
    assert versions(desk) == 3


def test_a_draft_that_went_to_review_meanwhile_is_not_overwritten_and_the_words_stay(
    author: Browser, desk: Desk
) -> None:
    answers.save(desk)
    mine = editor(author, desk) | {"source": "## Summary {q=1}\n\nMy late words."}
    answers.sign(desk, desk.author, Action.SUBMIT)
    page = author.post("drafts.save", mine, expect=409, inquiry_id=desk.inquiry_id).text
    assert "My late words." in page
    assert "in review" in page
    assert versions(desk) == 1


def test_the_live_preview_shows_letter_and_checks_and_saves_nothing(author: Browser, desk: Desk) -> None:
    answers.save(desk)
    typed = editor(author, desk)
    typed["source"] = typed["source"].replace("## Data {q=1}", "## Data {q=2}")
    part = author.post("drafts.preview", typed, expect=200, headers=HX, inquiry_id=desk.inquiry_id).text
    assert "<html" not in part
    assert 'class="paper' in part
    assert 'id="checks-list" hx-swap-oob' in part
    assert "answers question 2, which nobody asked" in part
    assert 'data-goto="## Data"' in part
    assert versions(desk) == 1


def test_a_preview_of_a_text_that_cannot_be_read_says_which_line(author: Browser, desk: Desk) -> None:
    answers.save(desk)
    typed = editor(author, desk) | {"source": "## Nonsense {q=1}\n\nText"}
    part = author.post("drafts.preview", typed, expect=200, headers=HX, inquiry_id=desk.inquiry_id).text
    assert "Line 1" in part
    assert "is not a section of a letter" in part


def test_without_script_the_preview_button_returns_the_whole_page_with_the_typed_text(
    author: Browser, desk: Desk
) -> None:
    answers.save(desk)
    typed = editor(author, desk)
    typed["source"] += "\n\nA sentence that is not saved yet."
    page = author.post("drafts.preview", typed, expect=200, inquiry_id=desk.inquiry_id).text
    assert page.count("A sentence that is not saved yet.") >= 2  # in the editor and in the letter
    assert versions(desk) == 1


def test_what_others_typed_is_shown_as_text_and_never_as_markup(author: Browser, desk: Desk) -> None:
    typed = editor(author, desk) | {
        "title": "<script>alert(1)</script>", "source": "## Summary {q=1}\n\n<img src=x alt=y>",
        "merge_use__description": "<b>bold</b>"}
    author.post("drafts.save", typed, inquiry_id=desk.inquiry_id)
    page = author.get("drafts.edit", inquiry_id=desk.inquiry_id).text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "<b>bold</b>" not in page


def test_a_blocked_step_lists_every_reason_with_its_place(author: Browser, desk: Desk) -> None:
    with desk.runtime.reading() as session:
        source = answers.edited(session).partition("## Conflicting")[0].replace("[@pmid14551015]", "")
    answers.save(desk, source=source)
    page = author.get("drafts.edit", inquiry_id=desk.inquiry_id).text
    assert 'aria-disabled="true"' in page
    assert "is empty. Write what speaks against" in page
    with desk.runtime.reading() as session:
        options = workflow.options(session, desk.author, desk.inquiry(session, lock=False))
    submit = next(option for option in options if option.transition.action is Action.SUBMIT)
    assert len(submit.unmet) > 1
    shown = page.partition('id="why-submit"')[2].partition("</ul>")[0]
    assert shown.count("<li>") == len(submit.unmet)


def test_a_reviewer_reads_the_draft_and_finds_no_editor(author: Browser, desk: Desk) -> None:
    answers.save(desk)
    page = enter(author, desk.reviewer).get("drafts.edit", inquiry_id=desk.inquiry_id).text
    assert "<textarea" not in page
    assert 'class="paper' in page


def dialog(author: Browser, desk: Desk, step: str = "submit") -> dict[str, str]:
    """Ask for the sign dialog and return what it would send, with the right components."""
    page = author.get("drafts.edit", inquiry_id=desk.inquiry_id).text
    asked = form_of(page, f"/sign/{step}")
    shown = author.post("drafts.prepare", asked, expect=200, inquiry_id=desk.inquiry_id, step=step).text
    with desk.runtime.reading() as session:
        email = answers.components(session, desk.author, "").email
    return form_of(shown, f"/signed/{step}") | {"email": email, "password": PASSWORD, "comment": "As agreed."}


def sign(author: Browser, desk: Desk, sent: dict[str, str], expect: int) -> str:
    """Send the sign dialog of the submission."""
    return author.post("drafts.sign", sent, expect=expect, inquiry_id=desk.inquiry_id, step="submit").text


def test_the_dialog_says_who_signs_what_with_which_meaning_and_digest(author: Browser, desk: Desk) -> None:
    answers.save(desk)
    page = author.get("drafts.edit", inquiry_id=desk.inquiry_id).text
    shown = author.post("drafts.prepare", form_of(page, "/sign/submit"), expect=200, headers=HX,
                        inquiry_id=desk.inquiry_id, step="submit").text
    with desk.runtime.reading() as session:
        version = desk.version(session)
    assert shown.lstrip().startswith("<dialog")
    for words in (desk.author.name, f"{version.response.number}, version 1", "Authorship", version.digest[:4],
                  "same as my handwritten signature", "UTC (server clock)"):
        assert words in shown


def test_a_signed_authorship_sends_the_draft_to_review_and_shows_the_signature_in_words(
    author: Browser, desk: Desk
) -> None:
    answers.save(desk)
    sign(author, desk, dialog(author, desk), 303)
    assert state(desk) is State.IN_REVIEW
    page = author.get("letters.show", inquiry_id=desk.inquiry_id).text
    assert f"Signed: Written by {desk.author.name}" in page


@pytest.mark.parametrize("wrong", [{"password": "not it"}, {"email": "other@tests.example"}, {"ticket": "made-up"}])
def test_a_refused_signature_gives_no_hint_and_a_new_ticket_with_which_the_right_components_succeed(
    author: Browser, desk: Desk, wrong: dict[str, str]
) -> None:
    answers.save(desk)
    sent = dialog(author, desk)
    page = sign(author, desk, sent | wrong, 403)
    assert REFUSED in page
    assert "not it" not in page
    assert state(desk) is State.DRAFTING
    again = form_of(page, "/signed/submit")
    assert again["ticket"] not in ("", sent["ticket"], "made-up")
    sign(author, desk, again | {"email": sent["email"], "password": PASSWORD}, 303)
    assert state(desk) is State.IN_REVIEW


def test_a_dialog_that_was_sent_once_cannot_be_sent_again(author: Browser, desk: Desk) -> None:
    answers.save(desk)
    sent = dialog(author, desk)
    sign(author, desk, sent | {"password": "not it"}, 403)
    assert REFUSED in sign(author, desk, sent, 403)


def test_after_too_many_failures_the_page_says_how_long_to_wait(author: Browser, desk: Desk) -> None:
    answers.save(desk)
    for _ in range(throttle.ACCOUNT.free + 1):
        sign(author, desk, dialog(author, desk) | {"password": "not it"}, 403)
    sent = dialog(author, desk)
    response = author.post("drafts.sign", sent, expect=429, inquiry_id=desk.inquiry_id, step="submit")
    assert "Try again in" in response.text
    assert int(response.headers["Retry-After"]) > 0
    assert state(desk) is State.DRAFTING


def test_an_empty_component_is_asked_for_and_counts_as_no_attempt(author: Browser, desk: Desk) -> None:
    answers.save(desk)
    sent = dialog(author, desk)
    page = sign(author, desk, sent | {"password": ""}, 422)
    assert "Enter your password." in page
    again = form_of(page, "/signed/submit")
    sign(author, desk, again | {"email": sent["email"], "password": PASSWORD}, 303)


def test_a_draft_that_changed_after_the_page_was_opened_is_not_signed(author: Browser, desk: Desk) -> None:
    answers.save(desk)
    page = author.get("drafts.edit", inquiry_id=desk.inquiry_id).text
    asked = form_of(page, "/sign/submit")
    answers.save_edited(desk, base=1)
    author.post("drafts.prepare", asked, expect=303, inquiry_id=desk.inquiry_id, step="submit")
    assert "was changed after this page was opened" in author.get("drafts.edit", inquiry_id=desk.inquiry_id).text


@pytest.mark.parametrize("endpoint", ["drafts.prepare", "drafts.sign"])
def test_looking_at_a_signing_address_issues_no_ticket(author: Browser, desk: Desk, endpoint: str) -> None:
    answers.save(desk)
    author.get(f"/inquiries/{desk.inquiry_id}/draft/{'sign' if endpoint == 'drafts.prepare' else 'signed'}/submit",
               expect=405)


@pytest.mark.parametrize("step", ["approve", "withdraw", "nonsense"])
def test_no_other_step_is_signed_from_the_draft(author: Browser, desk: Desk, step: str) -> None:
    answers.save(desk)
    author.post("drafts.prepare", {}, expect=404, inquiry_id=desk.inquiry_id, step=step)
