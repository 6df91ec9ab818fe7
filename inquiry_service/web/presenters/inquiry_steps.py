"""The buttons of an inquiry: where each step is taken, what stands in its way and where that is mended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from inquiry_service.domain.vocabulary import Action, State
from inquiry_service.domain.workflow import Option
from inquiry_service.errors import Unmet

Address = Callable[..., str]
"""Endpoint and values to an address; empty when this installation has no such page."""


@dataclass(frozen=True)
class Way:
    """How a step is taken: ``post`` at once, otherwise on the page of ``endpoint``.

    Attributes:
        asks_for: codes of conditions that the page itself asks for, so they do not block the way to it.
    """

    endpoint: str
    label: str = ""
    post: bool = False
    values: dict[str, str] = field(default_factory=dict)
    asks_for: frozenset[str] = frozenset()


_HOLD = Way("hold.show", "Decide on the hold")
_REVIEW = Way("review.of_inquiry", "Open the review")


def _closing(action: Action) -> Way:
    return Way("closing.step", values={"action": action.value})


_ASSIGNEE = frozenset({"assignee_missing", "assignee_is_submitter", "assignee_not_trained"})

WAYS: dict[Action, Way] = {
    Action.RECORD_CONFIRMATION: Way("screening.confirmation", asks_for=frozenset({"confirmation_missing"})),
    Action.SCREEN: Way("screening.finish", post=True),
    Action.RELEASE_HOLD: _HOLD,
    Action.CLOSE_SOLICITED: _HOLD,
    Action.TRIAGE: Way("triage.finish", post=True),
    Action.ASK_REQUESTER: Way("triage.ask", asks_for=frozenset({"contact_attempt_missing"})),
    Action.RESUME: Way("triage.resume", post=True),
    Action.REDIRECT: Way("triage.redirect"),
    Action.ASSIGN: Way("triage.assign", asks_for=_ASSIGNEE),
    Action.START_DRAFT: Way("drafts.start", post=True),
    Action.SUBMIT: Way("drafts.edit", "Open the draft"),
    Action.RELEASE: Way("drafts.edit", "Open the draft"),
    Action.REVISE: Way("drafts.edit", "Revise the draft"),
    Action.APPROVE: _REVIEW,
    Action.REQUEST_SECOND_REVIEW: _REVIEW,
    Action.RETURN: _REVIEW,
    Action.SEND: Way("letters.show", "Open the letter"),
    Action.PREPARE_AGAIN: Way("letters.show", "Open the letter"),
    Action.REPORT_BOUNCE: Way("letters.show", "Open the letter"),
    Action.CLOSE: _closing(Action.CLOSE),
    Action.CLOSE_UNANSWERED: _closing(Action.CLOSE_UNANSWERED),
    Action.WITHDRAW: _closing(Action.WITHDRAW),
    Action.REOPEN: Way("closing.follow_up", "Open a follow-up"),
}
"""A step without a line here is taken by the system or by a page that does not exist yet."""

FORWARD: dict[State, Action] = {
    State.RECEIVED: Action.SCREEN, State.AWAITING_CONFIRMATION: Action.RECORD_CONFIRMATION,
    State.SCREENED: Action.TRIAGE, State.SOLICITED_HOLD: Action.RELEASE_HOLD, State.TRIAGED: Action.ASSIGN,
    State.CLARIFICATION: Action.RESUME, State.ASSIGNED: Action.START_DRAFT, State.DRAFTING: Action.SUBMIT,
    State.IN_REVIEW: Action.APPROVE, State.SECOND_REVIEW: Action.APPROVE, State.RETURNED: Action.REVISE,
    State.READY: Action.SEND, State.DELIVERY_FAILED: Action.PREPARE_AGAIN, State.SENT: Action.CLOSE,
    State.REDIRECTED: Action.CLOSE, State.CLOSED: Action.REOPEN,
}
"""The step that brings an answer nearer: the one filled button."""

_WHEN = {
    Action.SCREEN: "Screening can finish", Action.TRIAGE: "Triage can finish", Action.SUBMIT: "Review can start",
    Action.SEND: "The letter can be sent", Action.CLOSE: "This can be closed", Action.RESUME: "Work can go on",
    Action.START_DRAFT: "Drafting can start",
}

_MENDED_AT = {
    "intake": "screening.confirmation", "solicitation": "screening.solicitation", "triage": "triage.level",
    "requester": "requesters.show", "assignment": "triage.assign", "draft": "drafts.edit", "label": "drafts.edit",
    "template": "drafts.edit", "evidence": "evidence.workbench", "review": "review.of_inquiry",
    "checklist": "review.of_inquiry",
    "document": "letters.show",
}
_ANCHORS = {"safety": "safety", "question": "questions", "solicitation": "screens", "triage": "questions"}
"""Part of the page itself, where there is no page of its own."""


@dataclass(frozen=True)
class Reason:
    """One unmet condition, and the address where it is mended."""

    message: str
    href: str


@dataclass(frozen=True)
class Step:
    """A button: ``blocked`` when conditions stand in the way of even beginning it."""

    action: Action
    label: str
    href: str
    post: bool
    reasons: tuple[Reason, ...]

    @property
    def blocked(self) -> bool:
        """Whether it says why instead of leading on."""
        return bool(self.reasons)


@dataclass(frozen=True)
class Steps:
    """The filled button, what stands in its way, and the other steps.

    Attributes:
        why: title of the strip that lists what is still to do; empty when nothing is.
        reasons: what the forward step waits for, also where its button leads on to a page.
    """

    main: Step | None
    others: tuple[Step, ...]
    why: str = ""
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True)
class Places:
    """Where things are mended on this inquiry: contact not screened yet, question not classified yet.

    Attributes:
        address: endpoint and values to an address.
        inquiry_id: of the inquiry.
        contact_id: first contact without its screen; empty when all are screened.
        question: number of the first question without classification; 0 when all are classified.
    """

    address: Address
    inquiry_id: str
    contact_id: str = ""
    question: int = 0

    def of(self, condition: Unmet) -> str:
        """Return the address where ``condition`` is mended; empty when there is none."""
        if condition.code == "adverse_event_screen_missing" and self.contact_id:
            return self.address("screening.contact", inquiry_id=self.inquiry_id, contact_id=self.contact_id)
        if condition.code in {"classification_missing", "lane_missing"} and self.question:
            return self.address("triage.classify", inquiry_id=self.inquiry_id, seq=self.question)
        endpoint = _MENDED_AT.get(condition.where, "")
        found = self.address(endpoint, inquiry_id=self.inquiry_id) if endpoint else ""
        return found or (f"#{_ANCHORS[condition.where]}" if condition.where in _ANCHORS else "")


def steps_of(state: State, options: Sequence[Option], places: Places) -> Steps:
    """Return the buttons for the viewer's own steps."""
    own = {option.transition.action: option for option in options if option.transition.action in WAYS}
    forward = _forward(state, own)
    main = _step(own[forward], places) if forward else None
    taken = {(main.href, main.post)} if main else set()
    others: list[Step] = []
    for option in own.values():
        step = _step(option, places)
        if (step.href, step.post) not in taken and step.href:
            taken.add((step.href, step.post))
            others.append(step)
    reasons = _reasons(own[forward].unmet, WAYS[forward], places) if forward else ()
    return Steps(main if main and main.href else None, tuple(others), _why(forward, len(reasons)), reasons)


