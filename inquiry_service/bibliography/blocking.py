"""Keys under which a record is stored so that its likely doubles are found without reading the library.

Two records of one work share at least one key although a typing error, a lost subtitle, other pages or another
spelling of the author spoils some of them; two works share few. Each key is short and ready for an index.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import blake2b

from inquiry_service.bibliography.identity import folded
from inquiry_service.bibliography.likeness import first_page
from inquiry_service.bibliography.record import ParsedRecord
from inquiry_service.bibliography.title_words import Title, title_of

_OPENING, _LONG_WORDS, _FEWEST, _ENOUGH_INITIALS = 4, 4, 3, 7
_ABSTRACT_FROM, _ABSTRACT_TO = 20, 80
_KEPT_LETTERS = 5


def block_keys(record: ParsedRecord, title: Title | None = None) -> tuple[str, ...]:
    """Return the keys of a record, each once: of its title's words, its place in a journal, its abstract.

    Args:
        title: the title in words, if that is known.
    """
    texts = _texts(record, title or title_of(record.title))
    return tuple(dict.fromkeys(f"{kind}:{_short(text)}" for kind, text in texts))


def _texts(record: ParsedRecord, title: Title) -> Iterator[tuple[str, str]]:
    words, author = title.words, _author(record)
    main = words[: title.main]
    if len(words) >= _FEWEST:
        yield "open", " ".join(words[:_OPENING])
        yield "end", " ".join(main[-_OPENING:])
        yield "long", " ".join(sorted(sorted(set(main), key=lambda word: (-len(word), word))[:_LONG_WORDS]))
    elif words:
        # "Editorial" and "Reply" open thousands of titles; only together with the author they tell something.
        yield "open", f"{' '.join(words)}|{author}|{record.year}"
    if words:
        # Only the first letters: hardly anybody mistypes these.
        yield "main", f"{_initials(main)}|{author}"
        if len(words) >= _ENOUGH_INITIALS:
            yield "all", _initials(words)
    if author and words:
        yield "who", f"{author}|{max(words, key=lambda word: (len(word), word))}|{words[0]}"
    if (page := first_page(record.pages)) and (volume := re.sub(r"\D", "", record.volume)):
        yield "place", f"{volume}|{page}|{author[:2]}"
    abstract = folded(record.abstract[: 2 * _ABSTRACT_TO])
    if len(abstract) >= _ABSTRACT_TO:
        yield "text", abstract[_ABSTRACT_FROM:_ABSTRACT_TO]


def _initials(words: Sequence[str]) -> str:
    return "".join(word[0] for word in words)


def _author(record: ParsedRecord) -> str:
    author = record.first_author
    return folded(author.family or author.collective)[:_KEPT_LETTERS] if author else ""


def _short(text: str) -> str:
    return blake2b(text.encode(), digest_size=6).hexdigest()
