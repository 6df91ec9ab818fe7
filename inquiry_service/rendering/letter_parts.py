"""The parts of a letter as plain, frozen data: all that the print layout may know.

Section numbers are those of the response letter's outline (letterhead 1 ... footer 16). Texts are plain
unless the attribute says Markdown or HTML; the layout escapes them.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class LetterLane(StrEnum):
    """Which layout and wording the reader needs."""

    HCP = "hcp"
    PATIENT = "patient"
    PAYER = "payer"
    DECLINE = "decline"
    PUBLIC = "public"


class StatusKind(StrEnum):
    """What the status box on page one must say (R18, R53)."""

    NONE = "none"
    NOT_APPROVED = "not_approved"
    INVESTIGATIONAL = "investigational"


class BlockKind(StrEnum):
    """Body blocks in the order in which the letter prints them."""

    SUMMARY = "summary"
    BACKGROUND = "background"
    SEARCH_METHODS = "search_methods"
    DATA = "data"
    CONTRARY_EVIDENCE = "contrary_evidence"
    GUIDELINES = "guidelines"
    OTHER = "other"


@dataclass(frozen=True)
class Organisation:
    """Letterhead (1): a department, never a brand.

    Attributes:
        remark: a word in brackets after the name, e.g. ``demo``.
        follow_up, safety: telephone and e-mail for questions, and for adverse events and complaints.
        regulator_report: where else to report, e.g. ``FDA MedWatch at 1-800-FDA-1088 or
            www.fda.gov/medwatch``.
    """

    name: str
    follow_up: tuple[str, ...]
    safety: tuple[str, ...]
    department: str = "Medical Information"
    remark: str = ""
    address: str = ""
    regulator_report: str = ""


@dataclass(frozen=True)
class AddressLine:
    """One line of the address (2); direction comes from its first strong letter."""

    text: str
    language: str = ""

    @property
    def direction(self) -> str:
        """``rtl`` for Hebrew or Arabic, else an empty string."""
        for letter in self.text:
            kind = unicodedata.bidirectional(letter)
            if kind in ("L", "R", "AL"):
                return "" if kind == "L" else "rtl"
        return ""


@dataclass(frozen=True)
class Question:
    """One question (3): restated, and word for word when it is short enough to quote."""

    number: int
    restated: str
    verbatim: str = ""


@dataclass(frozen=True)
class StatusBox:
    """The box on page one (4). Statement, indications and limitations are printed in full."""

    kind: StatusKind = StatusKind.NONE
    statement: str = ""
    indications: tuple[str, ...] = ()
    limitations: tuple[str, ...] = ()
    label_id: str = ""
    label_version: str = ""
    label_effective: date | None = None
    source: str = ""


@dataclass(frozen=True)
class Fact:
    """A term and its text: safety information (5), search method (8). The text is Markdown."""

    term: str
    text: str


@dataclass(frozen=True)
class Block:
    """A body block (6-11): Markdown under a heading, tied to question numbers (R51)."""

    kind: BlockKind
    heading: str
    text: str
    questions: tuple[int, ...] = ()


@dataclass(frozen=True)
class Reference:
    """One entry of the list (13).

    Attributes:
        html: AMA text with ``<i>`` only; cleaned again before printing.
        key: the citation key that the blocks use.
        marks: what the reader must know of it, e.g. ``Funded by the company``.
    """

    number: int
    key: str
    html: str
    marks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Signature:
    """One electronic signature as it must be shown (14; 21 CFR 11.50): name, meaning, time with zone.

    Attributes:
        signed: words with the zone, e.g. ``20 November 2026, 09:12:31 EST (UTC-05:00)``.
        digest: the digest that was signed, hexadecimal.
        voided: why it no longer counts; empty while it does.
    """

    name: str
    meaning: str
    signed: str
    id: str
    credentials: str = ""
    title: str = ""
    digest: str = ""
    voided: str = ""


@dataclass(frozen=True)
class Enclosure:
    """A document that goes with the letter (15), named with its version and date."""

    title: str
    version: str = ""
    dated: date | None = None


@dataclass(frozen=True)
class LetterContext:
    """Everything one letter says; equal contexts make equal bytes.

    Attributes:
        letter_id, version, inquiry_number: identity, printed on each page (R91).
        dated: the date in the letterhead. generated: aware time of rendering, from the record and never the
            clock.
        title: the question restated as a heading.
        salutation: ``Dear Dr. Lee,``.
        requested, channel: when and how the question came (``by telephone``). relayed: a field person passed
            it on.
        opening, closing: Markdown; when empty the standard sentences are made from the facts.
        library_remark: note under the references. retractions_checked: date of the last check.
        standard_responses: ids and versions of the reviewed texts used. data_cutoff: last search.
        digest: SHA-256 of the canonical content, hexadecimal; its first 16 characters stand on each page.
        draft: print the watermark; final letters never have it.
    """

    lane: LetterLane
    organisation: Organisation
    letter_id: str
    version: int
    inquiry_number: str
    dated: date
    generated: datetime
    title: str
    recipient: str
    addressee: tuple[AddressLine, ...]
    salutation: str
    requested: date
    channel: str
    questions: tuple[Question, ...]
    digest: str
    relayed: bool = False
    unsolicited: bool = True
    opening: str = ""
    status: StatusBox = field(default_factory=StatusBox)
    safety: tuple[Fact, ...] = ()
    search: tuple[Fact, ...] = ()
    blocks: tuple[Block, ...] = ()
    closing: str = ""
    references: tuple[Reference, ...] = ()
    retractions_checked: date | None = None
    library_remark: str = ""
    signatures: tuple[Signature, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    standard_responses: tuple[str, ...] = ()
    data_cutoff: date | None = None
    verify_at: str = ""
    language: str = "en-US"
    draft: bool = False
