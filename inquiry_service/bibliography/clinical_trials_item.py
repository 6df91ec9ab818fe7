"""One study of ClinicalTrials.gov. Source: NLM, "ClinicalTrials.gov API", version 2, study data structure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inquiry_service.bibliography import names
from inquiry_service.bibliography.json_values import object_in, text_in, texts_in
from inquiry_service.bibliography.raw import RawRecord, finish
from inquiry_service.bibliography.record import ParsedRecord, Rejected

FORMAT = "clinical_trials_json"


def read_item(study: Mapping[str, Any], position: int) -> ParsedRecord | Rejected:
    """Make a record of a study's ``protocolSection``; its sponsor stands where an article has its author."""
    parts = {name.removesuffix("Module"): object_in(part) for name, part in study.items()}
    known, status = parts.get("identification", {}), parts.get("status", {})
    number = text_in(known.get("nctId"))
    raw = RawRecord(FORMAT, position, identifier=number, registrations=[number])
    raw.title = text_in(known.get("briefTitle")) or text_in(known.get("officialTitle"))
    sponsor = text_in(object_in(parts.get("sponsorCollaborators", {}).get("leadSponsor")).get("name"))
    raw.authors = [names.group(sponsor)] if sponsor else []
    days = (object_in(status.get(name)) for name in ("studyFirstPostDateStruct", "startDateStruct"))
    raw.date = next((date for day in days if (date := text_in(day.get("date")))), "")
    raw.journal = "ClinicalTrials.gov"
    raw.abstract = text_in(parts.get("description", {}).get("briefSummary"))
    conditions = parts.get("conditions", {})
    raw.keywords = [*texts_in(conditions.get("conditions")), *texts_in(conditions.get("keywords"))]
    raw.publication_types = ["Trial registration"]
    design = parts.get("design", {})
    raw.other = [
        ("officialTitle", text_in(known.get("officialTitle"))),
        ("overallStatus", text_in(status.get("overallStatus"))),
        ("studyType", text_in(design.get("studyType"))),
        ("phases", "; ".join(texts_in(design.get("phases")))),
    ]
    return finish(raw)
