"""What sort of source a record describes, told from what its database calls it.

One function for all readers, so that a congress abstract is one whether RIS says ``ABST``, Embase "Conference
Abstract" or Web of Science "Meeting Abstract". Sources: NLM, "Publication Characteristics (Publication Types) with
Scope Notes"; Clarivate, "Web of Science Core Collection field tags"; the type lists of RIS, BibLaTeX and CSL.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from inquiry_service.domain.vocabulary import RecordKind

# In order: the first line that a record's types meet tells its kind. A congress paper printed in full stands
# behind the article, because databases give journal articles both names ("Article; Proceedings Paper").
_TABLE: tuple[tuple[RecordKind, Collection[str]], ...] = (
    (
        RecordKind.TRIAL_REGISTRATION,
        {"trial registry record", "trial registration", "trial registry", "clinical trial registration"},
    ),
    (RecordKind.PREPRINT, {"preprint", "posted-content", "posted content"}),
    (
        RecordKind.LABEL,
        {"label", "drug label", "package insert", "prescribing information", "summary of product characteristics"},
    ),
    (RecordKind.DATA_ON_FILE, {"data on file"}),
    (
        RecordKind.CONGRESS_ABSTRACT,
        {
            "abstract", "conference abstract", "congress abstract", "meeting abstract", "meeting-abstract", "poster",
            "congress", "conference proceeding", "conference poster",
        },
    ),
    (
        RecordKind.BOOK,
        {
            "book", "book chapter", "book section", "book part", "book-chapter", "edited book", "edited-book",
            "electronic book", "inbook", "incollection", "mvbook", "monograph", "chapter", "reference book",
            "reference entry", "electronic book section", "authored book", "reference-book", "dictionary",
            "encyclopedia",
        },
    ),
    (
        RecordKind.ARTICLE,
        {
            "journal article", "article", "article-journal", "journal-article", "electronic article", "review",
            "editorial", "letter", "note", "short survey", "article in press", "magazine article",
        },
    ),
    (
        RecordKind.CONGRESS_ABSTRACT,
        {
            "conference paper", "conference proceedings", "proceedings", "proceedings paper", "inproceedings",
            "proceedings-article", "paper-conference", "conference review", "conference",
        },
    ),
    (
        RecordKind.OTHER,
        {
            "report", "technical report", "thesis", "web page", "webpage", "unpublished work", "dataset", "patent",
            "film or broadcast", "personal communication", "statute", "legislation", "computer program", "software",
            "manuscript", "pamphlet", "audiovisual material", "government document", "manual", "standard", "blog",
            "online database", "newspaper article", "legal rule or regulation",
        },
    ),
)  # fmt: skip

# MEDLINE's name of a publication type -> what other databases call the very same thing.
_IN_MEDLINE = {
    other: medline
    for medline, others in {
        "Journal Article": ("article", "journal-article", "article-journal", "research-article", "research article",
                            "original article", "electronic article", "journalarticle", "original research"),
        "Review": ("review article", "review-article", "literature review"),
        "Systematic Review": ("systematic-review",),
        "Meta-Analysis": ("meta analysis", "metaanalysis"),
        "Case Reports": ("case report", "case-report", "case study report"),
        "Meeting Abstract": ("conference abstract", "meeting-abstract", "congress abstract"),
        "Randomized Controlled Trial": ("randomised controlled trial", "randomized-controlled-trial"),
        "Clinical Trial": ("clinical-trial",),
        "Practice Guideline": ("practice-guideline",),
        "Published Erratum": ("erratum",),
        "Letter": ("letter to the editor",),
        "Editorial": ("editorial material",),
        # The same words in other cases.
        **dict.fromkeys(
            ("Controlled Clinical Trial", "Multicenter Study", "Observational Study", "Comparative Study", "Guideline",
             "Clinical Trial, Phase I", "Clinical Trial, Phase II", "Clinical Trial, Phase III",
             "Clinical Trial, Phase IV", "Comment", "Preprint"), ()
        ),
    }.items()
    for other in (medline.lower(), *others)
}  # fmt: skip

_PREPRINT_SERVERS = re.compile(
    r"(?:(?:bio|med|chem|psy|engr|agri|chin|soc|ar|eartha?)[ar]?xiv\b|arxiv|research square\b|ssrn\b"
    r"|preprints(?:\.org)?\Z|jmir preprints|osf preprints|scielo preprints|authorea\b|preprints with the lancet)",
    re.IGNORECASE,
)
# Prefixes under which nothing but preprints is registered: bioRxiv and medRxiv (the press's journals share 10.1101
# but write letters), Research Square, ChemRxiv, PsyArXiv, arXiv, Preprints.org, SSRN.
_PREPRINT_DOI = re.compile(
    r"10\.(?:1101/(?:20\d\d\.|\d{6}\Z)|64898/|21203/rs|26434/chemrxiv|31234/osf|48550/arxiv|20944/preprints"
    r"|2139/ssrn)"
)
_REGISTRIES = re.compile(
    r"(?:https?://)?(?:www\.)?(?:clinicaltrials\.gov|isrctn\b|eudract\b|clinicaltrialsregister\.eu|euctr\b|anzctr\b"
    r"|drks\b|ctri\b|jprn\b|umin[- ]ctr\b|chictr\b|trialsearch\.who\.int|who\.int/trialsearch|who ictrp)",
    re.IGNORECASE,
)


def in_medline_words(types: Collection[str]) -> tuple[str, ...]:
    """Publication types under MEDLINE's names where it has the same type, each once whatever its case.

    Args:
        types: publication types as the source writes them; one may hold several joined by ``;``.
    """
    parts = (part.strip() for name in types for part in name.split(";"))
    found: dict[str, str] = {}
    for part in filter(None, parts):
        name = _IN_MEDLINE.get(part.lower(), part)
        found.setdefault(name.lower(), name)
    return tuple(found.values())


def kind_of(
    types: Collection[str], *, venues: Collection[str] = (), doi: str = "", is_notice: bool = False
) -> RecordKind:
    """Tell a record's kind.

    Args:
        types: publication types as the source writes them, in any case; one may hold several joined by ``;``.
        venues: names of what published it: journal, server, registry, publisher.
        doi: the normalised DOI.
        is_notice: the record is a retraction, correction or concern notice.

    Returns:
        the kind; ARTICLE when nothing speaks of another.
    """
    if is_notice:
        return RecordKind.NOTICE
    if any(_REGISTRIES.match(venue) for venue in venues):
        return RecordKind.TRIAL_REGISTRATION
    if _PREPRINT_DOI.match(doi) or any(_PREPRINT_SERVERS.match(venue) for venue in venues):
        return RecordKind.PREPRINT
    lowered = {part.strip(" .").lower() for name in types for part in name.split(";")}
    return next((kind for kind, names in _TABLE if lowered & set(names)), RecordKind.ARTICLE)
