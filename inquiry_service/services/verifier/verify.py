#!/usr/bin/env python3
"""Checks an export of an Evenhand audit log, offline: python3 -I verify.py [BUNDLE.zip | FOLDER].

One file, standard library only, nothing from the server is trusted: every hash is computed again.
Exit code 0: everything that the bundle claims was proved. 1: something is wrong; the first is named.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import unicodedata
import zipfile
from pathlib import Path
from typing import IO, Any

FORMAT = "evenhand-audit-export/1"
FILES = ["README.txt", "entries.csv", "entries.jsonl", "tree.json", "verify.py"]
FIELDS = "action actor after_hash app_version at changes id log obj_prev object reason request_id seq v"
HEADER = ('\ufeff"seq","at_utc","actor_id","actor_name","role","action","object_type","object_id",'
          '"object_version","object_label","inquiry_id","reason_code","reason_text","changes","request_id",'
          '"app_version","entry_id","leaf_hash"\r\n').encode()
MAX_BYTES, MAX_DEPTH, MAX_INTEGER = 64 * 1024, 32, 2**53 - 1


class Problem(Exception):
    """Something in the bundle is wrong; the message says what and where."""


def expect(where: str, expected: object, got: object) -> None:
    """Stop with a sentence unless two things are equal."""
    if type(expected) is not type(got) or expected != got:
        raise Problem(f"{where}: expected {expected}, got {got}")


def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Refuse JSON objects that say one key twice, which readers understand differently."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


class Bundle:
    """A zip or a folder with exactly the files of an export."""

    def __init__(self, path: str) -> None:
        self.path = Path(path)
        self.zip = None if self.path.is_dir() else zipfile.ZipFile(self.path)
        names = self.zip.namelist() if self.zip else [file.name for file in self.path.iterdir()]
        expect("the list of files", sorted([*FILES, "manifest.json"]), sorted(names))

    def open(self, name: str) -> IO[bytes]:
        return self.zip.open(name) if self.zip else (self.path / name).open("rb")

    def read_json(self, name: str) -> dict[str, Any]:
        with self.open(name) as file:
            value: dict[str, Any] = json.loads(file.read().decode("utf-8"), object_pairs_hook=unique)
        expect(f"{name}: kind of JSON", dict, type(value))
        return value

    def check_files(self, manifest: dict[str, Any]) -> None:
        """Compare every file with its SHA-256 and length in the manifest."""
        expect("manifest.json: format", FORMAT, manifest["format"])
        expect("manifest.json: names of files", FILES, sorted(manifest["files"]))
        for name in FILES:
            sha256, size = hashlib.sha256(), 0
            with self.open(name) as file:
                for chunk in file:
                    sha256.update(chunk)
                    size += len(chunk)
            expect(f"{name}: SHA-256", manifest["files"][name]["sha256"], sha256.hexdigest())
            expect(f"{name}: bytes", manifest["files"][name]["bytes"], size)


def canonical(value: Any, depth: int = 1) -> str:
    """Return the one spelling of a value: RFC 8785 without floats, text in NFC."""
    if depth > MAX_DEPTH:
        raise Problem(f"nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, dict):
        keys = sorted(value, key=lambda key: key.encode("utf-16-be"))
        return "{" + ",".join(f"{canonical(key)}:{canonical(value[key], depth + 1)}" for key in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(item, depth + 1) for item in value) + "]"
    if isinstance(value, str):
        return json.dumps(unicodedata.normalize("NFC", value), ensure_ascii=False)
    if isinstance(value, int) and abs(value) > MAX_INTEGER:
        raise Problem("an integer beyond 2^53 - 1")
    return json.dumps(value)


def read_entry(line: bytes, where: str) -> Any:
    """Parse the bytes of one entry and prove that they are its one spelling."""
    expect(f"{where}: longer than {MAX_BYTES} bytes", False, len(line) > MAX_BYTES)
    try:
        # Reading "1.5" or "NaN" with int() fails, as it must: floats have several spellings.
        entry = json.loads(line.decode(), object_pairs_hook=unique, parse_float=int, parse_constant=int)
        again = canonical(entry).encode("utf-8")
    except (ValueError, RecursionError, Problem) as error:
        raise Problem(f"{where}: not canonical JSON ({error})") from error
    expect(f"{where}: in the canonical form of RFC 8785", True, again == line)
    expect(f"{where}: fields", FIELDS, " ".join(sorted(entry)) if isinstance(entry, dict) else "none")
    expect(f"{where}: format version", 1, entry["v"])
    return entry


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash of an inner node (RFC 6962, section 2.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


class Growing:
    """A tree that grows leaf by leaf; holds one hash per 1-bit of its size."""

    def __init__(self) -> None:
        self.size = 0
        self.stack: list[bytes] = []

    def append(self, leaf: bytes) -> None:
        size = self.size
        while size & 1:
            leaf, size = node_hash(self.stack.pop(), leaf), size >> 1
        self.stack.append(leaf)
        self.size += 1

    def root(self) -> str:
        if not self.stack:
            return hashlib.sha256(b"").hexdigest()
        root = self.stack[-1]
        for left in reversed(self.stack[:-1]):
            root = node_hash(left, root)
        return root.hex()


def root_from_proof(leaf: bytes, index: int, size: int, proof: list[str]) -> str:
    """Root that a proof leads to (RFC 9162, section 2.1.3.2)."""
    fn, sn, result = index, size - 1, leaf
    for step in map(bytes.fromhex, proof):
        if sn == 0:
            raise Problem(f"entry {index}: its proof is too long")
        if fn & 1 or fn == sn:
            result = node_hash(step, result)
            while fn and not fn & 1:
                fn, sn = fn >> 1, sn >> 1
        else:
            result = node_hash(result, step)
        fn, sn = fn >> 1, sn >> 1
    if sn:
        raise Problem(f"entry {index}: its proof is too short")
    return result.hex()


def cell(value: Any) -> str:
    """One cell of the table, quoted, harmless to spreadsheets."""
    text = "" if value is None else str(value).replace("\x00", "\ufffd")
    if not isinstance(value, int):
        seen = (char for char in text if unicodedata.category(char) not in {"Cc", "Cf", "Zs", "Zl", "Zp"})
        text = "'" + text if next(seen, "a") in "=+-@|%＝＋－＠｜％﹢﹣﹦﹫﹪﹨" else text
    return '"' + text.replace('"', '""') + '"'


def table_line(entry: dict[str, Any], leaf: bytes) -> bytes:
    """The line that the table must have for an entry."""
    actor, obj, reason = entry["actor"], entry["object"], entry["reason"]
    changes = json.dumps(entry["changes"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    cells = (
        entry["seq"], entry["at"], actor["id"], actor["name"], actor["role"], entry["action"], obj["type"],
        obj["id"], obj["version"], obj["label"], obj["inquiry"], reason["code"], reason["text"], changes,
        entry["request_id"], entry["app_version"], entry["id"], leaf.hex())
    return (",".join(map(cell, cells)) + "\r\n").encode("utf-8")


class Follower:
    """Goes through the entries once and checks each against its place, its tree and its table line."""

    def __init__(self, manifest: dict[str, Any], tree: dict[str, Any], checkpoint: str) -> None:
        self.log, self.whole = manifest["log"], manifest["complete"]
        self.size, self.root = manifest["tree"]["size"], manifest["tree"]["root"]
        expect("tree.json: head", [self.log, self.size, self.root], [tree["log"], tree["size"], tree["root"]])
        self.stated = tree["leaf_hashes" if self.whole else "proofs"]
        self.growing, self.count, self.previous = Growing(), 0, -1
        self.newest: dict[tuple[str, str], int] = {}
        self.gaps: set[tuple[str, str]] = set()
        size, _, self.known_root = checkpoint.lower().partition(":")
        self.known_size = int(size) if checkpoint else -1
        self.check_checkpoint()

    def check_checkpoint(self) -> None:
        if self.known_size > self.size:
            raise Problem(f"{self.known_size} entries at the checkpoint, only {self.size} here")
        if self.known_size == self.size:
            expect("root at the checkpoint", self.known_root, self.root)
        elif self.known_size >= 0 and not self.whole:
            raise Problem("an extract cannot be compared with an earlier checkpoint; ask for the whole log")

    def follow(self, line: bytes, table: IO[bytes]) -> None:
        where = f"entry {self.previous + 1}" if self.whole else f"line {self.count + 1} of entries.jsonl"
        expect(f"{where}: its end", b"\n", line[-1:])
        entry = read_entry(line[:-1], where)
        leaf = hashlib.sha256(b"\x00" + line[:-1]).digest()
        seq = entry["seq"]
        expect(f"{where}: name of the log", self.log, entry["log"])
        self.check_place(seq, leaf, where)
        self.check_link(entry, seq)
        expected = table_line(entry, leaf)
        expect(f"entry {seq}: its line in entries.csv", expected, table.read(len(expected)))
        self.previous, self.count = seq, self.count + 1

    def check_place(self, seq: Any, leaf: bytes, where: str) -> None:
        """The number stands inside the hashed bytes; the hash leads to the root."""
        if self.whole:
            expect(f"{where}: number", self.previous + 1, seq)
            expect(f"entry {seq}: hash in tree.json", self.stated[seq:seq + 1], [leaf.hex()])
            self.growing.append(leaf)
            if self.known_size == self.growing.size:
                expect(f"root at size {self.known_size}", self.known_root, self.growing.root())
        elif type(seq) is not int or not self.previous < seq < self.size:
            raise Problem(f"{where}: number {seq} is out of order or outside the log")
        else:
            proof = self.stated.get(str(seq), [])
            expect(f"entry {seq}: root", self.root, root_from_proof(leaf, seq, self.size, proof))

    def check_link(self, entry: dict[str, Any], seq: int) -> None:
        """Each entry names the previous one about its object; an extract may lack that one, but says so."""
        key = (entry["object"]["type"], entry["object"]["id"])
        before, link = self.newest.get(key), entry["obj_prev"]
        self.newest[key] = seq
        if before == link:
            return
        if self.whole or type(link) is not int or not (-1 if before is None else before) < link < seq:
            raise Problem(f"entry {seq}: previous entry of its object: expected {before}, got {link}")
        self.gaps.add(key)

    def finish(self, manifest: dict[str, Any], table: IO[bytes]) -> None:
        expect("number of entries", manifest["entries"], self.count)
        expect("hashes or proofs in tree.json", self.count, len(self.stated))
        expect("rest of entries.csv", b"", table.read(80))
        if self.whole:
            expect("size of the log", self.size, self.count)
            expect("root of the tree", self.root, self.growing.root())


def verify(path: str, checkpoint: str = "") -> tuple[dict[str, Any], Follower]:
    """Check a bundle; return its manifest and what was followed, or raise Problem."""
    bundle = Bundle(path)
    manifest = bundle.read_json("manifest.json")
    bundle.check_files(manifest)
    expect("manifest.json: complete", not manifest["filters"], manifest["complete"])
    follower = Follower(manifest, bundle.read_json("tree.json"), checkpoint)
    with bundle.open("entries.jsonl") as entries, bundle.open("entries.csv") as table:
        expect("first line of entries.csv", HEADER, table.read(len(HEADER)))
        for line in entries:
            follower.follow(line, table)
        follower.finish(manifest, table)
    return manifest, follower


def report(manifest: dict[str, Any], done: Follower) -> str:
    """Say in plain words what was proved and what was not."""
    exporter, objects = manifest["exporter"], len(done.newest)
    proved = ["every file is the one in the manifest; table and entries say the same"]
    doubts = ["that what an entry says is true; only that it was not altered afterwards",
              "who made this export and when: the manifest is not signed"]
    if done.whole:
        proved.append("no entry was changed, left out, added or moved since this root was computed")
    else:
        proved.append("every entry here stands unchanged at its place in the tree with this root")
        complete = objects - len(done.gaps)
        proved.append(f"for {complete} of {objects} objects none before their last one here is missing")
        doubts.append(f"that this is all that matches its filters: {json.dumps(manifest['filters'])}")
    if done.known_size >= 0:
        proved.append(f"the log still holds, unchanged, the {done.known_size} entries of your checkpoint")
    else:
        doubts.append("that the log was not rewritten before the export: use --checkpoint with a noted root")
    return "\n".join([
        f"OK  {done.count} entries of log {done.log}, exported {manifest['created_at']}",
        f"    by {exporter['name']} ({exporter['role']}); tree size {done.size},\n    root {done.root}",
        "\nProved:", *map("  - {}".format, proved), "\nNot proved:", *map("  - {}".format, doubts)])


def main() -> int:
    """Run from the command line; return the exit code."""
    parser = argparse.ArgumentParser(description="Check an export of an Evenhand audit log, offline.")
    parser.add_argument("bundle", nargs="?", default=".", help="the zip, or the folder it was unpacked to")
    parser.add_argument("--checkpoint", default="", help="SIZE:ROOT of the log, noted earlier")
    options = parser.parse_args()
    try:
        sys.stdout.write(report(*verify(options.bundle, options.checkpoint)) + "\n")
        return 0
    except Problem as problem:
        sys.stdout.write(f"WRONG  {problem}\n")
    except Exception as error:  # noqa: BLE001 (whatever a hostile bundle provokes means: not verified)
        sys.stdout.write(f"WRONG  the bundle cannot be read: {error!r}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
