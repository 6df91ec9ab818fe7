"""The literature library: what its records are, where they stand, how they came and what may be done with them."""

from __future__ import annotations

from inquiry_service.domain.vocabulary.term import Term


class RecordKind(Term):
    """What sort of source a record describes; a notice speaks of another record."""

    ARTICLE = "article", "Article"
    PREPRINT = "preprint", "Preprint"
    NOTICE = "notice", "Retraction, correction or concern notice"
    CONGRESS_ABSTRACT = "congress_abstract", "Congress abstract"
    BOOK = "book", "Book or chapter"
    TRIAL_REGISTRATION = "trial_registration", "Trial registration"
    LABEL = "label", "Label"
    DATA_ON_FILE = "data_on_file", "Data on file"
    OTHER = "other", "Other"


class RecordStatus(Term):
    """Publication status of a literature record (R69)."""

    CURRENT = "current", "Current"
    CORRECTED = "corrected", "Corrected"
    EXPRESSION_OF_CONCERN = "expression_of_concern", "Expression of concern"
    RETRACTED = "retracted", "Retracted"


class PeerReview(Term):
    """Whether independent experts read the work before it was published (R71)."""

    REVIEWED = "reviewed", "Peer reviewed"
    NOT_REVIEWED = "not_reviewed", "Not peer reviewed"


class Population(Term):
    """Whom a study is about; several may apply."""

    ADULTS = "adults", "Adults"
    CHILDREN = "children", "Children and adolescents"
    NEONATES = "neonates", "Neonates and infants"
    OLDER_ADULTS = "older_adults", "Older adults"
    PREGNANCY = "pregnancy", "Pregnancy"
    LACTATION = "lactation", "Breast-feeding"
    RENAL_IMPAIRMENT = "renal_impairment", "Renal impairment"
    HEPATIC_IMPAIRMENT = "hepatic_impairment", "Hepatic impairment"
    ANIMALS = "animals", "Animals"
    IN_VITRO = "in_vitro", "In vitro"


class LinkKind(Term):
    """How one work stands to another; read "this work ... that work"."""

    RETRACTS = "retracts", "is the retraction notice of"
    RETRACTS_PARTLY = "retracts_partly", "is the notice of partial retraction of"
    CORRECTS = "corrects", "is the erratum of"
    RAISES_CONCERN = "raises_concern", "expresses concern about"
    REINSTATES = "reinstates", "reinstates"
    PREPRINT_OF = "preprint_of", "is the preprint of"
    REPUBLISHES = "republishes", "republishes"
    UPDATES = "updates", "updates"
    COMMENTS_ON = "comments_on", "comments on"


class ImportState(Term):
    """Where an import stands."""

    MAPPING = "mapping", "Waiting for its columns"
    CHECKING = "checking", "Being checked"
    CHECKED = "checked", "Waiting for confirmation"
    RUNNING = "running", "Running"
    FINISHED = "finished", "Finished"
    CANCELLED = "cancelled", "Cancelled"
    FAILED = "failed", "Stopped by an error"


class ImportFinding(Term):
    """What the dry run says of one record of a file."""

    NEW = "new", "New"
    DUPLICATE = "duplicate", "Already in the library"
    CHANGED = "changed", "Known, with something new"
    CONFLICT = "conflict", "Looks like a known record, but differs"
    ERROR = "error", "Cannot be read"


class ImportChoice(Term):
    """What shall become of a record that looks like one of the library, or has something new for it."""

    UPDATE = "update", "Update the known record"
    SKIP = "skip", "Leave the known record as it is"
    SEPARATE = "separate", "Make a separate record"


class ImportOutcome(Term):
    """What became of one record of an import file."""

    CREATED = "created", "Created"
    UPDATED = "updated", "Updated"
    DUPLICATE = "duplicate", "Duplicate"
    REJECTED = "rejected", "Rejected"


class PairState(Term):
    """What was decided on two records that may be the same work."""

    OPEN = "open", "To be decided"
    MERGED = "merged", "Merged"
    APART = "apart", "Different works"


class ExtractionState(Term):
    """How far the text of a stored file has been taken out."""

    WAITING = "waiting", "Waiting"
    EXTRACTED = "extracted", "Text extracted"
    FAILED = "failed", "No text could be extracted"


class RightKind(Term):
    """On what ground a copy may be sent (R70)."""

    OPEN_LICENCE = "open_licence", "Open licence"
    OWN_WORK = "own_work", "Own work"
    PURCHASED_REPRINTS = "purchased_reprints", "Purchased reprints"
    SINGLE_PERMISSION = "single_permission", "Permission for single use"
    ANNUAL_LICENCE = "annual_licence", "Annual licence"


class RightScope(Term):
    """What a right covers."""

    INTERNAL = "internal", "Reading inside the company"
    SEND_TO_PROFESSIONALS = "send_to_professionals", "Sending to healthcare professionals on request"
    SEND_TO_ANYONE = "send_to_anyone", "Sending to anyone on request"
