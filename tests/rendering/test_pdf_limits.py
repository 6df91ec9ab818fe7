"""What a hostile letter can do to the machine: nothing. Each protection has a control that shows the danger."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from inquiry_service.errors import RenderingFailed
from inquiry_service.rendering import child
from inquiry_service.rendering.letter import letter_html
from inquiry_service.rendering.pdf import Limits, PdfRenderer
from tests.rendering.sample_letters import patient_letter

SECRET = "canary-4711-never-in-a-letter"
TIGHT = Limits(wall_seconds=8, cpu_seconds=1, memory_bytes=1 << 30)


def page(body: str, head: str = "") -> str:
    return f'<!DOCTYPE html><html lang="en"><head><title>t</title>{head}</head><body>{body}</body></html>'


@pytest.fixture
def canary_file(tmp_path: Path) -> Path:
    path = tmp_path / "canary.txt"
    path.write_text(SECRET)
    return path


class Listener:
    """A local port that counts who comes."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.visits = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                visitor, _ = self._socket.accept()
            except OSError:
                return
            self.visits += 1
            visitor.sendall(b"HTTP/1.0 404 Not Found\r\n\r\n")
            visitor.close()

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    server = Listener()
    yield server
    server.close()


VECTORS = [
    '<img src="{url}">', '<link rel="attachment" href="{url}">', '<a rel="attachment" href="{url}">x</a>',
    '<object data="{url}"></object>', '<embed src="{url}">', '<p style="background:url({url})">x</p>',
    '<link rel="stylesheet" href="{url}">', '<style>@import url("{url}");</style>',
    '<p style="list-style:url({url});display:list-item">x</p>', '<p style="content:url({url})">x</p>',
    '<style>p::before{{content:url("{url}")}}</style><p>x</p>',
    '<style>@page{{background:url("{url}")}}</style>x',
    '<style>@font-face{{font-family:Q;src:url("{url}")}}p{{font-family:Q}}</style><p>x</p>',
    '<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}" width="9" height="9"/></svg>',
    '<img src="data:image/svg+xml,%3Csvg xmlns=%27http://www.w3.org/2000/svg%27%3E%3Cimage href=%27{url}%27/%3E'
    '%3C/svg%3E">',
    '<base href="{url}"><img src="x.png">',
    '<img src="data:text/plain,x">', '<img srcset="{url} 1x" src="{url}">', '<input type="image" src="{url}">',
]


@pytest.mark.parametrize("vector", VECTORS)
def test_a_letter_reads_no_file_and_calls_nobody(vector: str, renderer: PdfRenderer, canary_file: Path,
                                                listener: Listener) -> None:
    for url in (canary_file.as_uri(), f"http://127.0.0.1:{listener.port}/canary"):
        data, refusal = _rendered_or_refused(renderer, page(vector.format(url=url)))
        if refusal:
            assert "not allowed" in refusal
            continue
        with pikepdf.open(BytesIO(data)) as pdf:
            assert not list(pdf.attachments), "a file was attached"
            assert SECRET.encode() not in b"".join(
                each.read_bytes() for each in pdf.objects if isinstance(each, pikepdf.Stream))
    assert listener.visits == 0


def _rendered_or_refused(renderer: PdfRenderer, html: str) -> tuple[bytes, str]:
    try:
        return renderer.render_pdf(html), ""
    except RenderingFailed as refusal:
        return b"", refusal.message


@pytest.mark.parametrize("vector", ['<img src="{url}">', '<link rel="attachment" href="{url}">',
                                    '<style>@import url("{url}");</style>'])
def test_a_foreign_reference_fails_the_letter_and_leaves_no_hole(vector: str, renderer: PdfRenderer) -> None:
    with pytest.raises(RenderingFailed, match="not allowed"):
        renderer.render_pdf(page(vector.format(url="file:///etc/hostname")))


def test_the_default_fetcher_reads_the_canaries(tmp_path: Path, canary_file: Path, listener: Listener) -> None:
    """Negative control: WeasyPrint as it comes embeds the local file and calls the port."""
    html = page(f'<link rel="attachment" href="{canary_file.as_uri()}">'
                f'<img src="http://127.0.0.1:{listener.port}/canary">')
    out = tmp_path / "out.pdf"
    subprocess.run([sys.executable, "-c", "import sys, weasyprint; "
                    "weasyprint.HTML(string=sys.argv[1]).write_pdf(sys.argv[2])", html, str(out)],
                   check=True, capture_output=True, timeout=60)
    with pikepdf.open(out) as pdf:
        attached = [each.get_file().read_bytes() for each in pdf.attachments.values()]
    assert attached == [SECRET.encode()]
    assert listener.visits > 0


