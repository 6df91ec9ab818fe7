"""Make the README's pictures anew: a demonstration of its own, real pages in Chromium, the first page of a letter.

Nothing of a running installation is touched: data, index and port are made for this and thrown away.

Usage: ``make screenshots``, or ``.venv/bin/python -m tools.screenshots [NAME ...]`` for some of the pictures.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, FilePayload, Page, ViewportSize, sync_playwright

from config import Config
from inquiry_service.domain.actor import SYSTEM
from inquiry_service.domain.vocabulary import State
from inquiry_service.services.passwords import DEMO_PASSWORD
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import inquiries
from inquiry_service.store.inquiries import Filters
from tools.children import Children
from tools.environment import ROOT
from tools.system_packages import CHROMIUM_NAMES

IMAGES = ROOT / "docs" / "images"
PROGRAM = [sys.executable, "-m", "inquiry_service"]
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
             "--disable-sync", "--no-first-run", "--force-color-profile=srgb"]
WINDOW: ViewportSize = {"width": 1366, "height": 768}
WIDTH, LETTER_WIDTH = 1100, 760
"""Pixels of the pictures: enough to read, little to download."""
COLOURS = 128
READY_WITHIN = 60.0

SUBJECTS = {
    "drafting": Filters(states=(State.DRAFTING,), text="menstrual"),
    "in_review": Filters(states=(State.IN_REVIEW,), text="younger than 18"),
    "sent": Filters(states=(State.SENT,)),
}
"""The inquiries in the pictures, found by what they are."""


@dataclass(frozen=True)
class Shot:
    """One picture of a page.

    Attributes:
        name: of the file; account: who looks; path: where, with ``{drafting.id}`` and the like.
        dark: in the dark theme. prepare: what the person does before the picture is taken.
    """

    name: str
    account: str
    path: str
    dark: bool = False
    prepare: Callable[[Page], None] | None = None


def _open_sign_dialog(page: Page) -> None:
    for box in page.locator("form input[type=checkbox]:visible").all():
        box.check()
    page.get_by_role("button", name="Approve").first.click()
    page.locator("dialog[open], #sign-h").first.wait_for()


def _write_too_much(page: Page) -> None:
    """What an eager author might add; the rules answer while it is typed, and nothing is saved."""
    source = page.locator("textarea[name=source]")
    text = source.input_value()
    source.fill(text.replace("\n- ", "\n- The tablets are safe and the best choice for these women.\n- ", 1))
    page.get_by_text("is a superlative").first.wait_for()
    source.evaluate("area => { area.setSelectionRange(0, 0); area.scrollTop = 0 }")


RECORDS = """\
TY  - JOUR
AU  - Example, A
TI  - Onset of relief after a fictional rescue tablet in travellers
PY  - 2021
DO  - 10.5555/example.1
ER  -

TY  - JOUR
TI  - Management of menstrual migraine
JO  - The Neurologist
PY  - 2003
AN  - 12864931
DB  - PubMed
ER  -

TY  - JOUR
AU  - Newman, L
TI  - Naratriptan as short-term prophylaxis of menstrually associated migraine
PY  - 2001
ER  -

