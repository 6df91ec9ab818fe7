"""Look into a PDF with pikepdf: tags in reading order, fonts, metadata, marked and unmarked text."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pikepdf


def opened(data: bytes) -> pikepdf.Pdf:
    return pikepdf.open(BytesIO(data))


def elements(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Structure elements in document order."""
    waiting = [pdf.Root.StructTreeRoot]
    while waiting:
        element = waiting.pop()
        if "/S" in element:
            yield element
        kids = element.get("/K", [])
        kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        waiting.extend(kid for kid in reversed(kids) if isinstance(kid, pikepdf.Dictionary))


def tags(pdf: pikepdf.Pdf) -> list[str]:
    return [str(element.S).lstrip("/") for element in elements(pdf)]


def fonts_without_file(pdf: pikepdf.Pdf) -> list[str]:
    descriptors = [each for each in pdf.objects
                   if isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/FontDescriptor"]
    assert descriptors, "no font at all"
    return [str(each.FontName) for each in descriptors if "/FontFile2" not in each and "/FontFile3" not in each]


def text_runs(pdf: pikepdf.Pdf) -> dict[str, int]:
    """How many text runs are tagged, pagination artifacts, or neither (PDF/UA-1 7.1 forbids the last)."""
    counted = {"tagged": 0, "artifact": 0, "neither": 0}
    for page in pdf.pages:
        marks: list[str] = []
        for operands, operator in pikepdf.parse_content_stream(page):
            if str(operator) in ("BDC", "BMC"):
                marks.append("artifact" if str(operands[0]) == "/Artifact" else "tagged")
            elif str(operator) == "EMC":
                marks.pop()
            elif str(operator) in ("TJ", "Tj"):
                counted["artifact" if "artifact" in marks else marks[-1] if marks else "neither"] += 1
    return counted
