"""What the demonstration stands on: a fictional company, accounts, labels, reviewed content, a library."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from inquiry_service.domain.actor import SYSTEM
from inquiry_service.services import content, installation, label_files, library_index, literature
from inquiry_service.services.demo import people
from inquiry_service.services.installation import OrganisationData
from inquiry_service.services.runtime import Runtime

ORGANISATION = OrganisationData(
    name="Example Therapeutics", address="100 Example Parkway, Example City, EX 00000",
    follow_up_contact="1-800-555-0199, medinfo@demo.example", safety_contact="1-800-555-0198, safety@demo.example",
)
LABELS = "labels"
CORPUS = Path("triptans") / "records.csv"

Report = Callable[[str], None]


def lay(runtime: Runtime, report: Report) -> None:
    """Set up company and library in an empty installation; ``report`` is called with a line for each step."""
    report("company, accounts, labels, reviewed content")
    _company(runtime)
    report("library: 671 records on triptans")
    _library(runtime)


def _company(runtime: Runtime) -> None:
    with runtime.transaction() as session:
        row = installation.begin(session, demo=True, organisation=ORGANISATION)
        installation.describe(session, SYSTEM, row, ORGANISATION)
        people.create(session, runtime.passwords)
        label_files.load(session, SYSTEM, runtime.config.corpus_dir.parent / LABELS)
        content.sync(session, SYSTEM, runtime.config.responses_dir)


def _library(runtime: Runtime) -> None:
    file = runtime.config.corpus_dir / CORPUS
    with runtime.reading() as session:
        librarian = people.actor(session, "librarian")
    with file.open("rb") as stream:
        literature.import_file(runtime.sessions, librarian, file.name, stream, products=["sumatriptan-tablets"])
    with runtime.reading() as session:
        library_index.rebuild(session, runtime.index)
