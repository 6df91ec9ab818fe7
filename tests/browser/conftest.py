"""A running product and a real browser: server and worker as processes, Debian's Chromium, people signed in."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from config import Config
from inquiry_service.jobs.worker import run as work
from inquiry_service.migrations.run import upgrade
from inquiry_service.services.demo.load import load
from inquiry_service.services.passwords import DEMO_PASSWORD
from inquiry_service.services.runtime import Runtime

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
             "--disable-sync", "--no-first-run"]
READY_WITHIN = 40.0
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Site:
    """The running product: where it answers, and its data for looking behind the pages."""

    url: str
    config: Config


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The product with the whole demonstration; one worker of the test run starts it and keeps it."""
    folder = tmp_path_factory.mktemp("site")
    settings = _settings(folder)
    config = Config.from_env(settings)
    upgrade(config.database_url)
    runtime = Runtime.open(config)
    load(runtime, lambda _words: None, lambda: work(runtime, once=True))
    runtime.close()
    command = [sys.executable, "-m", "inquiry_service"]
    with (folder / "log").open("wb") as log:
        processes = [
            subprocess.Popen([*command, name], env=settings, cwd=ROOT, stdout=log, stderr=log)
            for name in ("serve", "worker")
        ]
        try:
            url = f"http://127.0.0.1:{config.port}"
            _wait(f"{url}/readyz", folder / "log")
            yield Site(url, config)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(timeout=30)


def _settings(folder: Path) -> dict[str, str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return os.environ | {
        "EVENHAND_DEMO": "1", "EVENHAND_DATA_DIR": str(folder / "var"), "EVENHAND_INDEX_DIR": str(folder / "index"),
        "PORT": str(port), "EVENHAND_WEB_WORKERS": "1", "EVENHAND_ARGON2_MEMORY_KIB": "64",
        "EVENHAND_ARGON2_TIME_COST": "1", "EVENHAND_ARGON2_PARALLELISM": "1",
    }


def _wait(url: str, log: Path) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(url, timeout=2):  # noqa: S310 - our own server
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"{url} was not ready within {READY_WITHIN:.0f} s:\n{log.read_text()[-3000:]}")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    if not CHROMIUM.exists():
        pytest.fail("the browser tests need Chromium; install it with: apt-get install -y chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield browser
        browser.close()


SignIn = Callable[..., Page]


@pytest.fixture
def sign_in(site: Site, chromium: Browser) -> Iterator[SignIn]:
    """Open a fresh browser profile in which a demonstration account is signed in: ``sign_in("mi")``.

    At the end of the test no page may have left a message in the console: a blocked script or style
    would be one.
    """
    contexts: list[BrowserContext] = []
    messages: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            messages.append(message.text)

    def enter(name: str, *, scheme: Literal["light", "dark"] = "light", script: bool = True) -> Page:
        context = chromium.new_context(
            viewport={"width": 1366, "height": 768}, base_url=site.url, color_scheme=scheme, java_script_enabled=script)
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", note)
        page.goto("/login")
        page.get_by_label("E-mail address").fill(f"{name}@demo.example")
        page.get_by_label("Password").fill(DEMO_PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/login" not in url)
        return page

    yield enter
    for context in contexts:
        context.close()
    assert not messages, f"the console shows: {messages}"
