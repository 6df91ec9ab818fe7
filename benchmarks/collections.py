"""Judged collections for measuring the search, written as the BEIR files that ``evenhand literature evaluate`` reads.

    python -m benchmarks.collections med        <folder with MED.ALL, MED.QRY, MED.REL>          <target folder>
    python -m benchmarks.collections cranfield  <folder with cran.all.1400, cran.qry, cranqrel>  <target folder>
    python -m benchmarks.collections cohen      <folder with one CSV per drug class>             <target folder>
    python -m benchmarks.collections medication <folder with medicationqa.csv>                   <target folder>
    python -m benchmarks.collections titles     <folder with one CSV per drug class>             <target folder>

The collections themselves are not part of the project. ``titles`` asks for each abstract by its own title, and
``medication`` for each answer by a consumer's question: one relevant text each, as a guard against rankings that
only help questions with many.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

COHEN_QUESTIONS = {
    "ADHD": "Which drugs work for attention deficit hyperactivity disorder, and how safe are they?",
    "Antihistamines": "Are newer antihistamines effective and safe for allergic rhinitis and urticaria?",
    "NSAIDS": "How do NSAIDs compare in efficacy and harms in osteoarthritis and rheumatoid arthritis?",
    "OralHypoglycemics": "How do oral hypoglycemics compare in adults with type 2 diabetes?",
    "Triptans": "How effective and safe are the triptans in adults with migraine?",
    "UrinaryIncontinence": "Which drugs help adults with urinary incontinence or an overactive bladder?",
}
"""One line per review, written from its title alone."""

_EVERY = 5
"""Of the abstracts with a title, every fifth is asked for."""
_NOT_RELEVANT = {"5", "-1"}
"""Cranfield's grades: 1 (complete answer) to 4 (minimum interest); 5 is none, -1 stands for one slip."""


@dataclass
class Collection:
    """Texts, questions, and which text answers which question."""

    corpus: list[dict[str, str]] = field(default_factory=list)
    queries: list[dict[str, str]] = field(default_factory=list)
    judgements: list[tuple[str, str, int]] = field(default_factory=list)

    def write(self, target: Path) -> None:
        """Write ``corpus.jsonl``, ``queries.jsonl`` and ``qrels.tsv`` into the folder ``target``."""
        target.mkdir(parents=True, exist_ok=True)
        _write_lines(target / "corpus.jsonl", (json.dumps(row) for row in self.corpus))
        _write_lines(target / "queries.jsonl", (json.dumps(row) for row in self.queries))
        rows = (f"{query}\t{document}\t{score}" for query, document, score in self.judgements)
        _write_lines(target / "qrels.tsv", ["query-id\tcorpus-id\tscore", *rows])


def med(folder: Path) -> Collection:
    """The MEDLARS collection in the format of the SMART system."""
    return Collection(
        corpus=[_document(number, "", parts["W"]) for number, parts in _smart(folder / "MED.ALL")],
        queries=[_query(number, parts["W"]) for number, parts in _smart(folder / "MED.QRY")],
        judgements=[(line.split()[0], line.split()[2], 1) for line in _lines(folder / "MED.REL")],
    )


def cranfield(folder: Path) -> Collection:
    """The Cranfield collection; its judgements count queries from 1, not by their printed numbers."""
    rows = [line.split() for line in _lines(folder / "cranqrel")]
    queries = enumerate(_smart(folder / "cran.qry"), start=1)
    return Collection(
        corpus=[
            _document(number, parts.get("T", ""), parts.get("W", ""))
            for number, parts in _smart(folder / "cran.all.1400")
        ],
        queries=[_query(str(place), parts["W"]) for place, (_, parts) in queries],
        judgements=[(row[0], row[1], 1) for row in rows if row[2] not in _NOT_RELEVANT],
    )


def cohen(folder: Path) -> Collection:
    """Six drug class reviews in one library: the studies that the reviewers included answer their question."""
    found = Collection(queries=[_query(topic, text) for topic, text in COHEN_QUESTIONS.items()])
    known: set[str] = set()
    for topic in COHEN_QUESTIONS:
        for row in _table(folder / f"{topic}.csv"):
            if row["label_included"] == "1":
                found.judgements.append((topic, row["pubmedID"], 1))
            if row["pubmedID"] not in known:
                known.add(row["pubmedID"])
                found.corpus.append(_document(row["pubmedID"], row["title"], row["abstract"]))
    return found


def titles(folder: Path) -> Collection:
    """Abstracts without their titles, each to be found by its title."""
    found, known = Collection(), set()
    for topic in COHEN_QUESTIONS:
        for row in _table(folder / f"{topic}.csv"):
            number, title, abstract = row["pubmedID"], row["title"], row["abstract"]
            if not abstract or number in known:
                continue
            known.add(number)
            found.corpus.append(_document(number, "", abstract))
            if title and len(known) % _EVERY == 0:
                found.queries.append(_query(number, title))
                found.judgements.append((number, number, 1))
    return found


def medication(folder: Path) -> Collection:
    """Consumers' questions about medicines, and the passage that an expert found to answer each."""
    found = Collection()
    numbers: dict[str, str] = {}
    for place, row in enumerate(_table(folder / "medicationqa.csv")):
        answer = row["Answer"].strip()
        if not answer:
            continue
        if answer not in numbers:
            numbers[answer] = f"a{place}"
            found.corpus.append(_document(f"a{place}", "", answer))
        found.queries.append(_query(f"q{place}", row["Question"]))
        found.judgements.append((f"q{place}", numbers[answer], 1))
    return found


COLLECTIONS: dict[str, Callable[[Path], Collection]] = {
    "med": med, "cranfield": cranfield, "cohen": cohen, "titles": titles, "medication": medication,
}  # fmt: skip


def _smart(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Records of a SMART file: number, and text by the letter of its section."""
    for record in re.split(r"(?m)^\.I ", path.read_text(encoding="latin-1").replace("\r", ""))[1:]:
        number, *sections = re.split(r"(?m)^\.([TABWX])\s*$", record)
        texts = zip(sections[::2], sections[1::2], strict=True)
        yield number.strip(), {letter: " ".join(text.split()) for letter, text in texts}


def _table(path: Path) -> list[dict[str, str]]:
    with open(path, encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="latin-1").splitlines() if line.strip()]


def _document(number: str, title: str, text: str) -> dict[str, str]:
    return {"_id": number, "title": title, "text": text}


def _query(number: str, text: str) -> dict[str, str]:
    return {"_id": number, "text": text}


def _write_lines(path: Path, lines: Iterable[str]) -> None:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    COLLECTIONS[sys.argv[1]](Path(sys.argv[2])).write(Path(sys.argv[3]))
