"""Build the Python environment in .venv from the pinned requirements, and only when they have changed.

A stamp in .venv holds the SHA-256 of the requirements file that was installed last; while it matches,
nothing is done. Packages are installed with ``--require-hashes``: a file that is not the one that was
reviewed does not get in.

Usage: ``python3 -m tools.environment [--tests]``
"""

from __future__ import annotations

import hashlib
import os
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LAUNCHER = VENV / "bin" / "evenhand"
RUNTIME = ROOT / "requirements.txt"
TESTS = ROOT / "tests" / "requirements.txt"
OLDEST_PYTHON = (3, 11)



def ensure(*requirements: Path) -> None:
    """Create .venv where needed, install each of ``requirements`` that changed, link the checkout.

    Raises:
        SystemExit: Python is too old, or the installation failed; the message says which.
    """
    if sys.version_info < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        raise SystemExit(
            f"Python {wanted} or newer is needed, this is {sys.version.split()[0]}. "
            "Name another with: make PYTHON=python3.12 ..."
        )
    # pip comes last: without it an earlier attempt was cut off. A dangling python means that the system's
    # Python has been replaced; then everything, the stamps included, has to be made anew.
    if not (PYTHON.exists() and (VENV / "bin" / "pip").exists()):
        _run("Creating .venv", sys.executable, "-m", "venv", "--clear", str(VENV))
    for file in requirements:
        _install(file)
    _link_checkout()


def _install(file: Path) -> None:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    stamp = VENV / f".installed-{file.relative_to(ROOT).as_posix().replace('/', '-')}"
    if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
        return
    name = file.relative_to(ROOT)
    _run(
        f"Installing {name} (a minute or two, once)",
        str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
        "--require-hashes", "-r", str(file),
    )
    stamp.write_text(digest, encoding="ascii")


def _link_checkout() -> None:
    """Make the checkout importable in .venv and write ``.venv/bin/evenhand``, which runs it.

    This is what an editable install does, without fetching a build backend for it. -P keeps a file
    ``config.py`` in the caller's directory from being taken for ours.
    """
    _write(_site_packages() / "evenhand.pth", f"{ROOT}\n")
    _write(LAUNCHER, f'#!/bin/sh\nexec {shlex.quote(str(PYTHON))} -P -m inquiry_service "$@"\n')
    LAUNCHER.chmod(0o755)


def _site_packages() -> Path:
    (directory,) = (VENV / "lib").glob("python3.*/site-packages")
    return directory


def _write(file: Path, text: str) -> None:
    if not file.exists() or file.read_text(encoding="utf-8") != text:
        file.write_text(text, encoding="utf-8")


def _run(purpose: str, *command: str) -> None:
    print(f"{purpose} ...", flush=True)
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    if subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, check=False).returncode:
        raise SystemExit(f"{purpose}: failed; the reason stands above.")


if __name__ == "__main__":
    ensure(RUNTIME, *([TESTS] if "--tests" in sys.argv[1:] else []))
