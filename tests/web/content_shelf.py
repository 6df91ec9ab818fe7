"""A small content folder for tests of pages: two texts whose versions a test changes and releases."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from config import Config
from inquiry_service.domain.actor import SYSTEM
from inquiry_service.services import content, label_files
from inquiry_service.services.content_files import MANIFEST, manifest_text, read_folder
from inquiry_service.services.runtime import Runtime
from inquiry_service.store import content as store

PREVENTION, CLOSING = "sumatriptan-menstrual-prevention", "closing-hcp"
HOSTILE = '<script>alert("x")</script> & <img src=x>'
Change = Callable[[str], str]


def shelf(config: Config, directory: Path) -> Path:
    """Return a content folder of one standard response and one block, as they are shipped."""
    target = directory / "responses"
    for key in (CLOSING, PREVENTION):
        shutil.copytree(config.responses_dir / key, target / key)
    return target


def release(runtime: Runtime, folder: Path) -> None:
    """Take in every version of the folder, and the shipped labels."""
    (folder / MANIFEST).write_text(manifest_text(read_folder(folder)), "utf-8")
    with runtime.transaction() as session:
        label_files.load(session, SYSTEM, runtime.config.corpus_dir.parent / "labels")
        content.sync(session, SYSTEM, folder)


def version(folder: Path, key: str, number: int, *, template: Change = str, meta: Change = str) -> None:
    """Make a version out of the first one."""
    path = folder / key / f"v{number}"
    if number > 1:
        shutil.copytree(folder / key / "v1", path)
    for name, change in (("template.md", template), ("meta.toml", meta)):
        (path / name).write_text(change((path / name).read_text("utf-8")), "utf-8")


def row(runtime: Runtime, key: str, number: int = 1) -> Any:
    """Return a version of a text."""
    with runtime.reading() as session:
        return next(one for one in store.versions_of(session, key) if one.version == number)


def line_of(page: str, title: str) -> str:
    """Return the table row with this title."""
    return page.partition(title)[2].partition("</tr>")[0]