TY  - JOUR
PY  - 1999
ER  -
"""
"""A file to check: a new record, one that adds to a known one, one that looks like a known one, one without a title."""


def _check_a_file(page: Page) -> None:
    file: FilePayload = {"name": "export.ris", "mimeType": "text/plain", "buffer": RECORDS.encode()}
    page.get_by_label("Literature file").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()
    confirm, seen = page.get_by_role("button", name="Confirm and import"), page.get_by_role("link", name="See what")
    confirm.or_(seen).first.wait_for(timeout=60_000)
    if seen.count():
        seen.click()
    confirm.wait_for()


def _verify_and_open(page: Page) -> None:
    address = page.url
    page.get_by_role("button", name="Verify the log").click()
    page.wait_for_load_state()
    page.goto(address)
    page.locator("tr", has_text="classified").locator("a.eh-twist").first.click()
    page.locator("tr.eh-open-row").wait_for()
    page.locator("tr.eh-open-row").scroll_into_view_if_needed()


SHOTS = (
    Shot("inbox", "mi", "/inbox?view=all&open={drafting.number}"),
    Shot("inbox-dark", "mi", "/inbox?view=all&open={drafting.number}", dark=True),
    Shot("evidence", "mi", "/inquiries/{drafting.id}/evidence"),
    Shot("library", "librarian", "/literature?q=menstrual+migraine+prophylaxis&from=1998"),
    Shot("import", "librarian", "/literature/imports", prepare=_check_a_file),
    Shot("workspace", "mi", "/inquiries/{drafting.id}/draft", prepare=_write_too_much),
    Shot("review", "reviewer", "/inquiries/{in_review.id}/review"),
    Shot("sign", "reviewer", "/inquiries/{in_review.id}/review", prepare=_open_sign_dialog),
    Shot("audit", "auditor", "/audit?object={sent.number}", prepare=_verify_and_open),
)
LETTER = "letter"


def main(names: list[str]) -> int:
    """Take the pictures called ``names``, or all of them; return the exit code."""
    known = {shot.name for shot in SHOTS} | {LETTER}
    unknown = set(names) - known
    if unknown:
        raise SystemExit(f"There is no picture {', '.join(sorted(unknown))}; there are: {', '.join(sorted(known))}.")
    wanted = set(names) or known
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="evenhand-screenshots-") as name:
        settings = _settings(Path(name))
        _evenhand(settings, "init")
        _evenhand(settings, "demo", "load")
        with _running(settings) as address, _subjects(settings) as subjects:
            _take_pages([shot for shot in SHOTS if shot.name in wanted], address, subjects)
        if LETTER in wanted:
            _take_letter(settings, subjects["sent"].number, Path(name))
    return 0


def _settings(folder: Path) -> dict[str, str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    return os.environ | {
        "EVENHAND_DEMO": "1", "EVENHAND_DATA_DIR": str(folder / "var"), "EVENHAND_INDEX_DIR": str(folder / "index"),
        "EVENHAND_DATABASE_URL": f"sqlite:///{folder / 'evenhand.db'}", "EVENHAND_HOST": "127.0.0.1",
        "PORT": str(port), "EVENHAND_WEB_WORKERS": "1", "EVENHAND_LOG_LEVEL": "WARNING",
    }


def _evenhand(settings: dict[str, str], *arguments: str) -> None:
    print(f"evenhand {' '.join(arguments)}", flush=True)
    done = subprocess.run([*PROGRAM, *arguments], env=settings, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"evenhand {' '.join(arguments)} failed: {done.stderr.strip()}")


@contextmanager
def _running(settings: dict[str, str]) -> Iterator[str]:
    """Web server and worker; gives the address."""
    address = f"http://127.0.0.1:{settings['PORT']}"
    with Children() as children:
        for name in ("serve", "worker"):
            children.start(name, [*PROGRAM, name], settings)
        if not children.wait_until(lambda: _answers(f"{address}/readyz"), READY_WITHIN):
            raise SystemExit(f"{address}/readyz is not ready after {READY_WITHIN:.0f} seconds.")
        yield address


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own http address
            return bool(answer.status == 200)
    except (urllib.error.URLError, TimeoutError, ConnectionError):
        return False


@dataclass(frozen=True)
class Subject:
    """An inquiry of the demonstration, as addresses and people call it."""

    id: str
    number: str


@contextmanager
def _subjects(settings: dict[str, str]) -> Iterator[dict[str, Subject]]:
    with closing(Runtime.open(Config.from_env(settings))) as runtime, runtime.reading() as session:
        found = {}
        for name, filters in SUBJECTS.items():
            rows = inquiries.queue(session, SYSTEM, filters, limit=1).items
            if not rows:
                raise SystemExit(f"The demonstration holds no inquiry for “{name}”.")
            found[name] = Subject(rows[0].id, rows[0].number)
        yield found


def _take_pages(shots: list[Shot], address: str, subjects: dict[str, Subject]) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=_chromium(), args=ARGUMENTS)
        for shot in shots:
            _keep(shot.name, _take(browser, shot, address, subjects), WIDTH)
        browser.close()


def _chromium() -> str:
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        raise SystemExit("The pictures need Chromium; install it with: apt-get install -y chromium")
    return found


def _take(browser: Browser, shot: Shot, address: str, subjects: dict[str, Subject]) -> bytes:
    context = browser.new_context(
        base_url=address, viewport=WINDOW, color_scheme="dark" if shot.dark else "light", reduced_motion="reduce",
        locale="en-US", timezone_id="UTC")
    with closing(context):
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.goto("/login")
        page.get_by_label("E-mail address").fill(f"{shot.account}@demo.example")
        page.get_by_label("Password").fill(DEMO_PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url(lambda url: "/login" not in url)
        path = shot.path.format(**subjects)
        answer = page.goto(path)
        if answer is None or not answer.ok:
            raise SystemExit(f"{shot.name}: {path} answered {answer.status if answer else 'nothing'}.")
        if shot.prepare:
            shot.prepare(page)
        page.wait_for_load_state("networkidle")
        page.evaluate("document.fonts.ready")
        return page.screenshot()


def _take_letter(settings: dict[str, str], number: str, folder: Path) -> None:
    """The first page of the letter that answered ``number``, as archived."""
    pdf = folder / "letter.pdf"
    _evenhand(settings, "document", "get", number, "--out", str(pdf))
    subprocess.run(
        ["pdftoppm", "-png", "-r", "110", "-f", "1", "-l", "1", "-singlefile", str(pdf), str(folder / LETTER)],
        check=True,
    )
    _keep(LETTER, (folder / f"{LETTER}.png").read_bytes(), LETTER_WIDTH)


def _keep(name: str, png: bytes, width: int) -> None:
    """Scale, reduce to a palette, write."""
    with Image.open(BytesIO(png)) as picture:
        height = round(picture.height * width / picture.width)
        small = picture.convert("RGB").resize((width, height), Image.Resampling.LANCZOS)
    file = IMAGES / f"{name}.png"
    small.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(file, optimize=True)
    print(f"{file.relative_to(ROOT)}: {width} × {height}, {file.stat().st_size / 1024:.0f} kB", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
