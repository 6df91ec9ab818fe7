"""Every event that the audit log can hold; the list is closed.

The rule: ``subject:verb``, the verb as a past participle, lower case with underscores; a name, once
released, is never changed or reused, because old entries keep it for ever. A refused attempt is an
event of its own (``…_refused``, ``…_failed``). To add one: a line here, the ``record()`` call, done.

The words beside each name are the sentence of the timeline. They may use ``{actor}``, ``{object}``
and the new value of a changed field, e.g. ``{state}``; a field that the entry lacks is left out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Event(StrEnum):
    """An event name with its sentence: ``Event.X.value`` is stored, ``Event.X.sentence`` is read."""

    sentence: str

    def __new__(cls, value: str, sentence: str = "") -> Event:
        """Make a member from the stored name and the words of the timeline."""
        event = str.__new__(cls, value)
        event._value_ = value
        event.sentence = sentence
        return event

    # People and access
    ACCOUNT_LOGGED_IN = "account:logged_in", "{actor} signed in"
    ACCOUNT_LOGGED_OUT = "account:logged_out", "{actor} signed out"
    ACCOUNT_LOGIN_FAILED = "account:login_failed", "A sign-in as {object} failed"
    ACCOUNT_LOCKED = "account:locked", "{object} was locked after too many failed attempts"
    ACCOUNT_CREATED = "account:created", "{actor} created account {object}"
    ACCOUNT_CHANGED = "account:changed", "{actor} changed account {object}"
    ACCOUNT_DISABLED = "account:disabled", "{actor} disabled account {object}"
    ACCOUNT_ENABLED = "account:enabled", "{actor} enabled account {object}"
    ACCOUNT_ROLES_CHANGED = "account:roles_changed", "{actor} changed the roles of {object}"
    ACCOUNT_PASSWORD_CHANGED = "account:password_changed", "{actor} changed the password of {object}"
    ACCOUNT_PASSWORD_RESET = "account:password_reset", "{actor} reset the password of {object}"
    ACCOUNT_SESSION_REVOKED = "account:session_revoked", "{actor} ended a session of {object}"
    ACCESS_REFUSED = "access:refused", "{actor} was refused access to {object}"
    STEP_REFUSED = "step:refused", "{actor} tried a step on {object} that is not allowed now"
    PERSON_VIEWED = "person:viewed", "{actor} looked at the personal data of {object}"
    PERSON_ADDED = "person:added", "{actor} recorded {object}"
    PERSON_CHANGED = "person:changed", "{actor} changed the details of {object}"
    PERSON_VERIFIED = "person:verified", "{actor} verified who {object} is"
    PERSON_ERASED = "person:erased", "{actor} erased the personal data of {object}"

    # Intake, screening, triage
    INQUIRY_RECEIVED = "inquiry:received", "{actor} recorded {object}"
    INQUIRY_SUBMITTED = "inquiry:submitted", "{actor} handed in {object} from the field, under attestation"
    INQUIRY_VIEWED = "inquiry:viewed", "{actor} read {object}"
    INQUIRY_CHANGED = "inquiry:changed", "{actor} changed {object}"
    INQUIRY_CONFIRMATION_ASKED = "inquiry:confirmation_asked", "{actor} asked for confirmation of {object}"
    INQUIRY_CONFIRMED = "inquiry:confirmed", "{actor} recorded the professional's confirmation of {object}"
    INQUIRY_SCREENED = "inquiry:screened", "{actor} finished the screens of {object}"
    INQUIRY_HELD = "inquiry:held", "{actor} put {object} on hold for Compliance"
    INQUIRY_HOLD_RELEASED = "inquiry:hold_released", "{actor} found {object} unsolicited and released it"
    INQUIRY_CLOSED_SOLICITED = "inquiry:closed_solicited", "{actor} closed {object} as solicited"
    INQUIRY_TRIAGED = "inquiry:triaged", "{actor} finished triage of {object}"
    INQUIRY_PRIORITISED = "inquiry:prioritised", "{actor} set the priority of {object} to {priority}"
    INQUIRY_REQUESTER_ASKED = "inquiry:requester_asked", "{actor} asked the requester about {object}"
    INQUIRY_RESUMED = "inquiry:resumed", "{actor} resumed {object}"
    INQUIRY_REDIRECTED = "inquiry:redirected", "{actor} redirected {object}"
    INQUIRY_ASSIGNED = "inquiry:assigned", "{actor} assigned {object}"
    INQUIRY_CLOSED = "inquiry:closed", "{actor} closed {object}"
    INQUIRY_CLOSED_UNANSWERED = "inquiry:closed_unanswered", "{actor} closed {object} without an answer"
    INQUIRY_WITHDRAWN = "inquiry:withdrawn", "{actor} withdrew {object} at the requester's wish"
    INQUIRY_REOPENED = "inquiry:reopened", "{actor} opened a follow-up to {object}"
    INQUIRY_COMMENTED = "inquiry:commented", "{actor} added a note to {object}"
    CONTACT_RECORDED = "contact:recorded", "{actor} recorded a further message about {object}"
    CONTACT_SCREENED = "contact:screened", "{actor} answered the safety screen of {object}"
    CONTACT_ATTEMPTED = "contact:attempted", "{actor} logged a try to reach the requester of {object}"
    SOLICITATION_SCREENED = "solicitation:screened", "{actor} answered the solicitation screen of {object}"
    QUESTION_RECORDED = "question:recorded", "{actor} recorded {object} word for word"
    QUESTION_RESTATED = "question:restated", "{actor} restated {object}"
    QUESTION_CLASSIFIED = "question:classified", "{actor} classified {object} as {label_status}"
    QUESTION_RECLASSIFIED = "question:reclassified", "{actor} reclassified {object} as {label_status}"
    QUESTION_ADDENDUM_ADDED = "question:addendum_added", "{actor} added a correction beside {object}"
    ATTACHMENT_STORED = "attachment:stored", "{actor} stored {object}"
    ATTACHMENT_DOWNLOADED = "attachment:downloaded", "{actor} downloaded {object}"

    # Safety and quality branches
    SAFETY_CASE_OPENED = "safety_case:opened", "{actor} opened {object}"
    SAFETY_CASE_CHANGED = "safety_case:changed", "{actor} changed {object}"
    SAFETY_CASE_FORWARDED = "safety_case:forwarded", "{actor} handed {object} over to Safety"
    SAFETY_CASE_ACKNOWLEDGED = "safety_case:acknowledged", "{actor} confirmed receipt of {object}"
    COMPLAINT_OPENED = "complaint:opened", "{actor} opened {object}"
    COMPLAINT_CHANGED = "complaint:changed", "{actor} changed {object}"
    COMPLAINT_FORWARDED = "complaint:forwarded", "{actor} handed {object} over to Quality"
    COMPLAINT_ACKNOWLEDGED = "complaint:acknowledged", "{actor} confirmed receipt of {object}"

    # Literature and evidence
    LITERATURE_IMPORT_STARTED = "literature:import_started", "{actor} began to import {object}"
    LITERATURE_IMPORT_FINISHED = "literature:import_finished", "{actor} imported {object}: {created} new records"
    LITERATURE_IMPORT_STOPPED = "literature:import_stopped", "The import of {object} by {actor} stopped half way"
    LITERATURE_IMPORTED = "literature:imported", "{actor} imported {object} into the library"
    LITERATURE_CHANGED = "literature:changed", "{actor} changed {object}"
    LITERATURE_RETRACTED = "literature:retracted", "{actor} marked {object} as retracted"
    LITERATURE_IMPORT_CHECKED = "literature:import_checked", "{object} was checked: {new} new records"
    LITERATURE_IMPORT_CONFIRMED = "literature:import_confirmed", "{actor} confirmed the import of {object}"
    LITERATURE_IMPORT_MAPPED = "literature:import_mapped", "{actor} named the columns of {object}"
    LITERATURE_IMPORT_RESUMED = "literature:import_resumed", "{actor} took up the import of {object} again"
    LITERATURE_IMPORT_CANCELLED = "literature:import_cancelled", "{actor} cancelled the import of {object}"
    LITERATURE_PAIR_DECIDED = "literature:pair_decided", "{actor} decided that {object} are different works"
    LITERATURE_MERGED = "literature:merged", "{actor} merged {object} into {merged_into}"
    LITERATURE_MERGE_UNDONE = "literature:merge_undone", "{actor} undid the merge of {object}"
    LITERATURE_LINKED = "literature:linked", "{actor} linked {object} to other works"
    LITERATURE_LIST_IMPORTED = "literature:list_imported", "{actor} imported the retraction list {object}"
    LITERATURE_ADDED = "literature:added", "{actor} added {object} by hand"
    LITERATURE_STANDING_DECIDED = "literature:standing_decided", "{actor} decided that {object} is {status}"
    LITERATURE_COPY_USED = "literature:copy_used", "{actor} used a copy of {object} under a recorded right"
    LITERATURE_FILE_REMOVED = "literature:file_removed", "{actor} removed a file of {object}"
    LITERATURE_FILE_DOWNLOADED = "literature:file_downloaded", "{actor} downloaded a file of {object}"
    LITERATURE_RIGHT_RECORDED = "literature:right_recorded", "{actor} recorded a right to use {object}"
    LITERATURE_RIGHT_ENDED = "literature:right_ended", "{actor} ended a right to use {object}"
    LITERATURE_FILE_ADDED = "literature:file_added", "{actor} added a file to {object}"
    LITERATURE_FILE_READ = "literature:file_read", "The text of a file of {object} was taken out"
    LITERATURE_FILE_UNREADABLE = "literature:file_unreadable", "No text could be taken out of a file of {object}"
    LITERATURE_INDEX_REBUILT = "literature:index_rebuilt", "{actor} rebuilt the literature index"
    SEARCH_RUN = "search:run", "{actor} searched the literature for {object}"
    SEARCH_SAVED = "search:saved", "{actor} saved the search {object}"
    SEARCH_CHANGED = "search:changed", "{actor} changed the saved search {object}"
    SEARCH_ENDED = "search:ended", "{actor} ended the saved search {object}"
    SEARCH_ALERTED = "search:alerted", "{object} found records that are new"
    SEARCH_ALERT_SEEN = "search:alert_seen", "{actor} looked at what {object} found new"
    EVIDENCE_DECIDED = "evidence:decided", "{actor} decided on {object}: {verdict}"
    EVIDENCE_REVISED = "evidence:revised", "{actor} revised the decision on {object}: {verdict}"

    # Drafting, review, signature
    DRAFT_STARTED = "draft:started", "{actor} started {object}"
    DRAFT_REVISED = "draft:revised", "{actor} took up {object} again after its return"
    DRAFT_SAVED = "draft:saved", "{actor} saved {object}"
    DRAFT_FINDING_ACCEPTED = "draft:finding_accepted", "{actor} accepted a warning on {object}"
    REVIEW_REQUESTED = "review:requested", "{actor} sent {object} to review"
    REVIEW_RETURNED = "review:returned", "{actor} returned {object}"
    REVIEW_PASSED_ON = "review:passed_on", "{actor} reviewed {object} and asked for a second approval"
    REVIEW_APPROVED = "review:approved", "{actor} approved {object}"
    REVIEW_BOUNCED = "review:bounced", "{object} went back to review because a source changed"
    RESPONSE_RELEASED = "response:released", "{actor} released {object} as an unchanged standard response"
    SIGNATURE_GIVEN = "signature:given", "{actor} signed {object}: {meaning}"
    SIGNATURE_REFUSED = "signature:refused", "A signature of {actor} on {object} was refused"
    SIGNATURE_VOIDED = "signature:voided", "A signature on {object} became void"

    # Document and delivery
    DOCUMENT_RENDERED = "document:rendered", "{actor} rendered {object}"
    DOCUMENT_RENDER_FAILED = "document:render_failed", "{object} could not be rendered"
    DOCUMENT_ARCHIVED = "document:archived", "{actor} archived {object}"
    DOCUMENT_DOWNLOADED = "document:downloaded", "{actor} downloaded {object}"
    DELIVERY_QUEUED = "delivery:queued", "{actor} released {object} for sending"
    DELIVERY_STARTED = "delivery:started", "The hand-over of {object} began"
    DELIVERY_POSTPONED = "delivery:postponed", "{object} was not taken by the mail server and waits"
    DELIVERY_PREPARED_AGAIN = "delivery:prepared_again", "{actor} prepared {object} for another attempt"
    DELIVERY_SENT = "delivery:sent", "{object} was sent"
    DELIVERY_FAILED = "delivery:failed", "{object} could not be delivered"
    DELIVERY_UNCONFIRMED = "delivery:unconfirmed", "Nobody knows yet whether {object} arrived"
    DELIVERY_ANSWERED_LATE = "delivery:answered_late", "The mail server answered on {object} after a person had decided"
    DELIVERY_RESOLVED = "delivery:resolved", "{actor} decided what became of {object}"

    CORRECTION_ISSUED = "correction:issued", "{actor} issued a correction of {object}"

    # Products, labels, reviewed content
    PRODUCT_ADDED = "product:added", "{actor} added {object}"
    PRODUCT_CHANGED = "product:changed", "{actor} changed {object}"
    LABEL_ADDED = "label:added", "{actor} added {object}"
    LABEL_SUPERSEDED = "label:superseded", "{object} was superseded"
    LABEL_RETIRED = "label:retired", "{actor} retired {object}"
    CONTENT_ADDED = "content:added", "{actor} added {object}"
    CONTENT_RELEASED = "content:released", "{actor} made {object} effective"
    CONTENT_SUSPENDED = "content:suspended", "{actor} suspended {object}"
    CONTENT_SUPERSEDED = "content:superseded", "{object} was superseded"
    CONTENT_RETIRED = "content:retired", "{actor} retired {object}"

    # The log itself, jobs, installation
    AUDIT_VIEWED = "audit:viewed", "{actor} looked at the audit log"
    AUDIT_VERIFIED = "audit:verified", "{actor} verified the audit log: {size} entries intact"
    AUDIT_VERIFICATION_FAILED = "audit:verification_failed", "The audit log did not verify"
    AUDIT_EXPORTED = "audit:exported", "{actor} exported {entries} entries of the audit log"
    JOB_DEAD = "job:died", "{object} failed too often and needs attention"
    JOB_RETRIED = "job:retried", "{actor} started {object} once more"
    DEMO_LOADED = "demo:loaded", "{actor} loaded the demonstration"
    SYSTEM_INITIALISED = "system:initialised", "{actor} set up this installation"
    SETTING_CHANGED = "setting:changed", "{actor} changed the setting {object}"


ALERTS = (Event.ACCOUNT_LOCKED, Event.SIGNATURE_REFUSED)
"""Possible misuse of somebody's credentials: shown to those who watch over security (R77; 21 CFR 11.300(d))."""

_PLACEHOLDER = re.compile(r"[:,]?\s*(?:to |as )?\{(\w+)\}")


def describe(entry: Mapping[str, Any]) -> str:
    """Return the plain-language sentence of an entry (as parsed from its bytes), for timelines.

    A name that this release does not know (a log written by a newer one) is shown as it stands.
    """
    try:
        template = Event(entry["action"]).sentence
    except ValueError:
        return f"{entry['actor']['name']}: {entry['action']}"
    words = {name: _shown(change.get("new")) for name, change in entry.get("changes", {}).items()}
    obj = entry["object"]
    words["actor"] = entry["actor"]["name"]
    words["object"] = obj.get("label") or f"{obj['type'].replace('_', ' ')} {obj['id']}".strip()
    return _PLACEHOLDER.sub(lambda match: _fill(match, words), template)


def _fill(match: re.Match[str], words: Mapping[str, str]) -> str:
    value = words.get(match[1], "")
    lead = match[0][: match.start(1) - match.start(0) - 1]
    return lead + value if value else ""


def _shown(value: Any) -> str:
    """Only plain values enter a sentence; commitments and shortened texts stay in the field table."""
    return value.replace("_", " ") if isinstance(value, str) else str(value) if isinstance(value, int) else ""
