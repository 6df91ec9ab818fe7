"""The closed lists of the field: states, actions, roles, codes. Values are stored; labels are shown."""

from __future__ import annotations

from enum import StrEnum


class Term(StrEnum):
    """A coded term: ``Term.X.value`` is stored and never changes, ``Term.X.label`` is what people read."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Term:
        """Make a member from its stored value and its words; without words they come from the value."""
        term = str.__new__(cls, value)
        term._value_ = value
        term.label = label or value.replace("_", " ").capitalize()
        return term


class Role(Term):
    """Roles of R33. SYSTEM is the worker; it is never granted to a person."""

    FIELD_MSL = "field_msl", "Field submitter (MSL)"
    FIELD_SALES = "field_sales", "Field submitter (sales)"
    INTAKE_AGENT = "intake_agent", "Intake agent"
    MI_SPECIALIST = "mi_specialist", "MI specialist"
    MEDICAL_REVIEWER = "medical_reviewer", "Medical reviewer"
    CONTENT_OWNER = "content_owner", "Content owner"
    SAFETY_CONTACT = "safety_contact", "Safety (PV) contact"
    QUALITY_CONTACT = "quality_contact", "Quality contact"
    COMPLIANCE = "compliance", "Compliance"
    AUDITOR = "auditor", "Auditor"
    PRIVACY_OFFICER = "privacy_officer", "Privacy officer"
    ADMINISTRATOR = "administrator", "Administrator"
    SYSTEM = "system", "System"


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


class Channel(Term):
    """How the contact came in (R14)."""

    PHONE = "phone", "Telephone"
    EMAIL = "email", "E-mail"
    WEB = "web", "Web form"
    MAIL = "mail", "Letter"
    FAX = "fax", "Fax"
    CHAT = "chat", "Chat"
    APP = "app", "App"
    CONGRESS = "congress", "Congress booth"
    MSL = "msl", "Medical science liaison"
    REP = "rep", "Sales representative"
    CRM = "crm", "CRM or API"
    SOCIAL = "social", "Social media"


class Forum(Term):
    """Where the question was asked (R7)."""

    PRIVATE = "private", "Private"
    PUBLIC = "public", "Public"


class RequesterType(Term):
    """Who asks."""

    PHYSICIAN = "physician", "Physician"
    PHARMACIST = "pharmacist", "Pharmacist"
    NURSE = "nurse", "Nurse"
    NP_PA = "np_pa", "Nurse practitioner or physician assistant"
    OTHER_HCP = "other_hcp", "Other health professional"
    RESEARCHER = "researcher", "Researcher"
    PAYER = "payer", "Payer or formulary committee"
    PATIENT = "patient", "Patient"
    CAREGIVER = "caregiver", "Caregiver"
    PUBLIC = "public", "Member of the public"
    LAWYER = "lawyer", "Lawyer"
    MEDIA = "media", "Media"
    REGULATOR = "regulator", "Regulator"
    INTERNAL = "internal", "Colleague"

    @property
    def is_professional(self) -> bool:
        """True for those who may receive the professional lane."""
        return self in _PROFESSIONALS


_PROFESSIONALS = frozenset({
    RequesterType.PHYSICIAN, RequesterType.PHARMACIST, RequesterType.NURSE, RequesterType.NP_PA,
    RequesterType.OTHER_HCP, RequesterType.RESEARCHER,
})


class Verification(Term):
    """How far the requester's identity is established (R12)."""

    VERIFIED = "verified", "Verified in a register"
    SELF_DECLARED = "self_declared", "Self-declared"
    UNVERIFIED = "unverified", "Not verified"


class Urgency(Term):
    """Priority of the answer; business days to the due date stand in the service."""

    EMERGENCY = "emergency", "Emergency"
    URGENT = "urgent", "Urgent"
    STANDARD = "standard", "Standard"
    EXTENDED = "extended", "Extended literature work"


class Purpose(Term):
    """Whether the question is about one patient or general (R11)."""

    SPECIFIC_PATIENT = "specific_patient", "A specific patient"
    GENERAL = "general", "General"


class LabelStatus(Term):
    """The question against the label of one market (R16)."""

    ON_LABEL = "on_label", "On-label"
    OFF_LABEL = "off_label", "Off-label"
    INVESTIGATIONAL = "investigational", "Investigational, never approved"
    GENERAL = "general", "Disease or general"
    OTHER_COMPANY = "other_company", "Other company's product"


class OffLabelSubtype(Term):
    """In which respect the question leaves the label (R17)."""

    INDICATION = "indication", "Indication"
    POPULATION = "population", "Population"
    DOSE = "dose", "Dose or schedule"
    ROUTE = "route", "Route"
    COMBINATION = "combination", "Combination"
    DURATION = "duration", "Duration"
    DEVICE_USE = "device_use", "Device use"
    MORE_DETAIL = "more_detail", "More detail than the label"


