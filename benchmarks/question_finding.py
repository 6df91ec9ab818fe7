"""How well the question is found in messages as people write them, against simpler ways.

Usage: ``.venv/bin/python -m benchmarks.question_finding --data FOLDER [--half 0|1]``, where FOLDER holds ``meqsum``,
``clinical_questions``, ``medicationqa`` and ``cohen2006`` as they are published; a collection that is not there is
left out. MeQSum is cut into two halves by line: 0 was looked at while the rules were written, 1 was not.
"""

from __future__ import annotations

import argparse
import csv
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from inquiry_service.domain.message_parts import sentences
from inquiry_service.domain.question_finding import find
from inquiry_service.domain.question_terms import TermKind
from inquiry_service.search.embedded.index import WhooshIndex
from inquiry_service.search.language.parser import parse
from inquiry_service.search.port import IndexDocument, Query, SearchIndex
from inquiry_service.search.words.analysis import terms_of

Way = Callable[[str], str]

_FRAME = "where can I find information about physician(s) hospital(s) who specialize in it"
"""Words by which the experts frame a line; they name nothing that is asked for."""
_NAMING = (TermKind.PRODUCT, TermKind.CONDITION)
_TOP = 100

TOPICS = {
    "Triptans": "triptans for the acute treatment of migraine",
    "UrinaryIncontinence": "anticholinergic drugs for overactive bladder and urinary incontinence",
    "ADHD": "methylphenidate, amphetamine and atomoxetine for attention deficit hyperactivity disorder",
    "NSAIDS": "cyclooxygenase-2 inhibitors and NSAIDs for osteoarthritis and rheumatoid arthritis",
    "Antihistamines": "second generation antihistamines for allergic rhinitis and urticaria",
    "OralHypoglycemics": "oral hypoglycaemic drugs for type 2 diabetes mellitus",
}
"""One line per review of Cohen 2006, written from the titles of the reviews alone."""
_LETTER = (
    "Subject: question\nDear Sir or Madam,\n\nmy name is [NAME], I work as a pharmacist in [LOCATION] and I am a great "
    "admirer of your website. Last week a colleague of ours came back from her holiday with a broken leg and we had a "
    "long talk over coffee. I would like to know what evidence there is on {topic}. We have had this discussion many "
    "times and nobody could help.\n\nThank you very much in advance for your kind reply.\nKind regards,\n[NAME]\n"
    "+44 20 7946 0000\n")


def proposal(text: str) -> str:
    """The search that is proposed."""
    return find(text).query


def first_sentence(text: str) -> str:
    """The first sentence of the message."""
    return next((one.text for one in sentences(text)), text)


def with_question_mark(text: str) -> str:
    """Every sentence that ends with a question mark; the whole message if none does."""
    return " ".join(one.text for one in sentences(text) if one.text.endswith("?")) or text


WAYS: dict[str, Way] = {
    "whole message": lambda text: text, "first sentence": first_sentence,
    "sentences with ?": with_question_mark, "proposal": proposal,
}


def _words(text: str) -> set[str]:
    return set(terms_of(text))


