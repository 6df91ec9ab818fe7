"""States of an inquiry, the actions between them, and the coded reasons for a step."""

from __future__ import annotations

from inquiry_service.domain.vocabulary.term import Term


class State(Term):
    """States of an inquiry (requirements, section 3)."""

    RECEIVED = "received", "Received"
    AWAITING_CONFIRMATION = "awaiting_confirmation", "Awaiting confirmation"
    SCREENED = "screened", "Screened"
    SOLICITED_HOLD = "solicited_hold", "Compliance hold"
    TRIAGED = "triaged", "Triaged"
    CLARIFICATION = "clarification", "Waiting for requester"
    ASSIGNED = "assigned", "Assigned"
    DRAFTING = "drafting", "Drafting"
    IN_REVIEW = "in_review", "In review"
    RETURNED = "returned", "Returned"
    SECOND_REVIEW = "second_review", "Second review"
    APPROVED = "approved", "Approved"
    READY = "ready", "Ready to send"
    SENDING = "sending", "Sending"
    SENT = "sent", "Sent"
    DELIVERY_FAILED = "delivery_failed", "Delivery failed"
    REDIRECTED = "redirected", "Redirected"
    CLOSED = "closed", "Closed"
    CLOSED_NO_RESPONSE = "closed_no_response", "Closed without answer"
    WITHDRAWN = "withdrawn", "Withdrawn"
    REOPENED = "reopened", "Reopened as a follow-up"
    CORRECTION_ISSUED = "correction_issued", "Correction issued"


class Action(Term):
    """What can be done to an inquiry; each is one or more rows of the transition table."""

    ASK_CONFIRMATION = "ask_confirmation", "Ask for the professional's confirmation"
    RECORD_CONFIRMATION = "record_confirmation", "Record the confirmation"
    SCREEN = "screen", "Finish screening"
    HOLD = "hold", "Hold for Compliance"
    RELEASE_HOLD = "release_hold", "Release the hold"
    CLOSE_SOLICITED = "close_solicited", "Close as solicited"
    TRIAGE = "triage", "Finish triage"
    ASK_REQUESTER = "ask_requester", "Ask the requester"
    RESUME = "resume", "Resume"
    CLOSE_UNANSWERED = "close_unanswered", "Close without answer"
    REDIRECT = "redirect", "Redirect"
    ASSIGN = "assign", "Assign"
    START_DRAFT = "start_draft", "Start drafting"
    REVISE = "revise", "Revise the draft"
    SUBMIT = "submit", "Send to review"
    RETURN = "return", "Request changes"
    REQUEST_SECOND_REVIEW = "request_second_review", "Sign review, pass to second approver"
    APPROVE = "approve", "Approve and sign"
    RELEASE = "release", "Release standard response"
    RENDER = "render", "Render the document"
    BOUNCE = "bounce", "Back to review"
    SEND = "send", "Send"
    CONFIRM_DELIVERY = "confirm_delivery", "Confirm delivery"
    FAIL_DELIVERY = "fail_delivery", "Report failed delivery"
    REPORT_BOUNCE = "report_bounce", "Record failed delivery"
    PREPARE_AGAIN = "prepare_again", "Prepare again"
    CLOSE = "close", "Close"
    REOPEN = "reopen", "Open a follow-up"
    ISSUE_CORRECTION = "issue_correction", "Issue a correction"
    WITHDRAW = "withdraw", "Withdraw"


class StatusWord(Term):
    """All that a sales submitter may see of an inquiry (R25)."""

    RECEIVED = "received", "Received"
    IN_WORK = "in_work", "In work"
    ANSWERED = "answered", "Answered"
    CLOSED = "closed", "Closed"


class ReasonCode(Term):
    """Coded reasons for steps that need one (R23); free text stands beside it."""

    RECLASSIFIED = "reclassified", "Classification corrected"
    LATE_ENTRY = "late_entry", "Entered late"
    OVERBROAD = "overbroad", "Question too broad or unclear"
    OTHER_FIRM = "other_firm", "Another company's product"
    NOT_MEDICAL = "not_medical", "Order, legal or other non-medical matter"
    EMERGENCY_REFERRED = "emergency_referred", "Medical emergency, referred"
    NO_REPLY = "no_reply", "Requester did not reply"
    SOLICITED = "solicited", "Question was solicited"
    UNSOLICITED_CONFIRMED = "unsolicited_confirmed", "Found unsolicited by Compliance"
    REQUESTER_WISH = "requester_wish", "Requester withdrew the question"
    ANSWERED = "answered", "Question answered"
    DELIVERY_BOUNCED = "delivery_bounced", "Message came back"
    ADDRESS_CORRECTED = "address_corrected", "Address corrected"
    SOURCE_CHANGED = "source_changed", "Label, content or reference changed after signing"
    ROLE_CHANGE = "role_change", "Change of duties"
    LEFT = "left", "Left the organisation"
    OTHER = "other", "Other"