BOMBS = {
    "nested flex boxes": '<div style="display:flex">' * 14 + "x" + "</div>" * 14,
    "pages of one pixel": "<style>@page{size:1px 1px;margin:0}</style>" + "word " * 3000,
    "a billion pixel letter": '<p style="font-size:1e9px">x</p>',
    "svg use": '<svg xmlns="http://www.w3.org/2000/svg"><defs><g id="a0"><rect width="1" height="1"/></g>'
               + "".join(f'<g id="a{n}">' + f'<use href="#a{n - 1}"/>' * 10 + "</g>" for n in range(1, 9))
               + '</defs><use href="#a8"/></svg>',
    "very wide cells": "<table>" + "<tr><td colspan=999999>x</td></tr>" * 200 + "</table>",
    "one endless word": "<p>" + "a" * 4_000_000 + "</p>",
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_its_process_within_the_budget_and_says_why(name: str) -> None:
    with PdfRenderer(limits=TIGHT) as own:
        started = time.monotonic()
        with pytest.raises(RenderingFailed, match=r"processor time|memory|division|seconds"):
            own.render_pdf(page(BOMBS[name]))
        assert time.monotonic() - started < TIGHT.wall_seconds + 2
        assert own.pid is None
        assert own.render_pdf(letter_html(patient_letter())).startswith(b"%PDF"), "the next letter is not affected"


def test_a_letter_that_takes_too_long_is_stopped_by_the_clock() -> None:
    with PdfRenderer(limits=Limits(wall_seconds=1.5)) as own:
        own.render_pdf(page("warm"))
        with pytest.raises(RenderingFailed, match=r"longer than 1\.5 seconds"):
            own.render_pdf(page(BOMBS["nested flex boxes"]))


def test_the_bombs_are_real() -> None:
    """Negative control: with room to run, the same letter uses more than the tight budget allows."""
    with PdfRenderer(limits=Limits(wall_seconds=6, cpu_seconds=60)) as own:
        own.render_pdf(page("warm"))
        started = time.monotonic()
        with pytest.raises(RenderingFailed, match="longer than 6 seconds"):
            own.render_pdf(page(BOMBS["svg use"]))
        assert time.monotonic() - started > TIGHT.cpu_seconds


def test_too_much_text_is_refused_before_a_process_sees_it() -> None:
    with PdfRenderer() as own:
        with pytest.raises(RenderingFailed, match="5 MB"):
            own.render_pdf("x" * (6 << 20))
        assert own.pid is None


def test_a_character_without_a_glyph_is_named(renderer: PdfRenderer) -> None:
    with pytest.raises(RenderingFailed, match=r"中 \(U\+4E2D\)"):
        renderer.render_pdf(page("<p>中</p>"))
    assert renderer.render_pdf(page("<p>Ελλάδα, Žižek, Привет, שלום, سلام, ≥ 5 µg, 8–11</p>"))


def test_a_killed_process_is_replaced() -> None:
    with PdfRenderer() as own:
        first = own.render_pdf(page("a"))
        assert own.pid is not None
        os.kill(own.pid, 9)
        assert own.render_pdf(page("a")) == first


def test_a_child_is_replaced_after_its_share_of_letters() -> None:
    with PdfRenderer(limits=Limits(letters_per_child=2)) as own:
        pids = []
        for _ in range(3):
            own.render_pdf(page("a"))
            pids.append(own.pid)
    assert pids[0] == pids[1] != pids[2]


def test_closing_leaves_no_process_and_no_folder() -> None:
    own = PdfRenderer()
    own.render_pdf(page("a"))
    pid, scratch = own.pid, own._scratch
    assert pid is not None
    assert scratch is not None
    assert Path(scratch).is_dir()
    own.close()
    assert not Path(scratch).exists()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_the_child_has_no_secret_of_the_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVENHAND_SECRET_KEY", SECRET)
    with PdfRenderer() as own:
        own.render_pdf(page("a"))
        environment = Path(f"/proc/{own.pid}/environ").read_bytes()
        mapped = Path(f"/proc/{own.pid}/maps").read_text()
    assert SECRET.encode() not in environment
    assert "sqlite" not in mapped
    assert "_argon2" not in mapped


def test_the_child_imports_nothing_of_ours() -> None:
    source = Path(child.__file__).read_text("utf-8")
    assert "inquiry_service" not in source


@pytest.mark.parametrize("attempt", [
    "import socket; socket.create_connection(('127.0.0.1', 9))", "import subprocess; subprocess.run(['true'])",
    "import os; os.system('true')", "import os; os.fork()", "import urllib.request as u; u.urlopen('http://127.0.0.1:9')",
])
def test_python_in_the_child_opens_no_socket_and_starts_no_process(attempt: str) -> None:
    code = f"import runpy; child = runpy.run_path({child.__file__!r}); child['forbid_escapes'](); "
    ended = subprocess.run([sys.executable, "-I", "-c", code + attempt], capture_output=True, text=True, timeout=60,
                           check=False)
    assert ended.returncode != 0
    assert "is forbidden in the rendering process" in ended.stderr


def test_the_network_is_left_where_the_kernel_permits_it() -> None:
    permitted = subprocess.run(["unshare", "--net", "true"], capture_output=True, check=False).returncode == 0
    with PdfRenderer() as own:
        own.render_pdf(page("a"))
        inside = os.readlink(f"/proc/{own.pid}/ns/net")
        assert own.network == ("isolated" if inside != os.readlink("/proc/self/ns/net") else "shared")
        assert own.network == "isolated" or not permitted


def test_limits_reach_the_kernel() -> None:
    with PdfRenderer(limits=Limits(memory_bytes=900 << 20)) as own:
        own.render_pdf(page("a"))
        limits = Path(f"/proc/{own.pid}/limits").read_text()
    table = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}
    assert table["Max address space"] == str(900 << 20)
    assert table["Max file size"] == str(50 << 20)
    assert table["Max core file size"] == "0"
    assert 20 <= int(table["Max cpu time"]) <= 25


def test_two_threads_share_one_renderer(renderer: PdfRenderer) -> None:
    results: list[bytes] = []
    threads = [threading.Thread(target=lambda n=n: results.append(renderer.render_pdf(page(f"<p>{n}</p>"))))
               for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(set(results)) == 4


def test_a_child_that_cannot_start_is_reported(tmp_path: Path) -> None:
    with PdfRenderer(print_dir=tmp_path) as own, pytest.raises(RenderingFailed, match="does not start"):
        own.render_pdf(page("a"))
    assert json.dumps(own.network) == '"not started"'