def meqsum(folder: Path, half: int) -> Iterator[str]:
    """Content words of the expert's one line, found again in what each way would search for."""
    with (folder / "meqsum" / "meqsum.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))[half::2]
    pairs = [(row["CHQ"], _words(row["Summary"]) - _words(_FRAME), _names(row["Summary"])) for row in rows]
    pairs = [pair for pair in pairs if pair[1]]
    named = [pair for pair in pairs if pair[2]]
    yield f"MeQSum, half {half}: {len(pairs)} messages, {len(named)} whose line names an illness by our word list"
    yield f"{'':18}{'recall':>8}{'precision':>11}{'F1':>7}{'words':>7}{'names, all':>12}{'any':>6}"
    for name, way in WAYS.items():
        found = [(_words(way(text)), wanted, names) for text, wanted, names in pairs]
        recall = [len(got & wanted) / len(wanted) for got, wanted, _ in found]
        precision = [len(got & wanted) / len(got) if got else 0.0 for got, wanted, _ in found]
        both = [2 * r * p / (r + p) if r + p else 0.0 for r, p in zip(recall, precision, strict=True)]
        full = [names <= got for got, _, names in found if names]
        some = [bool(names & got) for got, _, names in found if names]
        yield (f"{name:18}{_mean(recall):8.3f}{_mean(precision):11.3f}{_mean(both):7.3f}"
               f"{_mean([len(got) for got, _, _ in found]):7.1f}{_mean(full):12.3f}{_mean(some):6.3f}")


def _names(line: str) -> set[str]:
    return {word for found in find(line).terms if found.term.kind in _NAMING for word in _words(found.term.text)}


def as_they_are(name: str, texts: list[str]) -> str:
    """Say how many of ``texts`` give a search that the language reads."""
    empty = unread = 0
    for text in texts:
        query = proposal(text)
        empty += not query
        try:
            parse(query)
        except Exception:  # noqa: BLE001 (counting whatever goes wrong)
            unread += 1
    return f"{name}: {len(texts)} texts, {empty} without a proposal, {unread} that the search language does not read"


def cohen(folder: Path) -> Iterator[str]:
    """Included studies among the first 100 for a clean line, a rambling message around it, and its proposal."""
    records = {path.stem: _records(path) for path in sorted((folder / "cohen2006").glob("*.csv"))}
    documents = {row["pubmedID"]: IndexDocument(row["pubmedID"], 1, row["title"], abstract=row["abstract"])
                 for rows in records.values() for row in rows}
    yield f"Cohen 2006: {len(documents)} records, recall of included studies among the first {_TOP}"
    yield f"{'':22}{'clean line':>12}{'whole message':>15}{'proposal':>10}"
    with tempfile.TemporaryDirectory() as place:
        index: SearchIndex = WhooshIndex(Path(place) / "index", b"a key for benchmarks only")
        index.rebuild(documents.values())
        for name, topic in TOPICS.items():
            wanted = {row["pubmedID"] for row in records.get(name, []) if row["label_included"] == "1"}
            message = _LETTER.format(topic=topic)
            if wanted:
                figures = [_recall(index, query, wanted) for query in (topic, message, proposal(message))]
                yield f"{name:22}{figures[0]:12.3f}{figures[1]:15.3f}{figures[2]:10.3f}"
        index.close()


def _records(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _recall(index: SearchIndex, text: str, wanted: set[str]) -> float:
    hits = index.search(Query(text=text, limit=_TOP, plain=True)).hits
    return len({hit.record_id for hit in hits} & wanted) / len(wanted)


def _mean(values: list[Any]) -> float:
    return sum(values) / len(values) if values else 0.0


def _clinical(folder: Path) -> list[str]:
    lines = (folder / "clinical_questions" / "clinical_questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["question"] for line in lines if line.strip()]


def _medication(folder: Path) -> list[str]:
    with (folder / "medicationqa" / "medicationqa.csv").open(encoding="utf-8") as file:
        return [row["Question"] for row in csv.DictReader(file)]


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    options.add_argument("--data", type=Path, required=True, help="folder of the collections")
    options.add_argument("--half", type=int, choices=(0, 1), default=1, help="half of MeQSum; default 1")
    chosen = options.parse_args()
    parts: dict[str, Callable[[Path], Iterator[str]]] = {
        "meqsum": lambda folder: meqsum(folder, chosen.half),
        "clinical_questions": lambda folder: iter([as_they_are("Clinical questions", _clinical(folder))]),
        "medicationqa": lambda folder: iter([as_they_are("MedicationQA", _medication(folder))]),
        "cohen2006": cohen,
    }
    for name, part in parts.items():
        if (chosen.data / name).is_dir():
            print(*part(chosen.data), "", sep="\n")


if __name__ == "__main__":
    main()
