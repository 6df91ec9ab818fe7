"""How many fields are right when files are imported whose content somebody else has written down.

``python -m benchmarks.import_fields DIR`` runs every comparison for which DIR holds the files, and prints right and
total per field and each difference. A comparison is a function of the folder; add it to COMPARISONS.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.expected_articles import crossref_works, jats_articles, retraction_cases
from benchmarks.expected_bibtex import citation_js, jabref_twins
from benchmarks.expected_dialects import dialects
from benchmarks.expected_fields import Checked
from benchmarks.expected_twins import asreview_twins

COMPARISONS: dict[str, Callable[[Path], Iterator[Checked]]] = {
    "JabRef importers": jabref_twins,
    "Citation.js": citation_js,
    "ASReview, the same records from two programs": asreview_twins,
    "Crossref works": crossref_works,
    "JATS articles": jats_articles,
    "Retractions, article against notice": retraction_cases,
    "Dialects, by the rules of their formats": dialects,
}


def main() -> None:
    """Run the comparisons and print their tables."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folder", type=Path, help="folder with bib_jabref, bib_citationjs, bib_asreview ...")
    arguments.add_argument("--only", default="", help="run only comparisons whose name contains this")
    options = arguments.parse_args()
    everything: list[Checked] = []
    for name, compare in COMPARISONS.items():
        if options.only.lower() in name.lower():
            found = list(compare(options.folder))
            everything += found
            _print(name, found)
    _print("All", everything, differences=False)


def _print(name: str, found: list[Checked], *, differences: bool = True) -> None:
    total = Counter(item.field for item in found)
    right = Counter(item.field for item in found if item.right)
    print(f"\n{name}")
    for field in total:
        print(f"  {field:<18}{right[field]:>6} /{total[field]:>6}  {right[field] / total[field]:7.1%}")
    if total:
        print(f"  {'all fields':<18}{right.total():>6} /{total.total():>6}  {right.total() / total.total():7.1%}")
    for item in found if differences else ():
        if not item.right:
            print(f"    {item.where} {item.field}: {item.ours!r:.300} expected {item.expected!r:.300}")


if __name__ == "__main__":
    main()
