"""The environment is built once, again when the pins change, and never from a file nobody reviewed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tools import environment


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """A checkout of its own whose installations are written down instead of done."""
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    (venv / "bin" / "python").symlink_to(sys.executable)
    (venv / "bin" / "pip").touch()
    (venv / "lib" / "python3.11" / "site-packages").mkdir(parents=True)
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "VENV", venv)
    monkeypatch.setattr(environment, "PYTHON", venv / "bin" / "python")
    monkeypatch.setattr(environment, "LAUNCHER", venv / "bin" / "evenhand")
    done: list[str] = []
    monkeypatch.setattr(environment, "_run", lambda _purpose, *command: done.append(" ".join(command)))
    return done


def test_an_unchanged_file_is_installed_once(commands: list[str], tmp_path: Path) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text("flask==3.1.3\n", encoding="utf-8")
    environment.ensure(file)
    environment.ensure(file)
    assert len(commands) == 1
    assert "--require-hashes" in commands[0]


def test_a_changed_pin_is_installed_again(commands: list[str], tmp_path: Path) -> None:
    file = tmp_path / "requirements.txt"
    file.write_text("flask==3.1.3\n", encoding="utf-8")
    environment.ensure(file)
    file.write_text("flask==3.1.4\n", encoding="utf-8")
    environment.ensure(file)
    assert len(commands) == 2


@pytest.mark.usefixtures("commands")
def test_the_launcher_starts_the_checkout_from_any_directory(tmp_path: Path) -> None:
    package = tmp_path / "inquiry_service"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "__main__.py").write_text("import config\nraise SystemExit(config.CODE)\n", encoding="utf-8")
    (tmp_path / "config.py").write_text("CODE = 3\n", encoding="utf-8")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "config.py").write_text("CODE = 4\n", encoding="utf-8")
    environment.ensure()
    site_packages = tmp_path / ".venv" / "lib" / "python3.11" / "site-packages"
    assert (site_packages / "evenhand.pth").read_text(encoding="utf-8") == f"{tmp_path}\n"
    # The interpreter behind the link belongs to another environment, so it is told where to look.
    launcher = tmp_path / ".venv" / "bin" / "evenhand"
    done = subprocess.run([launcher], env={"PYTHONPATH": str(tmp_path)}, cwd=elsewhere, check=False)
    assert done.returncode == 3


@pytest.mark.parametrize("lost", ["python", "pip"])
def test_a_broken_environment_is_made_anew(lost: str, commands: list[str], tmp_path: Path) -> None:
    (tmp_path / ".venv" / "bin" / lost).unlink()
    environment.ensure()
    assert [command.split()[1:4] for command in commands] == [["-m", "venv", "--clear"]]


def test_an_old_python_is_refused_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 12))
    with pytest.raises(SystemExit, match=r"Python 3\.11 or newer is needed.*make PYTHON="):
        environment.ensure()


@pytest.mark.parametrize(("tampered", "installed"), [(False, True), (True, False)])
def test_a_package_that_is_not_the_reviewed_one_does_not_get_in(
    tampered: bool, installed: bool, tmp_path: Path
) -> None:
    wheel = _wheel(tmp_path)
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    if tampered:
        _wheel(tmp_path, body="print('not what was reviewed')\n")
    pins = tmp_path / "requirements.txt"
    pins.write_text(f"reviewed==1.0 --hash=sha256:{digest}\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pip", "--isolated", "install", "--quiet", "--no-index", "--no-deps",
         "--find-links", tmp_path, "--target", tmp_path / "target", "--require-hashes", "-r", pins],
        capture_output=True, text=True, check=False,
    )
    assert (done.returncode == 0) is installed, done.stderr
    assert (tmp_path / "target" / "reviewed.py").exists() is installed


def _wheel(directory: Path, body: str = "") -> Path:
    path = directory / "reviewed-1.0-py3-none-any.whl"
    information = {
        "METADATA": "Metadata-Version: 2.1\nName: reviewed\nVersion: 1.0\n",
        "WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "RECORD": "",
    }
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("reviewed.py", body)
        for name, text in information.items():
            archive.writestr(f"reviewed-1.0.dist-info/{name}", text)
    return path
