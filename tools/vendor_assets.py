"""Fetch the third-party files of the web interface, check them, and write them into the tree.

``tools/assets.toml`` names each npm package with its exact version, the checksum of its tarball, its
licence and the files taken from it. This program packs them with npm, refuses a tarball or a file that
is not the one on record, and writes the files, the icon sprite and ``LICENSES.txt``. Only someone who
moves to a newer version runs it; the tests compare the tree with the same sums.

Usage: ``python3 -m tools.vendor_assets [--accept]`` (``--accept`` records the sums found instead of
refusing them; read the difference before committing it).
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from tools import sprite, style_subset

ROOT = Path(__file__).resolve().parents[1]
RECORD = ROOT / "tools" / "assets.toml"
GLYPHS = ROOT / "tools" / "glyphs.svg"
LICENCES = "inquiry_service/web/static/vendor/LICENSES.txt"


class AssetRefused(Exception):
    """A tarball or file is not the one on record; the message says expected and got."""


@dataclass
class Ledger:
    """Compares sums with the record; with ``accept`` it collects the new ones instead of refusing.

    Attributes:
        accept: whether a differing sum is taken over.
        changed: old sum -> new sum, in the order found.
    """

    accept: bool
    changed: dict[str, str] = field(default_factory=dict)

    def check(self, what: str, expected: str, got: str) -> None:
        """Raise AssetRefused unless ``got`` equals ``expected`` (or new sums are accepted)."""
        if got == expected:
            return
        if not self.accept:
            raise AssetRefused(f"{what}: expected {expected}, got {got}")
        self.changed[expected] = got


def sha256(data: bytes) -> str:
    """Return the SHA-256 of ``data`` as 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def integrity(tarball: bytes) -> str:
    """Return the Subresource Integrity value (SHA-512) that npm registries publish for a tarball."""
    return "sha512-" + base64.b64encode(hashlib.sha512(tarball).digest()).decode()


def pack(name: str, version: str, folder: Path) -> Path:
    """Download one package with ``npm pack`` and return the path of its tarball."""
    done = subprocess.run(
        ["npm", "pack", "--silent", "--pack-destination", str(folder), f"{name}@{version}"],
        cwd=folder, capture_output=True, text=True, check=True,
    )
    return folder / done.stdout.strip().splitlines()[-1]


def read_member(archive: tarfile.TarFile, path: str) -> bytes:
    """Return the bytes of ``path`` inside a package tarball."""
    member = archive.extractfile(str(PurePosixPath("package") / path))
    if member is None:
        raise AssetRefused(f"{path}: is not a file in the package")
    return member.read()


def produced(archive: tarfile.TarFile, wanted: dict[str, Any]) -> bytes:
    """Return the bytes to write for one ``[[package.file]]`` entry, subset where it asks for that."""
    data = read_member(archive, wanted["from"])
    if wanted["from"].endswith(".js"):
        # The maps are not shipped; a pointer to one makes every opened developer console report a 404.
        data = re.sub(rb"\n?//# sourceMappingURL=\S+\s*$", b"\n", data)
    if "subset" in wanted:
        data = style_subset.subset(data.decode(), frozenset(wanted["subset"])).encode()
    return data


def files_of(package: dict[str, Any], archive: tarfile.TarFile) -> Iterator[tuple[dict[str, Any], bytes]]:
    """Yield (entry of the record, bytes to write) for each file taken from one package."""
    for wanted in package.get("file", ()):
        yield wanted, produced(archive, wanted)
    for wanted in package.get("sprite", ()):
        drawings = {name: read_member(archive, f"{wanted['from']}/{name}.svg") for name in wanted["icons"]}
        yield wanted, sprite.build(drawings, GLYPHS.read_bytes())


def licence_of(package: dict[str, Any], archive: tarfile.TarFile) -> str:
    """Return the heading and licence text of one package for LICENSES.txt."""
    if "licence_file" in package:
        text = read_member(archive, package["licence_file"]).decode()
    else:
        text = package["licence_text"]
    taken = [entry["to"] for kind in ("file", "sprite") for entry in package.get(kind, ())]
    heading = f"{package['name']} {package['version']} ({package['licence']})"
    return "\n".join([heading, "=" * len(heading), *taken, "", text.strip(), ""])


def vendor(record: dict[str, Any], ledger: Ledger) -> dict[str, bytes]:
    """Return every file to write, by path from the root of the repository.

    Raises:
        AssetRefused: when a tarball or a file differs from the record.
    """
    written: dict[str, bytes] = {}
    licences = []
    with tempfile.TemporaryDirectory() as folder:
        for package in record["package"]:
            tarball = pack(package["name"], package["version"], Path(folder))
            ledger.check(package["name"], package["integrity"], integrity(tarball.read_bytes()))
            with tarfile.open(tarball) as archive:
                for wanted, data in files_of(package, archive):
                    ledger.check(wanted["to"], wanted["sha256"], sha256(data))
                    written[wanted["to"]] = data
                licences.append(licence_of(package, archive))
    written[LICENCES] = "\n\n".join(licences).encode()
    return written


def main() -> int:
    """Fetch, check and write; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--accept", action="store_true", help="record new sums instead of refusing them")
    ledger = Ledger(accept=parser.parse_args().accept)
    text = RECORD.read_text(encoding="utf-8")
    try:
        written = vendor(tomllib.loads(text), ledger)
    except AssetRefused as refused:
        print(refused, file=sys.stderr)
        return 1
    for path, data in written.items():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_bytes(data)
        print(f"{len(data):>8} {path}")
    for old, new in ledger.changed.items():
        text = text.replace(old, new)
    RECORD.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
