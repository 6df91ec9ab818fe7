"""Web server and worker live and end together; driven from outside, as a terminal would."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from tests.architecture.source_files import ROOT

CHILD = """
import os, signal, sys, time

def say(what):  # one system call a line, so that two processes do not mix theirs
    os.write(1, f"{sys.argv[1]} {what}\\n".encode())

def finish(*_):
    say("finished")
    sys.exit()

signal.signal(signal.SIGTERM, finish)
alone = os.getsid(0) == os.getpid()
say("started in a session of its own" if alone else "started in the terminal's session")
time.sleep(float(sys.argv[2]))
"""
PARENT = """
import os, sys

from tools.children import Children, Stopped, stop_on_signals

child, web_lives = sys.argv[1:]
stop_on_signals()
try:
    with Children() as children:
        children.start("web", [sys.executable, "-c", child, "web", web_lives], dict(os.environ))
        children.start("worker", [sys.executable, "-c", child, "worker", "60"], dict(os.environ))
        children.wait_for_end()
except Stopped:
    print("stopped", flush=True)
"""


def _parent(web_lives_seconds: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PARENT, CHILD, web_lives_seconds],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_lets_both_children_finish(number: signal.Signals) -> None:
    with _parent("60") as parent:
        assert parent.stdout
        started = {parent.stdout.readline().strip(), parent.stdout.readline().strip()}
        parent.send_signal(number)
        output, errors = parent.communicate(timeout=20)
    assert started == {"web started in a session of its own", "worker started in a session of its own"}
    # The worker was started last and is asked first.
    assert output.splitlines() == ["worker finished", "web finished", "stopped"]
    assert (parent.returncode, errors) == (0, "")


def test_when_one_child_ends_the_other_is_stopped_and_the_reason_is_said() -> None:
    with _parent("0.5") as parent:
        output, errors = parent.communicate(timeout=20)
    assert "worker finished" in output
    assert "The web stopped with exit code 0" in errors
    assert parent.returncode == 1
