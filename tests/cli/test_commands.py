"""The command line: one line and an exit code for whatever goes wrong, no traceback, no slow help."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from inquiry_service.cli import COMMANDS, main
from inquiry_service.version import __version__

ROOT = Path(__file__).resolve().parents[2]
SECRET = "0123456789abcdef" * 4
PASSWORD = "seven quiet lakes at dusk"
Run = Callable[..., Result]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    return {
        "EVENHAND_SECRET_KEY": SECRET, "EVENHAND_DATA_DIR": str(tmp_path / "var"),
        "EVENHAND_INDEX_DIR": str(tmp_path / "index"), "EVENHAND_ARGON2_MEMORY_KIB": "8",
        "EVENHAND_ARGON2_TIME_COST": "1", "EVENHAND_ARGON2_PARALLELISM": "1",
    }


@pytest.fixture
def run(environment: dict[str, str]) -> Run:
    def call(*arguments: str, stdin: str = "", **changed: str) -> Result:
        return CliRunner().invoke(main, arguments, input=stdin, env=environment | changed, prog_name="evenhand")

    return call


def _one_line(result: Result, code: int) -> str:
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    (line,) = result.stderr.splitlines()
    assert line.startswith("error: ")
    return line


def test_the_list_names_every_command_and_imports_none() -> None:
    probe = (
        "import sys; from inquiry_service.cli import main\n"
        "try: main(['--help'], prog_name='evenhand')\n"
        "finally: print(sorted({'flask', 'sqlalchemy', 'whoosh', 'weasyprint'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", probe], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.rstrip().endswith("[]")
    assert all(f"  {name} " in done.stdout for name in COMMANDS)


def test_every_command_of_the_list_can_be_run() -> None:
    for name in COMMANDS:
        result = CliRunner().invoke(main, [name, "--help"])
        assert result.exit_code == 0, name
        assert "Usage:" in result.output


def test_the_module_and_the_console_script_are_the_same_command() -> None:
    done = subprocess.run([sys.executable, "-m", "inquiry_service", "--version"], cwd=ROOT, capture_output=True,
                          text=True, check=True)
    assert done.stdout == f"evenhand {__version__}\n"


@pytest.mark.parametrize("arguments", [["nonsense"], ["--nonsense"], ["users", "add"], ["users", "nonsense"],
                                       ["users", "add", "a@b.org", "--name", "A", "--role", "king"]])
def test_a_wrong_call_is_one_line_and_code_2(run: Run, arguments: list[str]) -> None:
    assert "--help" in _one_line(run(*arguments), 2)


def test_without_a_secret_nothing_starts_and_the_line_says_what_to_set(run: Run) -> None:
    assert "EVENHAND_SECRET_KEY" in _one_line(run("doctor", EVENHAND_SECRET_KEY=""), 1)


def test_before_init_the_line_says_to_run_it(run: Run) -> None:
    assert "evenhand init" in _one_line(run("users", "list"), 1)
    assert "evenhand init" in _one_line(run("serve"), 1)


def test_an_unreachable_database_is_one_line(run: Run) -> None:
    line = _one_line(run("users", "list", EVENHAND_DATABASE_URL="postgresql+psycopg://nobody:hidden@127.0.0.1:1/x"), 1)
    assert "database" in line
    assert "hidden" not in line


def test_init_can_be_repeated_and_keeps_what_exists(run: Run, tmp_path: Path) -> None:
    first = run("init", "--organisation", "Example Company")
    assert first.exit_code == 0
    assert "production installation of Example Company" in first.output
    assert "Example Company" in run("init", "--organisation", "Another One").output
    assert oct((tmp_path / "var").stat().st_mode & 0o777) == "0o700"


def test_demonstration_and_real_data_do_not_mix(run: Run) -> None:
    run("init")
    assert "real data" in _one_line(run("init", EVENHAND_DEMO="yes"), 1)


def test_accounts_are_added_listed_and_disabled(run: Run) -> None:
    run("init")
    for number in (1, 2):
        added = run("users", "add", f"admin{number}@example.org", "--name", "Site Administrator",
                    "--role", "administrator", "--password-stdin", stdin=f"{PASSWORD}\n")
        assert added.exit_code == 0, added.output
        assert PASSWORD not in added.output
    assert "never reused" in _one_line(run("users", "add", "ADMIN1@example.org", "--name", "X", "--role",
                                           "auditor", "--password-stdin", stdin=PASSWORD), 1)
    assert run("users", "disable", "admin2@example.org", "--reason", "left").exit_code == 0
    assert run("users", "list").stdout.splitlines() == [
        "admin1@example.org\tSite Administrator\tadministrator\topen",
        "admin2@example.org\tSite Administrator\tadministrator\tdisabled",
    ]
    assert "last administrator" in _one_line(run("users", "disable", "admin1@example.org", "--reason", "x"), 1)
    assert "no account" in _one_line(run("users", "disable", "nobody@example.org", "--reason", "x"), 1)


def test_an_account_is_added_with_its_training(run: Run, tmp_path: Path) -> None:
    run("init")
    call = ["users", "add", "mi@example.org", "--name", "A B", "--role", "mi_specialist", "--password-stdin",
            "--trained-until"]
    assert "YYYY-MM-DD" in run("users", "add", "--help").output
    _one_line(run(*call, "next year", stdin=f"{PASSWORD}\n"), 2)
    assert "check the year" in _one_line(run(*call, "9999-01-01", stdin=f"{PASSWORD}\n"), 1)
    assert run(*call, "2026-12-31", stdin=f"{PASSWORD}\n").exit_code == 0
    with closing(sqlite3.connect(tmp_path / "var" / "evenhand.db")) as database:
        assert database.execute("SELECT trained_until FROM user_account").fetchall() == [("2026-12-31",)]


def test_a_password_is_asked_for_twice_and_not_shown(run: Run) -> None:
    run("init")
    asked = run("users", "add", "a@example.org", "--name", "A B", "--role", "auditor",
                stdin=f"{PASSWORD}\n{PASSWORD}\n")
    assert asked.exit_code == 0, asked.output
    assert PASSWORD not in asked.output
    weak = run("users", "add", "b@example.org", "--name", "A B", "--role", "auditor", "--password-stdin", stdin="short")
    assert "12 characters" in _one_line(weak, 1)


def test_doctor_shows_settings_without_secrets_and_fails_while_something_is_wrong(run: Run, tmp_path: Path) -> None:
    run("init")
    told = run("doctor", EVENHAND_SMTP_URL="smtp://user:opensesame@mail.example:587")
    assert told.exit_code == 1
    assert "FAIL  worker" in told.stdout
    assert "smtp://user:***@mail.example:587" in told.stdout
    assert "opensesame" not in told.stdout
    assert SECRET not in told.stdout
    assert str(tmp_path / "var") in told.stdout


def test_the_web_server_starts_answers_and_stops_when_told(environment: dict[str, str], run: Run) -> None:
    run("init")
    program = (
        "import sys, threading, time, urllib.request, os, signal\n"
        "def ask():\n"
        "    for _ in range(100):\n"
        "        time.sleep(0.1)\n"
        "        try: answer = urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz').read()\n"
        "        except OSError: continue\n"
        "        print(answer.decode().strip(), flush=True); break\n"
        "    os.kill(os.getpid(), signal.SIGTERM)\n"
        "threading.Thread(target=ask, daemon=True).start()\n"
        "from inquiry_service.cli import main; main(['serve'])\n"
    )
    settings = os.environ | environment | {"PORT": str(_free_port()), "EVENHAND_WEB_WORKERS": "1"}
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=settings, capture_output=True, text=True,
                          check=False, timeout=60)
    assert done.stdout == '{"status":"alive"}\n', done.stderr
    assert done.returncode == 0
    assert "Traceback" not in done.stderr


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
