"""The PDF renderer as the rest of the program sees it: HTML in, checked PDF bytes out, whatever the HTML is.

WeasyPrint runs in a child process (``child.py``) that stays warm between letters: importing it costs as much
as three letters. A letter that exceeds its limits ends the child, never the caller; the next letter starts a
new one.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import threading
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO

from inquiry_service.errors import RenderingFailed
from inquiry_service.rendering.print_files import PRINT_DIR

MAX_HTML = 5 << 20
MAX_PDF = 50 << 20

_CHILD = Path(__file__).with_name("child.py")
_FONTCONFIG = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>
"""
"""Only the shipped fonts: with the machine's own fonts the same letter would differ between machines."""

_ENDINGS = {
    signal.SIGXCPU: "it used more processor time than one letter may",
    signal.SIGXFSZ: "it wrote a larger file than one letter may",
    signal.SIGABRT: "it needed more memory than one letter may use",
    signal.SIGTRAP: "it needed more memory than one letter may use",
    signal.SIGSEGV: "the layout engine crashed on it",
}


@dataclass(frozen=True)
class Limits:
    """What one letter may use; a warm letter of 30 pages needs 2.5 seconds and 120 MB.

    Attributes:
        wall_seconds: time for one letter, and for starting the child; kept by the parent.
        cpu_seconds: processor time for one letter; kept by the kernel.
        memory_bytes, file_bytes: address space and largest file of the child; kept by the kernel.
        letters_per_child: after so many letters a fresh child is started, so that no leak can add up.
    """

    wall_seconds: float = 30.0
    cpu_seconds: int = 20
    memory_bytes: int = 1 << 30
    file_bytes: int = 50 << 20
    letters_per_child: int = 500


class PdfRenderer:
    """One warm rendering process; safe to share between threads, letters are rendered one after the other.

    Use it as a context manager or call ``close()``. The child starts with the first letter.
    """

    def __init__(self, *, limits: Limits | None = None, print_dir: Path = PRINT_DIR) -> None:
        self._limits = limits or Limits()
        self._print_dir = print_dir
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._scratch: str | None = None
        self._rendered = 0
        self._overran = False
        self.network = "not started"

    def __enter__(self) -> PdfRenderer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Process id of the child, None while there is none."""
        return self._process.pid if self._process else None

    def render_pdf(self, html: str) -> bytes:
        """Render one complete HTML document to a tagged PDF/A-3a and PDF/UA-1; equal HTML gives equal bytes.

        Raises:
            RenderingFailed: the document is too large, exceeded a limit, refers to a foreign file, or cannot
                be laid out; the message says which.
        """
        body = html.encode("utf-8")
        if len(body) > MAX_HTML:
            raise RenderingFailed(f"The letter has more than {MAX_HTML >> 20} MB of text. Shorten it.")
        with self._lock:
            if self._rendered >= self._limits.letters_per_child:
                self._stop()
            kind, answer = self._exchange_again(body)
            if kind == b"P":
                self._rendered += 1
                return answer
            # After an error the state of the layout engine is unknown: never reuse it for another letter.
            self._stop()
        reason = _sentence(answer.decode("utf-8", "replace"))
        raise RenderingFailed(f"The letter could not be rendered. {reason}")

    def close(self) -> None:
        """End the child and remove its scratch folder; the renderer may be used again afterwards."""
        with self._lock:
            self._stop()

    def _exchange_again(self, body: bytes) -> tuple[bytes, bytes]:
        """A warm child that somebody else ended meanwhile (a restart, the kernel short of memory) is no fault
        of this letter: try once more with a fresh one."""
        warm = self._process is not None
        try:
            return self._exchange(body)
        except RenderingFailed as failure:
            if not warm or failure.data.get("ended_by") != signal.SIGKILL or self._overran:
                raise
            return self._exchange(body)

    def _exchange(self, body: bytes) -> tuple[bytes, bytes]:
        """Send one request and wait for its answer, at most ``wall_seconds``."""
        process = self._process if self._process and self._process.poll() is None else self._start()
        requests, answers = _pipes(process)
        watch = threading.Timer(self._limits.wall_seconds, self._overrun, [process])
        watch.daemon = True
        self._overran = False
        watch.start()
        try:
            requests.write(b"R" + struct.pack(">I", len(body)) + body)
            requests.flush()
            return _read_frame(answers)
        except (OSError, EOFError):
            reason = self._why_it_ended(process)
            self._stop()
            raise RenderingFailed(f"The letter was stopped: {reason}.", ended_by=-process.returncode) from None
        finally:
            watch.cancel()

    def _overrun(self, process: subprocess.Popen[bytes]) -> None:
        self._overran = True
        _kill(process)

    def _why_it_ended(self, process: subprocess.Popen[bytes]) -> str:
        try:
            code = process.wait(timeout=5)  # its output has ended, so it is about to end by itself
        except subprocess.TimeoutExpired:
            _kill(process)
            code = process.wait()
        if self._overran:
            return f"it took longer than {self._limits.wall_seconds:g} seconds"
        if code < 0 and signal.Signals(-code) in _ENDINGS:
            return _ENDINGS[signal.Signals(-code)]
        return f"the rendering process ended with code {code}"

    def _start(self) -> subprocess.Popen[bytes]:
        self._stop()
        self._scratch = tempfile.mkdtemp(prefix="evenhand-pdf-")
        config = Path(self._scratch, "fonts.conf")
        config.write_text(_FONTCONFIG.format(fonts=self._print_dir / "fonts", cache=self._scratch), "utf-8")
        # A clean environment: no secret of the program reaches the process that lays out foreign text.
        environment = {"PATH": os.defpath, "LANG": "C.UTF-8", "TZ": "UTC", "HOME": self._scratch,
                       "TMPDIR": self._scratch, "FONTCONFIG_FILE": str(config)}
        self._process = process = subprocess.Popen(
            [sys.executable, "-I", str(_CHILD), str(self._print_dir), json.dumps(asdict(self._limits))],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment,
            cwd=self._scratch, start_new_session=True)
        watch = threading.Timer(self._limits.wall_seconds, _kill, [process])
        watch.start()
        try:
            _, hello = _read_frame(_pipes(process)[1])
        except EOFError:
            self._stop()
            raise RenderingFailed("The rendering process does not start. Run the command doctor: it names "
                                  "what is missing.") from None
        finally:
            watch.cancel()
        self.network = str(json.loads(hello)["network"])
        self._rendered = 0
        return process

    def _stop(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            _kill(process)
            process.wait()
            for pipe in _pipes(process):
                _close(pipe)
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)
            self._scratch = None


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    if process.stdin is None or process.stdout is None:
        raise RenderingFailed("The rendering process was started without pipes.")
    return process.stdin, process.stdout


def _read_frame(stream: IO[bytes]) -> tuple[bytes, bytes]:
    head = stream.read(5)
    if len(head) < 5:
        raise EOFError
    kind, size = head[:1], struct.unpack(">I", head[1:])[0]
    if size > MAX_PDF:
        raise EOFError
    body = stream.read(size)
    if len(body) < size:
        raise EOFError
    return kind, body


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the child and anything it might have started; it is the leader of its own session."""
    if process.poll() is None:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return


def _close(pipe: IO[bytes]) -> None:
    try:
        pipe.close()
    except BrokenPipeError:
        return


def _sentence(text: str) -> str:
    one_line = " ".join(text.split())[:400]
    return one_line if one_line.endswith(".") else one_line + "."
