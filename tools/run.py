"""From a fresh checkout to a running demo: environment, database, demo, web server and worker.

Every step is done only where it is needed, so the second start takes seconds. The settings come from
the environment as everywhere (see the README); without a database or a secret of your own you get the
demo. Ctrl-C stops the worker and the web server, each at the end of what it is doing.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.error
import urllib.request

from tools import environment, system_packages
from tools.children import Children, Stopped, stop_on_signals

READY_WITHIN = 60.0
"""Seconds the web server and the worker may take until /readyz answers."""


def main() -> int:
    """Run the product until Ctrl-C; return 0 after a clean stop."""
    stop_on_signals()
    try:
        system_packages.ensure(system_packages.RUNTIME)
        environment.ensure(environment.RUNTIME)
        _serve(_settings())
    except Stopped:
        print("\nStopped.", flush=True)
    return 0


def _settings() -> dict[str, str]:
    settings = dict(os.environ)
    if "EVENHAND_SECRET_KEY" not in settings:
        settings.setdefault("EVENHAND_DEMO", "1")
    settings.setdefault("PORT", "8000")
    settings.setdefault("EVENHAND_HOST", "127.0.0.1")
    return settings


def _serve(settings: dict[str, str]) -> None:
    host, port = settings["EVENHAND_HOST"], settings["PORT"]
    _require_free_port(host, port)
    print(_evenhand(settings, "init"), end="", flush=True)
    demo = settings.get("EVENHAND_DEMO", "").lower() in {"1", "true", "yes", "on"}
    logins = _evenhand(settings, "demo", "load", "--if-empty") if demo else ""
    with Children() as children:
        children.start("web server", [str(environment.LAUNCHER), "serve"], settings)
        children.start("worker", [str(environment.LAUNCHER), "worker"], settings)
        url = f"http://{'127.0.0.1' if host == '0.0.0.0' else host}:{port}"  # noqa: S104 - compared, not bound
        if not children.wait_until(lambda: _answers(f"{url}/readyz"), READY_WITHIN):
            raise SystemExit(f"{url}/readyz is not ready after {READY_WITHIN:.0f} seconds; it says why.")
        print(f"\nEvenhand is running: {url}\n{logins}Ctrl-C stops it.", flush=True)
        children.wait_for_end()


def _evenhand(settings: dict[str, str], *arguments: str) -> str:
    """Run one command of the product and return what it prints; progress and errors go to the terminal."""
    done = subprocess.run(
        [str(environment.LAUNCHER), *arguments], env=settings, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{done.stdout}evenhand {' '.join(arguments)} failed; the reason stands above.")
    return done.stdout


def _require_free_port(host: str, port: str) -> None:
    if not port.isdigit():
        raise SystemExit(f"PORT must be a number, not {port!r}.")
    with socket.socket() as probe:
        # Without this a port that was closed a moment ago counts as taken.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, int(port)))
        except OSError as error:
            raise SystemExit(
                f"Cannot listen on {host}:{port} ({error.strerror}). Choose another port: PORT=8001 make run"
            ) from None


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own http address
            return bool(answer.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


if __name__ == "__main__":
    sys.exit(main())