def _forward(state: State, own: dict[Action, Option]) -> Action | None:
    wanted = FORWARD.get(state)
    if wanted is Action.APPROVE and Action.REQUEST_SECOND_REVIEW in own:
        needs_two = any(condition.code == "second_review_needed" for condition in own[wanted].unmet)
        return Action.REQUEST_SECOND_REVIEW if needs_two else wanted
    return wanted if wanted in own else None


def _step(option: Option, places: Places) -> Step:
    action = option.transition.action
    way = WAYS[action]
    # A page of its own says what is missing there; a button that acts at once says it here.
    blocking = option.unmet if way.post or way.endpoint == "closing.step" else ()
    return Step(
        action, way.label or action.label,
        places.address(way.endpoint, inquiry_id=places.inquiry_id, **way.values), way.post,
        _reasons(blocking, way, places),
    )


def _reasons(conditions: Sequence[Unmet], way: Way, places: Places) -> tuple[Reason, ...]:
    return tuple(
        Reason(condition.message, places.of(condition))
        for condition in conditions
        # The checklist is part of the review page, never something to do before it.
        if condition.code not in way.asks_for and condition.code != "checklist_incomplete"
    )


def _why(action: Action | None, count: int) -> str:
    if action is None or not count:
        return ""
    lead = _WHEN.get(action, f"“{action.label}” is possible")
    return f"{lead} when {'this is' if count == 1 else f'{count} things are'} done"
