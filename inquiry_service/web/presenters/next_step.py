"""The one step that an inquiry waits for now, out of all that are possible, in words for the person who looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inquiry_service.domain.vocabulary import Action, State
from inquiry_service.domain.workflow import Option
from inquiry_service.errors import Unmet

_FORWARD: dict[State, tuple[Action, ...]] = {
    State.RECEIVED: (Action.SCREEN,),
    State.AWAITING_CONFIRMATION: (Action.RECORD_CONFIRMATION, Action.SCREEN),
    State.SCREENED: (Action.TRIAGE,),
    State.SOLICITED_HOLD: (Action.RELEASE_HOLD,),
    State.TRIAGED: (Action.ASSIGN,),
    State.CLARIFICATION: (Action.RESUME,),
    State.ASSIGNED: (Action.START_DRAFT,),
    State.DRAFTING: (Action.SUBMIT,),
    State.IN_REVIEW: (Action.APPROVE, Action.REQUEST_SECOND_REVIEW),
    State.SECOND_REVIEW: (Action.APPROVE,),
    State.RETURNED: (Action.REVISE,),
    State.READY: (Action.SEND,),
    State.DELIVERY_FAILED: (Action.PREPARE_AGAIN,),
    State.SENT: (Action.CLOSE,),
    State.REDIRECTED: (Action.CLOSE,),
}
"""The step that brings an answer nearer; the others of a state lead aside or back."""

_BY_ITSELF = {
    State.APPROVED: ("The letter is being rendered", "This takes a few seconds and needs nobody."),
    State.SENDING: ("The letter is on its way", "The mail server has not confirmed it yet."),
}
_NEEDS_ANOTHER_WAY = "second_review_needed"


@dataclass(frozen=True)
class NextStep:
    """``title`` and ``text`` as shown; ``unmet`` is what stands in the way of the step, if anything."""

    title: str
    text: str = ""
    unmet: tuple[Unmet, ...] = ()


def next_step(state: State, options: Sequence[Option]) -> NextStep | None:
    """Return the step to take, None when nothing is left to do.

    Args:
        state: where the inquiry is.
        options: the viewer's own steps (``services.workflow.options``).
    """
    if state in _BY_ITSELF:
        return NextStep(*_BY_ITSELF[state])
    wanted = _FORWARD.get(state, ())
    own = {option.transition.action: option for option in options}
    fitting = [own[action] for action in wanted if action in own]
    if not fitting:
        return NextStep(f"Next: {wanted[0].label.lower()}", "Another role takes this step.") if wanted else None
    chosen = next((option for option in fitting if _is_the_way(option)), fitting[0])
    return _described(chosen)


def _is_the_way(option: Option) -> bool:
    return not any(condition.code.startswith(_NEEDS_ANOTHER_WAY) for condition in option.unmet)


def _described(option: Option) -> NextStep:
    title = f"Next: {option.transition.action.label.lower()}"
    if option.is_open:
        return NextStep(title, "Nothing stands in the way.")
    if len(option.unmet) == 1:
        return NextStep(title, option.unmet[0].message, option.unmet)
    return NextStep(title, f"{option.unmet[0].message} And {len(option.unmet) - 1} more.", option.unmet)
