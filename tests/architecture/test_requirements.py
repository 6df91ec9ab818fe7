"""What gets installed is pinned, hashed, new enough and allowed by its licence (P52)."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest
from packaging.version import Version

from tests.architecture.pins import Pin, parse_pins, read_pins
from tests.architecture.source_files import ROOT

RUNTIME = ROOT / "requirements.txt"
TESTS = ROOT / "tests" / "requirements.txt"

PERMISSIVE = re.compile(
    r"\b(?:MIT|BSD|0BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|Unlicense|HPND|Zlib"
    r"|Public Domain)\b",
    re.I,
)
COPYLEFT = re.compile(r"\b(?:AGPL|GPL|LGPL|GNU|Affero)", re.I)
EXCEPTIONS = {
    "psycopg": "LGPL-3.0, used as a library through its published interface and replaceable",
    "psycopg-binary": "LGPL-3.0, the compiled half of psycopg",
    "pyphen": "GPL 2.0+, LGPL 2.1+ or MPL 1.1 at the user's choice: used under the MPL",
}


def licence_of(package: Distribution) -> str:
    """Return everything the package's metadata says about its licence, in one line."""
    metadata = package.metadata
    classifiers = metadata.get_all("Classifier", [])
    named = [line.rsplit(" :: ", 1)[-1] for line in classifiers if line.startswith("License")]
    # Some packages put the whole licence text in this field; its first line names the licence.
    declared = (metadata.get("License") or "").strip().splitlines()[:1]
    return " / ".join([*filter(None, [metadata.get("License-Expression")]), *named, *declared])


def allowed(name: str, licence: str) -> bool:
    """Whether a package may be part of the running product."""
    if name in EXCEPTIONS:
        return True
    return bool(PERMISSIVE.search(licence)) and not COPYLEFT.search(licence)


def too_old(pins: dict[str, Pin], floors: dict[str, dict[str, str]]) -> list[str]:
    """Return one line for each pinned package below its floor."""
    return [
        f"{name} {pins[name].version} < {floor['version']}: {floor['reason']}"
        for name, floor in floors.items()
        if name in pins and pins[name].version < Version(floor["version"])
    ]


@pytest.mark.parametrize("file", [RUNTIME, TESTS], ids=["runtime", "tests"])
def test_every_package_is_pinned_and_carries_a_hash(file: Path) -> None:
    pins = read_pins(file)
    assert len(pins) > 20
    assert [name for name, pin in pins.items() if not pin.hashes or not pin.version] == []


def test_what_the_intent_names_is_in_the_compiled_file() -> None:
    compiled = read_pins(RUNTIME)
    for name, intent in parse_pins((ROOT / "requirements.in").read_text(encoding="utf-8")).items():
        assert name in compiled, f"{name}: run 'make lock'"
        assert intent.requirement.specifier.contains(compiled[name].version), f"{name}: run 'make lock'"


def test_tests_run_on_the_versions_that_are_shipped() -> None:
    runtime, tests = read_pins(RUNTIME), read_pins(TESTS)
    assert {n: str(p.version) for n, p in runtime.items()} == {n: str(tests[n].version) for n in runtime}


def test_no_package_is_older_than_its_last_known_hole() -> None:
    floors = tomllib.loads((ROOT / "tests/architecture/min_versions.toml").read_text(encoding="utf-8"))
    assert {"weasyprint", "jinja2", "lxml", "nh3", "flask", "werkzeug", "gunicorn"} <= floors.keys()
    assert all(floor["reason"] for floor in floors.values())
    assert too_old(read_pins(RUNTIME), floors) == []
    assert too_old(read_pins(TESTS), floors) == []


def test_an_old_pin_and_a_missing_hash_would_be_found() -> None:
    pins = parse_pins("jinja2==3.1.5 \\\n    --hash=sha256:" + "a" * 64 + "\n    # via flask\nlxml==6.1.3\n")
    floors = {"jinja2": {"version": "3.1.6", "reason": "sandbox"}}
    assert too_old(pins, floors) == ["jinja2 3.1.5 < 3.1.6: sandbox"]
    assert pins["jinja2"].hashes
    assert not pins["lxml"].hashes


def test_the_licence_of_every_shipped_package_is_allowed() -> None:
    shipped = [pin for pin in read_pins(RUNTIME).values() if pin.applies_here]
    licences = {pin.name: licence_of(distribution(pin.name)) for pin in shipped}
    assert {name: licence for name, licence in licences.items() if not allowed(name, licence)} == {}


def test_every_licence_exception_is_still_needed() -> None:
    for name in EXCEPTIONS:
        assert COPYLEFT.search(licence_of(distribution(name))), f"{name} needs no exception any more"


@pytest.mark.parametrize("licence", ["GPL-3.0-or-later", "GNU Affero General Public License", "LGPL-2.1", ""])
def test_a_package_under_another_licence_would_be_found(licence: str) -> None:
    assert not allowed("newcomer", licence)
