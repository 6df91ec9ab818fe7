"""``evenhand literature``: importing as an account, machine-readable reports, searching, rebuilding."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from config import Config
from inquiry_service.cli import main
from inquiry_service.domain.vocabulary import ImportState, Role
from inquiry_service.services.demo import people
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import audit as audit_store
from inquiry_service.store import literature as literature_store
from inquiry_service.store import literature_imports as imports_store
from inquiry_service.store.audit import AuditFilter
from tests import factories
from tests.services.literature_files import numbered, table

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., Result]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A demonstration in this test's own directory, without its data."""
    return {
        "EVENHAND_DEMO": "1", "EVENHAND_SECRET_KEY": "0123456789abcdef" * 4,
        "EVENHAND_DATA_DIR": str(tmp_path / "var"), "EVENHAND_INDEX_DIR": str(tmp_path / "index"),
        "EVENHAND_ARGON2_MEMORY_KIB": "8", "EVENHAND_ARGON2_TIME_COST": "1", "EVENHAND_ARGON2_PARALLELISM": "1",
    }


@pytest.fixture
def runtime(environment: dict[str, str], run: Run) -> Runtime:
    """The installation with its librarian, its administrator and one product."""
    assert run("init").exit_code == 0
    opened = Runtime.open(Config.from_env(environment))
    with opened.transaction() as session:
        for name, role in (("librarian", Role.CONTENT_OWNER), ("admin", Role.ADMINISTRATOR)):
            factories.user(session, role, email=f"{name}@demo.example", name=name.capitalize())
        factories.product(session, key="tryptanol-tablets")
    return opened


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    """Run a command in this process."""

    def call(*arguments: str, stdin: bytes | str = "", **changed: str) -> Result:
        return CliRunner().invoke(main, arguments, input=stdin, env=environment | changed, prog_name="evenhand")

    return call


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Three records: one good, its repetition, one without a title."""
    path = tmp_path / "records.csv"
    path.write_bytes(table([{"pmid": 1, "title": "Sumatriptan & “nausea”"}, {"pmid": 1, "title": "Again"},
                            {"pmid": 2, "title": ""}]))
    return path


def test_an_import_reports_each_file_and_its_rejected_records(runtime: Runtime, run: Run, file: Path) -> None:
    result = run("literature", "import", str(file), "--product", "tryptanol-tablets")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        f"{file} (CSV or TSV table): 3 read, 1 created, 0 updated, 1 duplicate, 1 rejected",
        "  record 3: The record has no title."]


def test_with_json_standard_output_holds_the_outcome_of_every_record_and_nothing_else(
    runtime: Runtime, run: Run, file: Path
) -> None:
    result = run("literature", "import", str(file), "--json")
    [report] = json.loads(result.stdout)["files"]
    assert (report["read"], report["created"], report["duplicate"], report["rejected"]) == (3, 1, 1, 1)
    assert [(one["position"], one["outcome"], one["citation_key"]) for one in report["records"]] == [
        (1, "created", "newman1998"), (2, "duplicate", "newman1998"), (3, "rejected", None)]
    assert report["records"][2]["reason"] == "The record has no title."


def test_a_file_that_cannot_be_read_fails_the_command_and_not_the_other_files(
    runtime: Runtime, run: Run, file: Path, tmp_path: Path
) -> None:
    (tmp_path / "paper.pdf").write_bytes(b"\x7fELF" + bytes(64))
    result = run("literature", "import", str(tmp_path / "gone.ris"), str(tmp_path / "paper.pdf"), str(file))
    assert result.exit_code == 1
    assert "1 created" in result.stdout
    assert f"error: {tmp_path / 'gone.ris'}: No such file or directory" in result.stderr
    assert "is not a literature file" in result.stderr
    assert "Traceback" not in result.output


def test_a_dry_run_stores_nothing_and_leaves_the_import_to_be_confirmed(
    runtime: Runtime, run: Run, file: Path
) -> None:
    result = run("literature", "import", str(file), "--dry-run")
    assert result.exit_code == 0, result.output
    first, second, third = result.stdout.splitlines()
    assert first.endswith("3 read, 1 new, 1 duplicate, 0 changed, 0 conflict, 1 error")
    assert second.startswith("  nothing is stored yet; confirm it at /literature/imports/")
    assert third == "  record 3: The record has no title."
    with runtime.reading() as session:
        assert literature_store.count(session) == 0
        assert imports_store.runs(session)[0].state is ImportState.CHECKED


def test_the_columns_of_a_table_can_be_named(runtime: Runtime, run: Run, tmp_path: Path) -> None:
    path = tmp_path / "tabelle.csv"
    path.write_text("Titel;Jahr\nEine Studie;2011\n", encoding="utf-8")
    assert "1 created" in run("literature", "import", str(path), "--map", "Titel=title", "--map", "Jahr=date").stdout
    wrong = run("literature", "import", str(path), "--map", "Titel=heading")
    assert wrong.exit_code == 1
    assert "there is no field “heading”" in wrong.stderr
    assert run("literature", "import", str(path), "--map", "Titel").exit_code == 2


def test_standard_input_can_be_imported(runtime: Runtime, run: Run) -> None:
    result = run("literature", "import", "-", stdin=numbered(2))
    assert "2 read, 2 created" in result.stdout
    with runtime.reading() as session:
        entries = [row.data for row in audit_store.in_order(session, AuditFilter(), audit_store.head(session).size)]
    [begun] = [entry for entry in entries if entry["action"] == "literature:import_started"]
    assert begun["object"]["label"] == "standard input"
    assert begun["actor"]["name"] == "Librarian", "the audit names the account that the command acts as"
    assert begun["changes"]["via"]["new"].startswith("command line, host account ")


@pytest.mark.parametrize(("more", "changed", "words"), [
    (("--as", "nobody@demo.example"), {}, "There is no active account nobody@demo.example."),
    (("--as", "admin@demo.example"), {}, "does not include the right literature:import"),
    (("--product", "unknown"), {}, "There is no product “unknown”. Known are: tryptanol-tablets."),
    ((), {"EVENHAND_DEMO": "0"}, "Say with --as EMAIL"),
])
def test_an_import_needs_an_account_with_the_right_and_a_product_that_exists(
    runtime: Runtime, run: Run, file: Path, more: tuple[str, ...], changed: dict[str, str], words: str
) -> None:
    result = run("literature", "import", str(file), *more, **changed)
    assert result.exit_code == 1
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_search_prints_its_reading_and_references_and_in_json_the_index_it_ran_on(
    runtime: Runtime, run: Run, file: Path
) -> None:
    run("literature", "import", str(file))
    assert run("worker", "--once").exit_code == 0
    result = run("literature", "search", "sumatriptan since year:1990..2000")
    assert result.stdout.splitlines()[:3] == [
        "Read as: sumatriptan AND year 1990 to 2000", "Too common to search: since.", "1 record, index 1"]
    assert "1. newman1998  Newman L. Sumatriptan & “nausea”. 1998. PMID: 1" in result.stdout
    found = json.loads(run("literature", "search", "sumatriptan", "--json", "--limit", "1").stdout)
    assert (found["total"], found["index"]["generation"], found["hits"][0]["citation_key"]) == (1, 1, "newman1998")
    assert found["hits"][0]["reference"] == "Newman L. Sumatriptan & “nausea”. 1998. PMID: 1"


def test_an_unreadable_search_fails_in_one_line_with_the_place(runtime: Runtime, run: Run) -> None:
    result = run("literature", "search", "migraine AND (")
    assert result.exit_code == 1
    assert "at character 14" in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_limit_out_of_range_is_a_wrong_call(runtime: Runtime, run: Run) -> None:
    assert run("literature", "search", "x", "--limit", "0").exit_code == 2
    assert run("literature", "import").exit_code == 2


def test_a_rebuild_makes_the_index_anew_and_is_audited_as_the_operators(
    runtime: Runtime, run: Run, file: Path
) -> None:
    run("literature", "import", str(file))
    result = run("literature", "rebuild")
    assert result.stdout == "Index 1 holds 1 records.\n"
    assert "records indexed: 1 of 1" in result.stderr
    assert "1 record, index 1" in run("literature", "search", "sumatriptan").stdout
    with runtime.reading() as session:
        *_, last = (row.data for row in audit_store.in_order(
            session, AuditFilter(), audit_store.head(session).size))
    assert (last["action"], last["actor"]["role"]) == ("literature:index_rebuilt", "administrator")


def test_a_terminal_gets_a_bar_and_standard_output_stays_clean(
    runtime: Runtime, environment: dict[str, str], file: Path
) -> None:
    """A real pseudo-terminal, because the decision is about what standard error is."""
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "inquiry_service", "literature", "import", str(file), "--json"]
    done = subprocess.run(
        command, cwd=ROOT, stdout=subprocess.PIPE, stderr=follower, check=True, timeout=60,
        env=os.environ | environment | {"TERM": "xterm", "COLUMNS": "100"})
    os.close(follower)
    shown = os.read(leader, 65536).decode()
    os.close(leader)
    assert "records.csv: records read" in shown
    assert "\x1b[" in shown
    assert json.loads(done.stdout)["files"][0]["read"] == 3


def test_the_demonstration_has_the_librarian_that_the_command_acts_as() -> None:
    from inquiry_service.cli.literature_import import LIBRARIAN

    [account] = [account for account in people.ACCOUNTS if account.email == LIBRARIAN]
    assert account.role is Role.CONTENT_OWNER


def test_a_retraction_list_is_imported_with_its_report_and_again_changes_nothing(
    runtime: Runtime, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_bytes(numbered(2))
    assert run("literature", "import", str(tmp_path / "a.csv")).exit_code == 0
    header = "Record ID,RetractionDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature"
    file = tmp_path / "list.csv"
    file.write_text(f"{header}\n1,2/6/2010,,1,Retraction\n2,2/6/2010,unavailable,0,Retraction\n")
    first = run("literature", "retractions", str(file))
    assert first.exit_code == 0
    assert "2 lines read, 1 added, 0 unchanged, 1 rejected" in first.output
    assert "newman1998 is now retracted" in first.output
    assert "line 2 (2): The line gives neither a DOI nor a PMID of the work." in first.output
    again = json.loads(run("literature", "retractions", str(file), "--json").stdout)
    assert (again["read"], again["added"], again["unchanged"], again["rejected"], again["lowered"]) == (2, 0, 1, 1, [])


def test_a_file_that_is_no_retraction_list_is_refused_in_one_line(runtime: Runtime, run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(numbered(2))
    refused = run("literature", "retractions", str(tmp_path / "a.csv"))
    assert refused.exit_code != 0
    assert "This is not a retraction list" in refused.output


def test_a_search_is_narrowed_sorted_and_taken_literally_by_options(runtime: Runtime, run: Run) -> None:
    run("literature", "import", "-", stdin=numbered(3))
    assert run("worker", "--once").exit_code == 0
    found = json.loads(run("literature", "search", "sumatriptan", "--json", "--sort", "oldest", "--limit", "2").stdout)
    assert (found["total"], len(found["hits"])) == (3, 2)
    assert found["facets"]["statuses"] == [["current", 3]]
    assert found["query"]["sort"] == "oldest"
    narrowed = json.loads(run("literature", "search", "sumatriptan", "--json", "--status", "retracted").stdout)
    assert narrowed["total"] == 0
    assert json.loads(run("literature", "search", "triptans", "--json", "--as-typed").stdout)["expansions"] == []
    assert json.loads(run("literature", "search", "triptans", "--json").stdout)["expansions"][0]["word"] == "triptans"
    assert "Did you mean: sumatriptan" in run("literature", "search", "sumatryptan").stdout
    assert run("literature", "search", "x", "--status", "lost").exit_code == 2
