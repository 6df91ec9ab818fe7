"""Works that look alike and are not the same: a preprint and its article, a notice, a part, an update, a reply.

What is told here keeps two records apart, whatever else they share. Where the relation has a name it becomes a
link between the two. Sources: ICMJE Recommendations III.A (corrections, retractions, versions), III.D (overlapping
publications); Cochrane Handbook IV (updates of reviews carry a new version of the DOI).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from inquiry_service.bibliography.identity import folded
from inquiry_service.bibliography.likeness import first_page
from inquiry_service.bibliography.record import Author, ParsedRecord
from inquiry_service.bibliography.title_words import Laid, lay, numbers_in, title_of
from inquiry_service.domain.vocabulary import LinkKind, RecordKind

# A word of this list that only one of two titles has makes it another work on the same matter.
_OTHER_WORK = frozenset({
    "abstract", "addendum", "conclusions", "corrected", "correction", "corrigendum", "design", "editorial", "errata",
    "erratum", "extension", "followup", "interim", "longterm", "part", "pilot", "preliminary", "protocol", "rationale",
    "republished", "results", "retraction", "subanalysis", "subgroup", "substudy", "summary", "supplement", "viewpoint",
})  # fmt: skip
_UPDATE_WORDS = frozenset({"update", "updated"})
_COMMENT_WORDS = frozenset({"comment", "comments", "commentary", "reply", "rejoinder"})
_COMMENT_PREFIX = re.compile(
    r"^\s*(?:re|comments?(?: on)?|reply(?: to)?|response(?: to)?|in reply(?: to)?|letter(?: to the editor)?(?: re)?"
    r"|(?:the )?authors?['’]?s?['’]? (?:reply|response)(?: to)?)\s*[:.–—]\s*", re.IGNORECASE)
_NOTICE_PREFIX = re.compile(
    r"^\s*(?:notice of )?(?:partial )?(retraction|corrections?|corrigend(?:um|a)|errat(?:um|a)|expression of concern"
    r"|addendum)(?: (?:notice|note|statement))?\s*(?:--|[:–—.]|\b(?:to|of|for)\b)[\s:]*", re.IGNORECASE)
_NOTICE_LINKS = {
    "retraction": LinkKind.RETRACTS, "expression of concern": LinkKind.RAISES_CONCERN, "addendum": LinkKind.CORRECTS}
_COMMENT_TYPES = frozenset({"comment", "letter", "editorial"})
_COCHRANE = re.compile(r"10\.1002/14651858\.([a-z]{2}\d{6})(?:\.pub(\d+))?\Z")


@dataclass(frozen=True, slots=True)
class Kin:
    """Why two records are two works.

    Attributes:
        why: for people, a whole clause.
        link: how the first stands to the second, or None where the relation has no name here.
        turned: the link reads the other way: the second is the preprint of the first.
        by_words: told from words of the titles alone; a subtitle may have got lost, so the same page or the same
            abstract outweighs it.
    """

    why: str
    link: LinkKind | None = None
    turned: bool = False
    by_words: bool = False


@dataclass(frozen=True, slots=True)
class _Side:
    """One record as this module looks at it."""

    record: ParsedRecord
    about: str

    @property
    def is_notice(self) -> bool:
        return self.record.is_notice or self.record.kind is RecordKind.NOTICE or bool(
            _NOTICE_PREFIX.match(self.record.title) and self.about)


def kin_of(first: ParsedRecord, second: ParsedRecord, laid: Laid | None = None) -> Kin | None:
    """Tell whether two records that look alike are two works that belong together.

    Args:
        first, second: the records; only the title, kind, types, DOI and relations are looked at.
        laid: their titles side by side, if that is known.
    """
    ours, theirs = _side(first), _side(second)
    side_by_side = laid or lay(title_of(first.title), title_of(second.title))
    return (
        _named_relation(ours, theirs) or _notice(ours, theirs) or _preprint(ours, theirs) or _other_kind(first, second)
        or _cochrane_update(first.doi, second.doi) or _by_words(side_by_side) or _comment(ours, theirs))


def _side(record: ParsedRecord) -> _Side:
    about = _NOTICE_PREFIX.sub("", _COMMENT_PREFIX.sub("", record.title))
    return _Side(record, about if about != record.title else "")


def _named_relation(ours: _Side, theirs: _Side) -> Kin | None:
    """One names the other as its notice, its comment, its preprint: nothing names itself."""
    for side, other in ((ours.record, theirs.record), (theirs.record, ours.record)):
        for relation in side.relations:
            if (relation.pmid and relation.pmid == other.pmid) or (relation.doi and relation.doi == other.doi):
                return Kin("one names the other as another work")
    return None


def _notice(ours: _Side, theirs: _Side) -> Kin | None:
    if ours.is_notice == theirs.is_notice:
        return None
    notice = ours if ours.is_notice else theirs
    match = _NOTICE_PREFIX.match(notice.record.title)
    types = {name.lower() for name in notice.record.publication_types}
    if match:
        link = _NOTICE_LINKS.get(match[1].lower(), LinkKind.CORRECTS)
    elif "retraction of publication" in types:
        link = LinkKind.RETRACTS
    else:
        link = LinkKind.RAISES_CONCERN if "expression of concern" in types else LinkKind.CORRECTS
    return Kin("one is a notice about the other", link, turned=notice is theirs)


def _preprint(ours: _Side, theirs: _Side) -> Kin | None:
    early = [side.record.kind is RecordKind.PREPRINT for side in (ours, theirs)]
    if early[0] == early[1]:
        return None
    return Kin("one is a preprint, the other was published", LinkKind.PREPRINT_OF, turned=early[1])


def _other_kind(first: ParsedRecord, second: ParsedRecord) -> Kin | None:
    """A congress abstract is not the article of the same title, a registration not the results."""
    kinds = {first.kind, second.kind}
    if RecordKind.TRIAL_REGISTRATION in kinds and len(kinds) == 2:
        return Kin("one is the registration of a trial, the other is not")
    if kinds == {RecordKind.CONGRESS_ABSTRACT, RecordKind.ARTICLE} and not _one_place(first, second):
        return Kin("one is a congress abstract, the other an article")
    return None


def _one_place(first: ParsedRecord, second: ParsedRecord) -> bool:
    """Databases disagree on what a congress abstract is; where it is printed they do not."""
    return bool(first.pages) and first.volume == second.volume and first_page(first.pages) == first_page(second.pages)


def _cochrane_update(first: str, second: str) -> Kin | None:
    ours, theirs = _COCHRANE.match(first), _COCHRANE.match(second)
    if not ours or not theirs or ours[1] != theirs[1] or ours[2] == theirs[2]:
        return None
    return Kin("two versions of one review", LinkKind.UPDATES, turned=int(ours[2] or 1) < int(theirs[2] or 1))


def _by_words(laid: Laid) -> Kin | None:
    """What the words say that only one of the titles has."""
    ours, theirs = set(laid.only_first), set(laid.only_second)
    for words, link, why in ((_UPDATE_WORDS, LinkKind.UPDATES, "one is an update of the other"),
                             (_COMMENT_WORDS, LinkKind.COMMENTS_ON, "one comments on the other")):
        if bool(ours & words) != bool(theirs & words):
            return Kin(why, link, turned=not ours & words, by_words=True)
    if told := sorted((ours ^ theirs) & _OTHER_WORK):
        return Kin(f"only one title says “{told[0]}”", by_words=True)
    counts = [numbers_in(words) for words in (laid.only_first, laid.only_second)]
    if all(counts):
        return Kin(f"one title counts “{counts[0][0]}”, the other “{counts[1][0]}”", by_words=True)
    return None


def _comment(ours: _Side, theirs: _Side) -> Kin | None:
    """A letter that bears the title of the article it speaks of."""
    said = [bool(_COMMENT_PREFIX.match(side.record.title)) for side in (ours, theirs)]
    if said[0] == said[1]:
        said = [bool({name.lower() for name in side.record.publication_types} & _COMMENT_TYPES)
                for side in (ours, theirs)]
        authors = [side.record.first_author for side in (ours, theirs)]
        if not all(authors) or _family(authors[0]) == _family(authors[1]):
            return None
    if said[0] == said[1]:
        return None
    return Kin("one comments on the other", LinkKind.COMMENTS_ON, turned=said[1])


def _family(author: Author | None) -> str:
    return folded(author.family or author.collective) if author else ""
