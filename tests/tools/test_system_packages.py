"""What is missing on the machine is named exactly, and nothing is installed behind anybody's back."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tools import system_packages
from tools.system_packages import RUNTIME, TESTS, MissingSystemPackages, Need, ensure, missing

PRESENT = Need("there", lambda: True)
ABSENT = Need("not-there", lambda: False)


def test_the_machine_that_runs_the_tests_has_what_they_need() -> None:
    assert missing(RUNTIME + TESTS) == []


def test_a_library_that_cannot_be_loaded_counts_as_missing() -> None:
    need = Need("libnothing0", system_packages._loads("libharfbuzz.so.0", "libnothing-at-all.so.7"))
    assert missing((PRESENT, need)) == ["libnothing0"]


def test_an_ordinary_user_is_told_the_exact_command_and_nothing_is_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    commands = _recorded_commands(monkeypatch)
    with pytest.raises(MissingSystemPackages, match=r"sudo apt-get update && sudo apt-get .* not-there$"):
        ensure((PRESENT, ABSENT))
    assert commands == []


def test_root_updates_the_package_lists_before_installing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(system_packages.shutil, "which", lambda _name: "/usr/bin/apt-get")
    commands = _recorded_commands(monkeypatch)
    appears_later = Need("late", lambda: any("install" in command for command in commands))
    ensure((PRESENT, appears_later))
    assert [command[2] for command in commands] == ["update", "install"]
    assert commands[1][-1] == "late"


def test_an_installation_that_brings_nothing_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(system_packages.shutil, "which", lambda _name: "/usr/bin/apt-get")
    _recorded_commands(monkeypatch)
    with pytest.raises(MissingSystemPackages, match="still not to be found: not-there"):
        ensure((ABSENT,))


def test_the_newest_postgresql_is_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for version in ("9.6", "15", "17"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "initdb").touch()
    monkeypatch.setattr(system_packages.shutil, "which", lambda _name: None)
    monkeypatch.setattr(system_packages, "POSTGRESQL_DIRECTORIES", tmp_path)
    assert system_packages.postgresql_binaries() == tmp_path / "17" / "bin"


def _recorded_commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    commands: list[list[str]] = []

    def run(command: list[str], **_options: Any) -> subprocess.CompletedProcess[str]:
        commands.append(command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setattr(subprocess, "run", run)
    return commands
