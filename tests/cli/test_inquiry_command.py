"""``evenhand inquiry show``: through the eyes of an account, and never more than those see."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from inquiry_service.domain.vocabulary import Role
from tests import factories
from tests.cli.conftest import Installed

QUESTION = "May the tablets be crushed for a patient who cannot swallow?"
EMAIL = "mi@tests.example"


@pytest.fixture
def number(installed: Installed, tmp_path: Path) -> str:
    """The number of a recorded inquiry; ``mi@tests.example`` may read it."""
    with installed.runtime.transaction() as session:
        staff = factories.actor(session, Role.MI_SPECIALIST, email=EMAIL)
        made = factories.inquiry(
            session, staff, factories.product_with_label(session), factories.blob_store(tmp_path), questions=[QUESTION])
        for role in (Role.FIELD_SALES, Role.FIELD_MSL, Role.ADMINISTRATOR, Role.INTAKE_AGENT):
            factories.user(session, role, email=f"{role.value}@tests.example")
    return made.number


def test_an_inquiry_is_shown_in_words_with_what_keeps_it_from_going_on(installed: Installed, number: str) -> None:
    result = installed.run("inquiry", "show", number, "--as", EMAIL)
    assert result.exit_code == 0
    assert f"Number: {number}" in result.stdout
    assert QUESTION in result.stdout
    assert "Next steps:" in result.stdout


def test_for_machines_it_is_plain_json(installed: Installed, number: str) -> None:
    said = json.loads(installed.run("inquiry", "show", number, "--json", "--as", EMAIL).stdout)
    assert (said["number"], said["state"]) == (number, "received")
    assert [question["verbatim"] for question in said["questions"]] == [QUESTION]
    assert any(not step["open"] and step["unmet"] for step in said["next_steps"])
    assert said["documents"] == []


def test_no_name_or_address_of_the_requester_is_printed(installed: Installed, number: str) -> None:
    output = installed.run("inquiry", "show", number, "--json", "--as", EMAIL).output
    assert '"requester": "physician"' in output
    for word in ("requester@clinic.example", "Example Clinic", "555 0100"):
        assert word not in output


def test_who_may_not_read_drafts_sees_no_answer(installed: Installed, number: str) -> None:
    said = json.loads(installed.run("inquiry", "show", number, "--json", "--as", "intake_agent@tests.example").stdout)
    assert said["questions"]
    assert not {"versions", "signatures", "documents", "deliveries"} & said.keys()


@pytest.mark.parametrize("role", [Role.FIELD_SALES, Role.FIELD_MSL, Role.ADMINISTRATOR])
def test_to_field_and_administrators_the_inquiry_does_not_exist(installed: Installed, number: str, role: Role) -> None:
    line = installed.one_line("inquiry", "show", number, "--as", f"{role.value}@tests.example")
    assert line == installed.one_line("inquiry", "show", "MI-1999-000001", "--as", f"{role.value}@tests.example")
    assert "There is no such inquiry" in line


def test_without_an_account_nothing_is_shown(installed: Installed, number: str) -> None:
    assert "--as EMAIL" in installed.one_line("inquiry", "show", number)
    assert "no active account" in installed.one_line("inquiry", "show", number, "--as", "nobody@tests.example")


def test_a_call_without_a_number_is_code_2(installed: Installed) -> None:
    assert "NUMBER" in installed.one_line("inquiry", "show", code=2)
