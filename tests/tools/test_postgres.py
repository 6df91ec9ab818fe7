"""The private PostgreSQL server is there for the command and gone after it, whatever happens to it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from tests.architecture.source_files import ROOT

# Says the address of the server, then what the first argument tells it to do.
SAY_ADDRESS = "import os, sys, time; print(os.environ['EVENHAND_TEST_POSTGRES_URL'], flush=True); "


def _command(then: str) -> list[str]:
    return [sys.executable, "-m", "tools.postgres", "--", sys.executable, "-c", SAY_ADDRESS + then]


def _socket_directory(address: str) -> Path:
    return Path(str(make_url(address.strip()).query["host"]))


@pytest.mark.postgresql
def test_the_server_answers_while_the_command_runs_and_ends_with_sigterm() -> None:
    with subprocess.Popen(_command("time.sleep(60)"), cwd=ROOT, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        directory = _socket_directory(running.stdout.readline())
        with psycopg.connect(host=str(directory), user="evenhand", dbname="postgres") as connection:
            (listening,) = connection.execute("SHOW listen_addresses").fetchone() or ("unknown",)
        running.send_signal(signal.SIGTERM)
        assert running.wait(20) == 128 + signal.SIGTERM
    assert listening == ""
    assert not directory.exists()


@pytest.mark.postgresql
def test_the_exit_code_of_the_command_is_kept() -> None:
    done = subprocess.run(_command("sys.exit(7)"), cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 7
    assert not _socket_directory(done.stdout).exists()


def test_without_a_command_the_usage_is_said() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.postgres"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Usage: python3 -m tools.postgres")
