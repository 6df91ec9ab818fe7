"""How well duplicates are recognised: ``python -m benchmarks.deduplicate FILE... [--spoil]``.

A file of any importable format with hand-marked duplicates (EndNote XML whose ``caption`` says Duplicate) is measured
as ASySD and the SRA Deduplicator publish it: a marked record that is found to be one of a group is a true positive.
With ``--spoil`` each record of the files is its own truth: worse copies of every record are made
(:mod:`benchmarks.spoiled`) and must be found, while all distinct records must stay apart. Only pairs that share a
blocking key are compared, as in the library, so what blocking misses counts as missed.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from time import perf_counter

from lxml import etree

from benchmarks import spoiled
from inquiry_service.bibliography import formats
from inquiry_service.bibliography.blocking import block_keys
from inquiry_service.bibliography.identity import STRONG_KINDS
from inquiry_service.bibliography.record import ParsedRecord
from inquiry_service.bibliography.similarity import Likeness, Verdict, Work, compare

_MARK = "Duplicate"
_LARGEST_BLOCK = 60
_SHOWN = 12


@dataclass(frozen=True)
class Pair:
    """Two positions and what was found on them."""

    first: int
    second: int
    found: Likeness


def main() -> None:
    """Read the files named on the command line and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--spoil", action="store_true", help="make worse copies and find them again")
    parser.add_argument("--blind", action="store_true", help="leave DOI, PMID and PMCID out")
    arguments = parser.parse_args()
    for file in arguments.files:
        records = [record for record in formats.read(file.read_bytes(), file.name) if isinstance(record, ParsedRecord)]
        print(f"{file.name}: {len(records)} records")
        if arguments.spoil:
            measure_spoiled(records)
        else:
            measure_marked([blind(record) for record in records] if arguments.blind else records, marks_of(file))


def marks_of(file: Path) -> set[int]:
    """Return the positions of the records that a person marked as duplicates; the first is 1."""
    tree = etree.parse(file, etree.XMLParser(resolve_entities=False, no_network=True))
    captions = [str(record.xpath("string(caption)")) for record in tree.iter("record")]
    return {number for number, caption in enumerate(captions, 1) if caption.strip() == _MARK}


def blind(record: ParsedRecord) -> ParsedRecord:
    """Return a record without identifiers: what is left must be enough."""
    return replace(record, doi="", pmid="", pmcid="")


def pairs(records: Sequence[ParsedRecord]) -> Iterator[Pair]:
    """Compare all records that share a key; equal identifiers decide at once."""
    works = [Work(record) for record in records]
    blocks = defaultdict(list)
    for number, work in enumerate(works):
        for key in (*block_keys(work.record, work.title), *_identifiers(work.record)):
            blocks[key].append(number)
    seen = {pair for block in blocks.values() if len(block) <= _LARGEST_BLOCK for pair in combinations(block, 2)}
    for first, second in sorted(seen):
        if set(_identifiers(records[first])) & set(_identifiers(records[second])):
            yield Pair(first, second, Likeness(Verdict.CERTAIN, 1.0, ("same identifier",)))
        else:
            yield Pair(first, second, compare(works[first], works[second]))


def measure_marked(records: Sequence[ParsedRecord], marks: set[int]) -> None:
    """Print sensitivity and specificity against the marks, the misses and the false alarms."""
    start = perf_counter()
    found = list(pairs(records))
    for verdicts in ({Verdict.CERTAIN}, {Verdict.CERTAIN, Verdict.POSSIBLE}):
        grouped = {end for pair in found if pair.found.verdict in verdicts for end in (pair.first, pair.second)}
        positive = {number for number, record in enumerate(records) if record.raw_position in marks}
        negative = set(range(len(records))) - positive
        print(f"  {' or '.join(sorted(verdict.value for verdict in verdicts))}: "
              f"sensitivity {_share(positive & grouped, positive)}, specificity {_share(negative - grouped, negative)}")
        for number in sorted(positive - grouped):
            print("    missed      ", _line(records[number]))
        for pair in found:
            if pair.found.verdict in verdicts and not {pair.first, pair.second} <= positive:
                print("    false alarm ", _line(records[pair.first]))
                print("             and ", _line(records[pair.second]), "|", pair.found.words)
    print(f"  {len(found)} pairs compared in {perf_counter() - start:.2f} s")


def measure_spoiled(records: Sequence[ParsedRecord]) -> None:
    """Print, per kind of damage, how many copies are found, and how many distinct records are taken for one."""
    originals = [blind(record) for record in records]
    copies = [(number, kind, copy) for number, record in enumerate(originals) for kind, copy in spoiled.copies(record)]
    mixed = [*originals, *(copy for _, _, copy in copies)]
    truth = [*range(len(originals)), *(number for number, _, _ in copies)]
    best: dict[int, Verdict] = {}
    wrong: dict[Verdict, dict[tuple[int, int], Pair]] = {Verdict.CERTAIN: {}, Verdict.POSSIBLE: {}}
    for pair in pairs_with_originals(mixed, len(originals)):
        ends, verdict = (truth[pair.first], truth[pair.second]), pair.found.verdict
        if ends[0] == ends[1]:
            best[pair.second] = verdict
        elif verdict is not Verdict.DIFFERENT:
            wrong[verdict].setdefault((min(ends), max(ends)), pair)
    print_found([(kind, best.get(number, Verdict.DIFFERENT))
                 for number, (_, kind, _) in enumerate(copies, start=len(originals))])
    for verdict, found in wrong.items():
        confused = {end for ends in found for end in ends}
        print(f"  {verdict.value}: {len(confused)} of {len(originals)} distinct records confused, "
              f"specificity {1 - len(confused) / len(originals):.4f}")
        for pair in list(found.values())[:_SHOWN]:
            print("    ", _line(mixed[pair.first]), "<>", _line(mixed[pair.second]), "|", pair.found.words)


def print_found(copies: Sequence[tuple[str, Verdict]]) -> None:
    """Print the share of copies found, for each kind of damage and in all."""
    for kind in [*dict.fromkeys(kind for kind, _ in copies), "all"]:
        counts = Counter(verdict for of, verdict in copies if kind in (of, "all"))
        certain, possible = (counts[verdict] / counts.total() for verdict in (Verdict.CERTAIN, Verdict.POSSIBLE))
        print(f"  {kind:<28} found {certain:.4f}, to be looked at {possible:.4f}, both {certain + possible:.4f}")


def pairs_with_originals(mixed: Sequence[ParsedRecord], originals: int) -> Iterator[Pair]:
    """Compare originals with each other and with the copies, as copies come to a library that holds the originals."""
    return (pair for pair in pairs(mixed) if pair.first < originals)


def _identifiers(record: ParsedRecord) -> list[str]:
    return [f"{kind}:{value}" for kind in STRONG_KINDS if (value := getattr(record, kind))]


def _share(part: set[int], whole: set[int]) -> str:
    return f"{len(part)}/{len(whole)} = {len(part) / len(whole):.4f}" if whole else "none"


def _line(record: ParsedRecord) -> str:
    author = record.first_author.name if record.first_author else "nobody"
    return f"{record.title[:90]} ({author}, {record.year}, {record.journal[:20]} {record.volume}:{record.pages})"


if __name__ == "__main__":
    main()
