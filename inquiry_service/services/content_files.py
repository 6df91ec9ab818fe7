"""Reviewed content as folders: ``<key>/v<N>/{template.md,meta.toml}`` and the manifest of what was released.

A released version never changes: its hash stands in ``MANIFEST.toml``, and a folder that no longer has it
is refused. A folder that the manifest does not list is a draft and is left alone.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from inquiry_service.domain.canonical import digest
from inquiry_service.domain.content_standing import LONGEST_LIFE
from inquiry_service.domain.fields import declared_fields
from inquiry_service.domain.vocabulary import LabelStatus, Lane, Topic
from inquiry_service.errors import IntegrityBroken, InvalidInput
from inquiry_service.store.content import BLOCK, STANDARD_RESPONSE

MANIFEST = "MANIFEST.toml"
TEMPLATE, META = "template.md", "meta.toml"
_FOLDER = re.compile(r"v([1-9]\d{0,3})")
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ENTRIES: dict[str, tuple[type, ...]] = {
    "kind": (str,), "title": (str,), "market": (str,), "language": (str,), "lane": (str,), "owner": (str,),
    "approved_by": (str,), "approved_at": (datetime,), "effective_from": (date,), "review_due": (date,),
    "expires": (date,), "change_summary": (str,), "topics": (list,), "label_statuses": (list,),
    "product": (str,), "label_version": (str,), "fields": (list,),
}
_OPTIONAL = frozenset({"topics", "label_statuses", "product", "label_version", "fields"})


@dataclass(frozen=True)
class ContentFile:
    """One version as it lies in its folder.

    Attributes:
        source: the template, with line feeds only.
        meta: the entries of meta.toml.
        sha256: digest of both files; the same on every system, whatever its line ends.
    """

    key: str
    version: int
    source: str
    meta: dict[str, Any]
    sha256: str

    @property
    def name(self) -> str:
        """How people and the manifest call it: ``closing-hcp/v1``."""
        return f"{self.key}/v{self.version}"


def read_manifest(folder: Path) -> dict[str, str]:
    """Return name to SHA-256 of every released version."""
    path = folder / MANIFEST
    if not path.is_file():
        return {}
    return {str(name): str(value) for name, value in tomllib.loads(path.read_text("utf-8"))["released"].items()}


def manifest_text(files: list[ContentFile]) -> str:
    """Return the manifest that releases ``files``."""
    lines = [f'"{file.name}" = "{file.sha256}"' for file in sorted(files, key=lambda file: (file.key, file.version))]
    return "\n".join([
        "# SHA-256 of every released version. A line is added at release and never changed or removed.",
        "", "[released]", *lines, ""])


def released(folder: Path) -> list[ContentFile]:
    """Return the released versions of a content folder, by key and version, each proven unchanged.

    Raises:
        IntegrityBroken: a released version is missing or differs from its hash.
        InvalidInput: its meta data cannot be used.
    """
    found = {file.name: file for file in read_folder(folder)}
    files: list[ContentFile] = []
    for name, expected in read_manifest(folder).items():
        file = found.get(name)
        if file is None:
            raise IntegrityBroken(f"The released content {name} is missing from {folder.name}.", name=name)
        if file.sha256 != expected:
            raise IntegrityBroken(
                f"The released content {name} was changed; put it back and add the change as a new version.",
                name=name, expected=expected, got=file.sha256)
        files.append(file)
    return sorted(files, key=lambda file: (file.key, file.version))


def read_folder(folder: Path) -> list[ContentFile]:
    """Return every version in a content folder, released or not."""
    return [
        read_version(path) for path in sorted(folder.glob("*/v*"))
        if path.is_dir() and _FOLDER.fullmatch(path.name)
    ]


def read_version(path: Path) -> ContentFile:
    """Read one ``<key>/v<N>`` folder.

    Raises:
        InvalidInput: the key, the meta data or a field cannot be used; the message names the folder.
    """
    name = f"{path.parent.name}/{path.name}"
    numbered = _FOLDER.fullmatch(path.name)
    if numbered is None or not _KEY.fullmatch(path.parent.name):
        raise InvalidInput(f"{name}: name the folder key/v1, with a key of small letters, digits and hyphens.")
    source, meta_text = _text(path / TEMPLATE), _text(path / META)
    try:
        meta = tomllib.loads(meta_text)
    except tomllib.TOMLDecodeError as error:
        raise InvalidInput(f"{name}: meta.toml cannot be read: {error}.") from error
    problem = _problem(meta)
    if problem:
        raise InvalidInput(f"{name}: {problem}.")
    declared_fields(meta.get("fields", []))
    return ContentFile(path.parent.name, int(numbered[1]), source, meta, digest({TEMPLATE: source, META: meta_text}))


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidInput(f"{path.parent.parent.name}/{path.parent.name}: {path.name} cannot be read.") from error


def _problem(meta: dict[str, Any]) -> str:
    """Return the first thing wrong with the meta data, or an empty text."""
    for name, kinds in _ENTRIES.items():
        if name not in meta and name not in _OPTIONAL:
            return f"the entry {name} is missing"
        if name in meta and not isinstance(meta[name], kinds):
            return f"the entry {name} must be {kinds[0].__name__}"
    if unknown := set(meta) - set(_ENTRIES):
        return f"the entry {min(unknown)} is unknown"
    if meta["kind"] not in (STANDARD_RESPONSE, BLOCK):
        return f"the kind {meta['kind']} is unknown"
    return _bad_term(meta) or _bad_dates(meta)


def _bad_term(meta: dict[str, Any]) -> str:
    given = [(Lane, [meta["lane"]]), (Topic, meta.get("topics", [])), (LabelStatus, meta.get("label_statuses", []))]
    for term, values in given:
        known = {member.value for member in term}
        for value in values:
            if value not in known:
                return f"{value} is not one of {', '.join(sorted(known))}"
    return ""


def _bad_dates(meta: dict[str, Any]) -> str:
    begins, review, expires = meta["effective_from"], meta["review_due"], meta["expires"]
    if not begins < review <= expires:
        return "effective_from, review_due and expires must follow each other"
    if expires - begins > LONGEST_LIFE:
        return "content expires at the latest two years after it becomes effective"
    if meta["approved_at"].tzinfo is None:
        return "approved_at needs a time zone"
    return ""
