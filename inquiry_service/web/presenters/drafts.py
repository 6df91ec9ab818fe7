"""The page of a draft as plain data: what can be done with it, the content to start from, versions, comments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from inquiry_service.domain.actor import Actor
from inquiry_service.domain.permissions import Permission
from inquiry_service.domain.signing import short
from inquiry_service.domain.vocabulary import Action, LabelStatus, State, Topic
from inquiry_service.domain.workflow import Option
from inquiry_service.services.composition import lane_of
from inquiry_service.services.content import name_of, standing_of
from inquiry_service.store.content import SAME_TOPIC, Match, Wanted
from inquiry_service.web.presenters.reasons import Reason, reasons

WRITABLE = (State.DRAFTING, State.RETURNED)


@dataclass(frozen=True)
class Button:
    """A step of the draft: where it is posted, and what stands in its way."""

    action: Action
    label: str
    reasons: tuple[Reason, ...] = ()

    @property
    def is_open(self) -> bool:
        """True when nothing stands in the way."""
        return not self.reasons


@dataclass(frozen=True)
class Offer:
    """Reviewed content that fits, and why; ``on_topic``: it shares a topic with the questions."""

    id: str
    title: str
    name: str
    reasons: tuple[str, ...]
    standing: str
    expires: Any
    review_due: Any
    on_topic: bool


@dataclass(frozen=True)
class VersionLine:
    """One saved version."""

    id: str
    number: int
    author: str
    saved_at: Any
    note: str
    digest: str
    current: bool


def may_write(inquiry: Any, viewer: Actor) -> bool:
    """Say whether the viewer finds an editor: the right, the state, and not the own question (R27)."""
    return (viewer.may(Permission.DRAFT_WRITE) and inquiry.state in WRITABLE
            and viewer.user_id != inquiry.submitter_id)


def buttons(options: Sequence[Option], inquiry_id: str) -> tuple[Button, ...]:
    """Return the steps from here: release on the fast path if it is open, else sending to review."""
    own = {option.transition.action: option for option in options}
    found = [own[action] for action in (Action.RELEASE, Action.SUBMIT) if action in own]
    if found and found[0].transition.action is Action.RELEASE and _is_shut(found[0]):
        found = found[1:]
    return tuple(_button(option, inquiry_id) for option in found)


def _is_shut(option: Option) -> bool:
    """Whether the fast path is not for this answer at all, whatever else is still to be mended."""
    return any(condition.code == "fast_path_closed" for condition in option.unmet)


def start_button(options: Sequence[Option], inquiry_id: str) -> Button | None:
    """Return the step that starts drafting, if it is the viewer's."""
    found = next((option for option in options if option.transition.action is Action.START_DRAFT), None)
    return _button(found, inquiry_id) if found else None


def _button(option: Option, inquiry_id: str) -> Button:
    action = option.transition.action
    return Button(action, action.label, reasons(option.unmet, inquiry_id))


def wanted(inquiry: Any, label: Any) -> Wanted:
    """Return what the answer to ``inquiry`` needs of its standard response."""
    return Wanted(
        product_key=inquiry.product.key, market=inquiry.market, language=inquiry.language, lane=lane_of(inquiry),
        topics=frozenset(Topic(topic) for question in inquiry.questions for topic in question.topics),
        label_statuses=frozenset(
            found.label_status if (found := question.classification) else LabelStatus.OFF_LABEL
            for question in inquiry.questions),
        label_version=label.version if label else "",
    )


def offers(matches: Sequence[Match]) -> tuple[Offer, ...]:
    """Return the content to choose from, the closest first."""
    return tuple(
        Offer(match.version.id, match.version.title, name_of(match.version), match.reasons,
              standing_of(match.version).word, match.version.expires, match.version.review_due,
              any(reason.startswith(SAME_TOPIC) for reason in match.reasons))
        for match in matches
    )


def version_lines(versions: Sequence[Any]) -> tuple[VersionLine, ...]:
    """Return the saved versions, the newest first."""
    newest = versions[-1].id if versions else ""
    return tuple(
        VersionLine(row.id, row.version, row.author_name, row.saved_at, row.change_note, short(row.digest),
                    row.id == newest)
        for row in reversed(versions)
    )


def content_line(content: Any) -> dict[str, Any]:
    """Return what the editor says of the reviewed content behind the draft."""
    if content is None:
        return {"name": "", "title": "Custom answer, without a standard response", "standing": "", "usable": True}
    found = standing_of(content)
    return {"name": name_of(content), "title": content.title, "standing": found.word, "usable": found.usable,
            "reason": found.reason}


def returned(decisions: Sequence[Any], versions: Sequence[Any]) -> tuple[dict[str, Any], ...]:
    """Return the comments with which the draft came back, the newest first (R80)."""
    numbers = {row.id: row.version for row in versions}
    return tuple(
        {"author": row.decider_name, "initials": _initials(row.decider_name), "text": row.comment,
         "where": row.reason.label, "when": f"version {numbers.get(row.response_version_id, '')}, "
                                            f"{row.decided_at:%Y-%m-%d %H:%M} UTC"}
        for row in reversed(decisions) if row.reason is not None
    )


def _initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
