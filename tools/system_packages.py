"""Make sure that the system packages are there: libraries for WeasyPrint, programs for the tests.

As root on Debian or Ubuntu what is missing is installed with apt-get; for anybody else the exact
command is printed and nothing is changed. The check itself asks for the thing, not for the package:
it loads the library or looks for the program, so hand-made installations count too.

Usage: ``python3 -m tools.system_packages [--tests]``
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

POSTGRESQL_DIRECTORIES = Path("/usr/lib/postgresql")
CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")


class MissingSystemPackages(SystemExit):
    """Something is missing and may not be installed from here; the message holds the command to run."""


@dataclass(frozen=True)
class Need:
    """One thing the system must offer: the Debian package that brings it and how to see that it is there."""

    package: str
    present: Callable[[], bool]


def _loads(*libraries: str) -> Callable[[], bool]:
    def present() -> bool:
        try:
            for library in libraries:
                ctypes.CDLL(library)
        except OSError:
            return False
        return True

    return present


def _has_venv() -> bool:
    # Debian splits ensurepip off; without it "python3 -m venv" fails half-way.
    return importlib.util.find_spec("ensurepip") is not None


def postgresql_binaries() -> Path | None:
    """Return the directory with the newest PostgreSQL server programs, or None when there is none.

    Debian keeps them out of PATH, in ``/usr/lib/postgresql/<version>/bin``.
    """
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = [path.parent for path in POSTGRESQL_DIRECTORIES.glob("*/bin/initdb")]
    return max(found, key=lambda path: float(path.parent.name), default=None)


def _chromium_package() -> str:
    try:
        distribution = platform.freedesktop_os_release().get("ID", "")
    except OSError:
        distribution = ""
    return "chromium-browser" if distribution == "ubuntu" else "chromium"


RUNTIME = (
    Need("python3-venv", _has_venv),
    Need("libpango-1.0-0", _loads("libgobject-2.0.so.0", "libpango-1.0.so.0", "libharfbuzz.so.0")),
    Need("libpangoft2-1.0-0", _loads("libfontconfig.so.1", "libpangoft2-1.0.so.0")),
    Need("libharfbuzz-subset0", _loads("libharfbuzz-subset.so.0")),
)
"""What running the product needs: the environment module and the libraries WeasyPrint loads."""

TESTS = (
    Need(_chromium_package(), lambda: any(shutil.which(name) for name in CHROMIUM_NAMES)),
    Need("postgresql", lambda: postgresql_binaries() is not None),
    Need("poppler-utils", lambda: shutil.which("pdftotext") is not None),
)
"""What the test suite needs on top: a browser, a database server, a second opinion on PDF files."""


def missing(needs: tuple[Need, ...]) -> list[str]:
    """Return the names of the Debian packages among ``needs`` whose content cannot be found."""
    return [need.package for need in needs if not need.present()]


def ensure(needs: tuple[Need, ...]) -> None:
    """Install what is missing when that is allowed, else stop.

    Raises:
        MissingSystemPackages: packages are missing, and this is not root, not Debian, or apt-get failed.
    """
    packages = missing(needs)
    if not packages:
        return
    names = " ".join(packages)
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise MissingSystemPackages(
            f"System packages are missing: {names}\nInstall them, then try again:\n"
            f"  sudo apt-get update && sudo apt-get install -y --no-install-recommends {names}"
        )
    print(f"Installing system packages: {names}", flush=True)
    try:
        _apt_get("update")
        _apt_get("install", "-y", "--no-install-recommends", *packages)
    except subprocess.CalledProcessError as error:
        raise MissingSystemPackages(f"apt-get failed with exit code {error.returncode}; see above.") from None
    still_missing = missing(needs)
    if still_missing:
        raise MissingSystemPackages(f"Installed, but still not to be found: {' '.join(still_missing)}")


def _apt_get(*arguments: str) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "-q", *arguments]
    subprocess.run(command, check=True, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr)


if __name__ == "__main__":
    ensure(RUNTIME + TESTS if "--tests" in sys.argv[1:] else RUNTIME)
