"""How a question came in, and from whom."""

from __future__ import annotations

from inquiry_service.domain.vocabulary.term import Term


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