class Topic(Term):
    """Topics of a question (R22)."""

    DOSING = "dosing", "Dosing and administration"
    INTERACTIONS = "interactions", "Interactions"
    ADVERSE_REACTIONS = "adverse_reactions", "Adverse reactions"
    PREGNANCY = "pregnancy", "Pregnancy and lactation"
    AGE_GROUPS = "age_groups", "Paediatric and elderly"
    ORGAN_IMPAIRMENT = "organ_impairment", "Organ impairment"
    EFFICACY = "efficacy", "Efficacy"
    COMPARATIVE = "comparative", "Comparative"
    PHARMACOLOGY = "pharmacology", "Pharmacokinetics and pharmacodynamics"
    STABILITY = "stability", "Stability, storage, excursion"
    COMPATIBILITY = "compatibility", "Compatibility"
    EXCIPIENTS = "excipients", "Excipients"
    AVAILABILITY = "availability", "Availability"
    GUIDELINES = "guidelines", "Guidelines"
    OVERDOSE = "overdose", "Overdose"
    DEVICE_OPERATION = "device_operation", "Device operation"


class Lane(Term):
    """For whom the answer is written; each lane has its own content and rules."""

    HCP = "hcp", "Health professional"
    PATIENT = "patient", "Patient or public"
    PAYER = "payer", "Payer"
    DECLINE = "decline", "Decline"
    PUBLIC_CONTACT = "public_contact", "Public contact-us"


class Complexity(Term):
    """How much work the answer needs (R21)."""

    LEVEL_1 = "1", "1: one or two standard sources"
    LEVEL_2 = "2", "2: several sources"
    LEVEL_3 = "3", "3: needs judgement"


class ScreenAnswer(Term):
    """Answer to an adverse event, special situation or complaint screen (R34)."""

    NONE = "none", "No"
    YES = "yes", "Yes or possible"


class Seriousness(Term):
    """Seriousness criteria of a reaction."""

    DEATH = "death", "Death"
    LIFE_THREATENING = "life_threatening", "Life-threatening"
    HOSPITALISATION = "hospitalisation", "Hospitalisation or its prolongation"
    DISABILITY = "disability", "Disability or incapacity"
    CONGENITAL_ANOMALY = "congenital_anomaly", "Congenital anomaly"
    INTERVENTION = "intervention", "Needed intervention"
    OTHER_IMPORTANT = "other_important", "Other medically important"


class SpecialSituation(Term):
    """Situations to be captured even without a reaction (R37)."""

    PREGNANCY_EXPOSURE = "pregnancy_exposure", "Exposure in pregnancy (also via the father)"
    LACTATION_EXPOSURE = "lactation_exposure", "Exposure through breast milk"
    PAEDIATRIC_USE = "paediatric_use", "Use in a child"
    ELDERLY_USE = "elderly_use", "Use in an elderly person"
    OVERDOSE = "overdose", "Overdose"
    ABUSE = "abuse", "Abuse"
    MISUSE = "misuse", "Misuse"
    MEDICATION_ERROR = "medication_error", "Medication error"
    OCCUPATIONAL_EXPOSURE = "occupational_exposure", "Occupational exposure"
    LACK_OF_EFFECT = "lack_of_effect", "Lack of effect"
    OFF_LABEL_USE = "off_label_use", "Off-label use"
    INFECTION_TRANSMISSION = "infection_transmission", "Suspected transmission of an infection"
    FALSIFIED_PRODUCT = "falsified_product", "Falsified product"
    UNEXPECTED_BENEFIT = "unexpected_benefit", "Unexpected benefit"


class BranchState(Term):
    """State of a safety or quality branch beside the inquiry (R47)."""

    SUSPECTED = "suspected", "Not handed over yet"
    FORWARDED = "forwarded", "Handed over"
    ACKNOWLEDGED = "acknowledged", "Receipt confirmed"


class SolicitationSituation(Term):
    """The eight prompted situations of FDA's draft guidance of 2011 (R6)."""

    REP_INVITED = "rep_invited", "A representative mentioned the use and invited a request"
    COMPANY_EVENT = "company_event", "A company speaker or MSL raised the use at a company event"
    ONLINE_PROMPTS = "online_prompts", "Company staff or consultants posted prompts online"
    REPLY_CARD = "reply_card", "Reply cards or booth material hinted at the use"
    ADDRESS_NAMES_USE = "address_names_use", "The phone number, address or web page names the use"
    USER_VIDEOS = "user_videos", "Users were asked to post videos of their own use"
    BLOGGERS = "bloggers", "Bloggers were nudged to raise the use"
    RESULTS_ANNOUNCED = "results_announced", "Results were announced so as to draw questions"


class Stance(Term):
    """What a kept record says on the question; shown as shape and word, never good against bad."""

    SUPPORTS = "supports", "Supports"
    MIXED = "mixed", "Mixed"
    AGAINST = "against", "Against"
    NEUTRAL = "neutral", "Neutral"


class EvidenceVerdict(Term):
    """Whether a hit is used for the answer."""

    KEPT = "kept", "Kept"
    REJECTED = "rejected", "Rejected"


