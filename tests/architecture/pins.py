"""Reads requirements files as pip does: pins, hashes, markers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})\b")


@dataclass(frozen=True)
class Pin:
    """One line of a compiled requirements file."""

    name: str
    requirement: Requirement
    hashes: frozenset[str]

    @property
    def version(self) -> Version:
        """The exact version; raises ValueError when the line names none."""
        specifiers = list(self.requirement.specifier)
        if len(specifiers) != 1 or specifiers[0].operator != "==":
            raise ValueError(f"{self.requirement} is not pinned to one version")
        return Version(specifiers[0].version)

    @property
    def applies_here(self) -> bool:
        """Whether the line is meant for this platform and Python."""
        return self.requirement.marker is None or self.requirement.marker.evaluate()


def parse_pins(text: str) -> dict[str, Pin]:
    """Return the pins of a requirements file's ``text`` by canonical name."""
    pins = {}
    for line in re.sub(r"\\\n", " ", text).splitlines():
        declaration = line.split("#", 1)[0].strip()
        if not declaration or declaration.startswith("-"):
            continue
        requirement = Requirement(declaration.split("--hash", 1)[0].strip())
        name = canonicalize_name(requirement.name)
        pins[name] = Pin(name, requirement, frozenset(_HASH.findall(declaration)))
    return pins


def read_pins(file: Path) -> dict[str, Pin]:
    """Return the pins of a requirements file by canonical name."""
    return parse_pins(file.read_text(encoding="utf-8"))
