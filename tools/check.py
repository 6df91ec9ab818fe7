"""Static checks, all of them even when one fails: style (ruff), types (mypy), import contracts.

Usage: ``python3 -m tools.check``
"""

from __future__ import annotations

import subprocess
import sys

from tools import environment

CHECKS = (
    ("ruff", ["ruff", "check", "--quiet", "."]),
    ("mypy", ["mypy", "--no-error-summary"]),
    ("import contracts", ["lint-imports", "--no-cache"]),
)


def failed_checks() -> list[str]:
    """Run every check, showing what a failing one has to say; return the names of those that failed."""
    failed = []
    for name, (program, *arguments) in CHECKS:
        command = [str(environment.VENV / "bin" / program), *arguments]
        done = subprocess.run(
            command, cwd=environment.ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, check=False,
        )
        print(f"{name}: {'failed' if done.returncode else 'passed'}", flush=True)
        if done.returncode:
            print(done.stdout, flush=True)
            failed.append(name)
    return failed


if __name__ == "__main__":
    environment.ensure(environment.RUNTIME, environment.TESTS)
    sys.exit(1 if failed_checks() else 0)