class RejectReason(Term):
    """Why a hit is not used; counted in the letter's search record (R52)."""

    OTHER_PRODUCT = "other_product", "Other product"
    OTHER_POPULATION = "other_population", "Other population"
    OTHER_QUESTION = "other_question", "Does not bear on the question"
    NO_OUTCOME = "no_outcome", "No outcome data"
    NO_ABSTRACT = "no_abstract", "No abstract"
    DUPLICATE = "duplicate", "Duplicate report"
    RETRACTED = "retracted", "Retracted"
    WEAK = "weak", "Better evidence available"


class StudyDesign(Term):
    """Design of a study, best evidence first."""

    META_ANALYSIS = "meta_analysis", "Meta-analysis or systematic review"
    RCT = "rct", "Randomised controlled trial"
    CONTROLLED = "controlled", "Controlled, not randomised"
    OPEN_LABEL = "open_label", "Open-label or uncontrolled"
    OBSERVATIONAL = "observational", "Observational"
    CASE_REPORT = "case_report", "Case report or series"
    REVIEW = "review", "Narrative review"
    LABEL = "label", "Label"
    OTHER = "other", "Other"


class RecordStatus(Term):
    """Publication status of a literature record (R69)."""

    CURRENT = "current", "Current"
    CORRECTED = "corrected", "Corrected"
    EXPRESSION_OF_CONCERN = "expression_of_concern", "Expression of concern"
    RETRACTED = "retracted", "Retracted"


class ImportOutcome(Term):
    """What became of one record of an import file."""

    CREATED = "created", "Created"
    DUPLICATE = "duplicate", "Duplicate"
    REJECTED = "rejected", "Rejected"


class LabelState(Term):
    """State of a label version."""

    CURRENT = "current", "Current"
    SUPERSEDED = "superseded", "Superseded"
    RETIRED = "retired", "Retired"


class ContentState(Term):
    """Lifecycle of reviewed content (R63); only EFFECTIVE may be used."""

    DRAFT = "draft", "Draft"
    EFFECTIVE = "effective", "Effective"
    SUSPENDED = "suspended", "Suspended"
    SUPERSEDED = "superseded", "Superseded"
    RETIRED = "retired", "Retired"


class BlockKind(Term):
    """Parts of a letter's text in the order in which they are printed (requirements, section 4)."""

    OPENING = "opening", "Your question"
    STATUS = "status", "Approval status"
    SAFETY_INFORMATION = "safety_information", "Important safety information"
    SUMMARY = "summary", "Summary"
    BACKGROUND = "background", "Background"
    SEARCH_METHODS = "search_methods", "How we searched"
    DATA = "data", "Data"
    CONTRARY_EVIDENCE = "contrary_evidence", "Conflicting, negative or missing evidence"
    GUIDELINES = "guidelines", "Guidelines"
    CLOSING = "closing", "Closing"


class ResponseType(Term):
    """What kind of answer a draft is; decides the depth of review (R79)."""

    STANDARD_UNCHANGED = "standard_unchanged", "Standard response, unchanged"
    STANDARD_EDITED = "standard_edited", "Standard response, edited"
    CUSTOM = "custom", "Custom response"


class Severity(Term):
    """Weight of a finding; a blocker forbids signing."""

    BLOCKER = "blocker", "Must be mended"
    WARNING = "warning", "Look at this"


class ReturnReason(Term):
    """Why a reviewer returns a draft (R80)."""

    INACCURATE = "inaccurate", "Statement does not match its source"
    UNBALANCED = "unbalanced", "Evidence is not balanced"
    NOT_TAILORED = "not_tailored", "Goes beyond the question"
    INCOMPLETE = "incomplete", "Question not fully answered"
    REFERENCES = "references", "References wrong or missing"
    TONE = "tone", "Tone"
    SAFETY = "safety", "Safety matter overlooked"
    OTHER = "other", "Other"


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


class SignatureMeaning(Term):
    """What a signature means; a fixed list (21 CFR 11.50(a)(3))."""

    AUTHORSHIP = "authorship", "Authorship"
    REVIEW = "review", "Medical review"
    APPROVAL = "approval", "Medical approval"
    RELEASE = "release", "Release of an approved standard response"
    COMPLIANCE_FINDING = "compliance_finding", "Compliance finding"


class DeliveryMethod(Term):
    """How the letter leaves."""

    EMAIL = "email", "E-mail"
    FILE = "file", "File outbox (demonstration)"


class DeliveryState(Term):
    """Where a delivery stands; never sent twice without a person's decision (P58)."""

    QUEUED = "queued", "Queued"
    SENDING = "sending", "Being sent"
    SENT = "sent", "Sent"
    UNCONFIRMED = "unconfirmed", "Unconfirmed: a person must decide"
    FAILED = "failed", "Failed"


class JobState(Term):
    """State of a background job."""

    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    DEAD = "dead", "Needs attention"
