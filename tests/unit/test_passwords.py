"""Which passwords are accepted, and how they are hashed (P41)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from argon2 import extract_parameters

from config import Config
from inquiry_service.errors import InvalidInput
from inquiry_service.services.passwords import (
    DEMO_PASSWORD,
    LONGEST,
    SHORTEST,
    Passwords,
    check_acceptable,
    matches,
    temporary_password,
)

GOOD = "seven quiet lanterns"
LONG = (
    "the river runs past 14 mills and never asks whose grain it is that they grind there in autumn"
    " or later, at night"
)


@pytest.fixture
def passwords(config: Config) -> Passwords:
    return Passwords.from_config(config)


@pytest.mark.parametrize("length", [SHORTEST, SHORTEST + 1, 64, 100, LONGEST])
def test_a_password_within_the_limits_is_accepted_and_checked_to_its_last_character(
    passwords: Passwords, length: int
) -> None:
    password = (LONG + LONG[::-1])[:length]
    check_acceptable(password)
    stored = passwords.hash(password)
    assert matches(stored, password)
    assert not matches(stored, password[:-1] + "§")


@pytest.mark.parametrize("length", [0, 1, SHORTEST - 1, LONGEST + 1, 1000])
def test_a_password_outside_the_limits_is_refused(length: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_acceptable((LONG * 9)[:length])
    assert set(refused.value.fields) == {"password"}


@pytest.mark.parametrize("password", [
    "password1234", "Passw0rd!2026", "P@ssw0rdP@ssw0rd", "qwertyuiop123", "letmein2026!!",
    "iloveyou1234",
    "welcome-2026-welcome", "changeme1234", "correct horse battery staple",
    "aaaaaaaaaaaa", "abcabcabcabc", "123456789012", "abcdefghijklmn",
    "zyxwvutsrqpon", "qazwsxedc123", "Summer2026!!!", "adminadmin1234", DEMO_PASSWORD, "0123456789876543210",
])
def test_what_is_guessed_first_is_refused(password: str) -> None:
    with pytest.raises(InvalidInput):
        check_acceptable(password)


@pytest.mark.parametrize("password", [
    GOOD, "Tr0ub4dor&3-mountain", "kaffee um halb sieben", "纸鸢飞过三座桥又落在屋顶", "🦔🌊🎻🧭🪁🦉🌵🚲🧶🪵🍐🔭",
    "x9$Lq!7vR2#m", "passwords are like tea",
])
def test_what_is_not_guessed_first_is_accepted_whatever_its_characters(passwords: Passwords, password: str) -> None:
    check_acceptable(password)
    assert matches(passwords.hash(password), password)


def test_ones_own_name_does_not_count_towards_the_length() -> None:
    with pytest.raises(InvalidInput, match="your name"):
        check_acceptable("lindqvist 4711", about=["m.lindqvist@example.org", "Marta Lindqvist"])
    check_acceptable("lindqvist feeds three owls", about=["Marta Lindqvist"])


def test_a_word_list_pattern_takes_no_exponential_time() -> None:
    check_acceptable("qazwsx" * 20 + "§ßäö9")


def test_the_same_characters_match_however_they_were_composed(passwords: Passwords) -> None:
    assert matches(passwords.hash("caf\u00e9 um zw\u00f6lf Uhr"), "cafe\u0301 um zwo\u0308lf Uhr")


def test_half_a_surrogate_pair_is_refused_with_words() -> None:
    with pytest.raises(InvalidInput, match="broken character"):
        check_acceptable("twelve good \ud800 characters")


def test_a_hash_lags_behind_when_the_parameters_rise(config: Config, passwords: Passwords) -> None:
    stored = passwords.hash(GOOD)
    assert not passwords.lags_behind(stored)
    risen = Passwords.from_config(replace(config, argon2_time_cost=2))
    assert risen.lags_behind(stored)
    assert matches(stored, GOOD)


def test_the_parameters_are_those_of_the_configuration_and_the_kind_is_argon2id(config: Config) -> None:
    found = extract_parameters(Passwords.from_config(config).hash(GOOD))
    assert (found.memory_cost, found.time_cost, found.parallelism, found.type.name) == (8, 1, 1, "ID")


def test_something_that_is_no_hash_matches_nothing() -> None:
    assert not matches("", GOOD)
    assert not matches("$argon2id$broken", GOOD)


def test_temporary_passwords_differ_and_are_acceptable() -> None:
    made = {temporary_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        check_acceptable(password)
