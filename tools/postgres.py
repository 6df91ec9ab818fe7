"""Run a command beside a private PostgreSQL server that lives exactly as long as the command.

The server keeps its data in a temporary directory, listens on a Unix socket in it and on nothing else,
and gives up durability for speed. Its address is in ``EVENHAND_TEST_POSTGRES_URL``. As root the server
programs run as the account ``postgres``, because PostgreSQL refuses to run as root.

Usage: ``python3 -m tools.postgres -- COMMAND ...``
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from tools.system_packages import postgresql_binaries

VARIABLE = "EVENHAND_TEST_POSTGRES_URL"
SERVER_ACCOUNT = "postgres"
_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "autovacuum": "off",
}


@contextmanager
def private_server() -> Iterator[str]:
    """Start a server, give its SQLAlchemy URL, stop the server and delete its data at the end.

    Raises:
        SystemExit: the server programs are missing or the server does not start; the message says why.
    """
    binaries = postgresql_binaries()
    if binaries is None:
        raise SystemExit("PostgreSQL's server programs are missing: apt-get install postgresql")
    directory = Path(tempfile.mkdtemp(prefix="evenhand-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(directory, SERVER_ACCOUNT)
        _create(binaries, directory)
        try:
            _start(binaries, directory)
            yield f"postgresql+psycopg://evenhand@/postgres?host={directory}"
        finally:
            _server_program(
                directory, binaries / "pg_ctl", "-D", directory / "data", "-m", "immediate", "stop"
            )
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _create(binaries: Path, directory: Path) -> None:
    # The C locale sorts by code point as SQLite does, so both databases give the same order.
    done = _server_program(
        directory, binaries / "initdb", "-D", directory / "data", "--username=evenhand", "--auth=trust",
        "--encoding=UTF8", "--locale=C", "--no-sync",
    )
    if done.returncode:
        raise SystemExit(f"PostgreSQL's initdb failed: {done.stderr.strip()}")


def _start(binaries: Path, directory: Path) -> None:
    settings = _SETTINGS | {"unix_socket_directories": str(directory)}
    options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
    log = directory / "log"
    done = _server_program(
        directory, binaries / "pg_ctl", "-D", directory / "data", "-l", log, "-w", "-o", options, "start"
    )
    if done.returncode:
        reason = log.read_text(encoding="utf-8", errors="replace") if log.exists() else done.stderr
        raise SystemExit(f"PostgreSQL did not start: {reason.strip()}")


def _server_program(directory: Path, *command: str | Path) -> subprocess.CompletedProcess[str]:
    prefix = ["runuser", "-u", SERVER_ACCOUNT, "--"] if os.geteuid() == 0 else []
    return subprocess.run(
        [*prefix, *map(str, command)],
        cwd=directory, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )


def stop_on_sigterm() -> None:
    """Let SIGTERM unwind the stack as Ctrl-C does, so that whatever was started is stopped."""

    def leave(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(128 + signal.SIGTERM)

    signal.signal(signal.SIGTERM, leave)


def main(arguments: list[str]) -> int:
    """Run the command after ``--`` beside a server; return its exit code."""
    command = arguments[1:] if arguments[:1] == ["--"] else arguments
    if not command:
        raise SystemExit("Usage: python3 -m tools.postgres -- COMMAND ...")
    stop_on_sigterm()
    with private_server() as url:
        return subprocess.run(command, env=os.environ | {VARIABLE: url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
