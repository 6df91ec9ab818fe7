"""Passwords: how they are hashed, checked and judged. Nothing here touches the database.

Argon2id (RFC 9106) with the parameters of the configuration. A password has 12 to 128 characters, is
never cut, may hold any character, and needs no classes of characters (NIST SP 800-63B section 3.1.1);
what is refused is what a guesser tries first.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from config import Config
from inquiry_service.errors import InvalidInput

SHORTEST = 12
LONGEST = 128
DEMO_PASSWORD = "evenhand-demo"  # noqa: S105 - public on purpose; accepted for demonstration accounts alone

# Each hash takes 64 MiB by default: many sign-ins at once wait for each other instead of filling the memory.
_AT_ONCE = BoundedSemaphore(4)

_COMMON_WORDS = """
    abc access admin administrator aircraft america baby baseball basketball batman bitte butterfly
    changeme chelsea chocolate company computer cookie correcthorsebatterystaple default demo dragon drug
    evenhand flower football freedom geheim guest hallo hello hospital iloveyou inquiry internet jesus
    letmein liverpool login love master medical medicine michael monkey mother mustang newpassword ninja
    nothing one pass passphrase passwd password passwort pharma please pokemon princess qazwsx qazwsxedc
    qwer qwert qwerty qwertyuiop asdf asdfgh asdfghjkl zxcv zxcvbn zxcvbnm safety sammy secret secure
    security server shadow soccer spring starwars summer sunshine superman system temp temporary test
    testing three trustno two user welcome whatever winter autumn word your my is the a i me new qaz wsx
    edc january february march april june july august september october november december monday friday
    sunday
"""
_GUESSED_FIRST = frozenset(_COMMON_WORDS.split())
_LONGEST_WORD = max(map(len, _GUESSED_FIRST))
_LOOKALIKES = str.maketrans("013457@$!", "oleastasi")
_FEWEST_DIFFERENT = 5
_SHORTEST_NAME = 4


@dataclass(frozen=True)
class Passwords:
    """Makes hashes with this installation's parameters and says which hashes lag behind them."""

    hasher: PasswordHasher

    @classmethod
    def from_config(cls, config: Config) -> Passwords:
        """Take the parameters from ``config``: memory in KiB, passes, lanes."""
        return cls(PasswordHasher(
            memory_cost=config.argon2_memory_kib, time_cost=config.argon2_time_cost,
            parallelism=config.argon2_parallelism,
        ))

    def hash(self, password: str) -> str:
        """Return the encoded hash of a password, salt and parameters included."""
        with _AT_ONCE:
            return self.hasher.hash(_normal(password))

    def spend_time(self, password: str) -> None:
        """Work as long as a check would: an unknown account must not answer faster than a known one."""
        self.hash(password[:LONGEST])

    def lags_behind(self, stored: str) -> bool:
        """Say whether ``stored`` was made with other parameters than today's."""
        return self.hasher.check_needs_rehash(stored)


def matches(stored: str, password: str) -> bool:
    """Say whether ``password`` is the one behind the encoded hash ``stored``, whatever its parameters."""
    if len(password) > LONGEST:
        return False
    try:
        with _AT_ONCE:
            return PasswordHasher().verify(stored, _normal(password))
    except (VerificationError, InvalidHashError):
        return False


def check_acceptable(password: str, *, about: Iterable[str] = (), field: str = "password") -> None:
    """Refuse a password that is too short, too long or among the first guesses.

    Args:
        password: as typed.
        about: words that anyone would try for this person: name, e-mail address, organisation.
        field: name of the form field to tie the message to.

    Raises:
        InvalidInput: with one message that says what to change.
    """
    problem = _problem_of(_normal(password), about)
    if problem:
        raise InvalidInput(problem, fields={field: problem})


def temporary_password() -> str:
    """Return a password for one use, easy to read out: five groups of four (100 bits)."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789ABCDEFGHJK"[:32]
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(5))


def _problem_of(password: str, about: Iterable[str]) -> str:
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters; several words are easy to remember."
    if len(password) > LONGEST:
        return f"Use at most {LONGEST} characters."
    if len(set(password.casefold())) < _FEWEST_DIFFERENT or _counts_up(password):
        return "Use a password that is not one pattern repeated."
    if _first_guess(password):
        return "This password is among the first that are guessed; choose different words."
    if any(len(password) - len(word) < SHORTEST for word in _words_in(password, about)):
        return "Leave your name, your address and the organisation out of the password."
    return ""


def _first_guess(password: str) -> bool:
    """Common words with digits and signs around them, also with letters replaced by lookalikes."""
    plain = password.casefold()
    without_ends = re.sub(r"^[^a-z]+|[^a-z]+$", "", plain)
    variants = (plain, without_ends, plain.translate(_LOOKALIKES), without_ends.translate(_LOOKALIKES))
    skeletons = {re.sub(r"[^a-z]", "", variant) for variant in variants}
    return any(_made_of_common_words(skeleton) for skeleton in skeletons)


def _made_of_common_words(text: str) -> bool:
    """Position by position, not by a pattern: an ambiguous one would take exponential time."""
    reached = {0}
    for end in range(1, len(text) + 1):
        starts = range(max(end - _LONGEST_WORD, 0), end)
        if any(start in reached and text[start:end] in _GUESSED_FIRST for start in starts):
            reached.add(end)
    return bool(text) and len(text) in reached


def _counts_up(password: str) -> bool:
    """Say whether nearly every character is the neighbour of the one before it: 123456789012, abcdefgh…"""
    steps = [ord(right) - ord(left) for left, right in pairwise(password)]
    return sum(step in (-1, 0, 1) for step in steps) >= 0.8 * len(steps)


def _words_in(password: str, about: Iterable[str]) -> list[str]:
    folded = password.casefold()
    words = {word for text in about for word in re.split(r"[\W_]+", text.casefold())}
    return [word for word in words if len(word) >= _SHORTEST_NAME and word in folded]


def _normal(password: str) -> str:
    """The same characters whatever the keyboard composed them from (NIST SP 800-63B: NFKC).

    Raises:
        InvalidInput: the text is not Unicode that can be written (half a surrogate pair).
    """
    try:
        password.encode("utf-8")
    except UnicodeEncodeError:
        raise InvalidInput("The password holds a broken character; type it again.") from None
    return unicodedata.normalize("NFKC", password)
