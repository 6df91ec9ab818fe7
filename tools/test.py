"""Everything that must hold before a change goes in: static checks, then the tests on both databases.

Arguments are handed to pytest: ``python3 -m tools.test tests/web -k inbox``. pytest's own last line
comes last; the exit code is not zero when a check or a test failed.
"""

from __future__ import annotations

import os
import subprocess
import sys

from tools import check, environment, postgres, system_packages

WORKERS = "2"


def main(arguments: list[str]) -> int:
    """Prepare the machine, run the checks and the tests, return 0 only if all of them passed."""
    system_packages.ensure(system_packages.RUNTIME + system_packages.TESTS)
    environment.ensure(environment.RUNTIME, environment.TESTS)
    postgres.stop_on_sigterm()
    failed = check.failed_checks()
    with postgres.private_server() as url:
        tests = subprocess.run(
            [str(environment.PYTHON), "-m", "pytest", "-q", "-n", WORKERS, "--dist", "loadgroup", *arguments],
            cwd=environment.ROOT, env=os.environ | {postgres.VARIABLE: url},
            stdin=subprocess.DEVNULL, check=False,
        )
    return tests.returncode or (1 if failed else 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
