"""What a browser sends from the intake forms, and what stands in the page that comes back."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from inquiry_service.clock import now
from inquiry_service.models.products import Product

_FIELD = re.compile(
    r'<textarea[^>]*\bname="(?P<area>[^"]+)"[^>]*>\r?\n(?P<text>.*?)</textarea>|<input(?P<input>[^>]*)>', re.DOTALL)
_ATTRIBUTE = re.compile(r'\b(name|value|type)="([^"]*)"')
_SELECT = re.compile(r'<select[^>]*\bname="([^"]+)"[^>]*>(.*?)</select>', re.DOTALL)
_CHOSEN = re.compile(r'<option selected value="([^"]*)"')


def staff(product: Product, **more: Any) -> dict[str, Any]:
    """A complete staff form about ``product``: a call at midnight today, changed as ``more`` says.

    Two underscores in a name stand for a hyphen: ``requester__email``.
    """
    form = {
        "act": "save", "channel": "phone", "forum": "private", "received_on": f"{now():%Y-%m-%d}",
        "received_time": "00:00", "zone": "UTC", "product_id": product.id, "market": "", "language": "en",
        "requester-type": "physician", "requester-country": "US", "requester-family_name": "Requester",
        "questions-0": "Can it be split?", "urgency": "standard", "purpose": "general",
        "recipient-type": "", "recipient-country": "",
    }
    return form | {name.replace("__", "-"): value for name, value in more.items()}


def field(product: Product, **more: Any) -> dict[str, Any]:
    """A complete field form about ``product``, changed as ``more`` says."""
    form = {
        "act": "save", "received_on": f"{now():%Y-%m-%d}", "received_time": "00:00", "zone": "UTC",
        "product_id": product.id, "place": "Visit at the clinic", "requester-type": "physician",
        "requester-country": "US", "requester-family_name": "Requester", "questions-0": "Can it be split?",
        "attestation": "y",
    }
    return form | {name.replace("__", "-"): value for name, value in more.items()}


def values_in(page: str) -> dict[str, str]:
    """Return what the fields of a page hold, as a browser would send them again."""
    found: dict[str, str] = {}
    for match in _FIELD.finditer(page):
        if match["area"]:
            found[match["area"]] = unescape(match["text"])
            continue
        attributes = dict(_ATTRIBUTE.findall(match["input"]))
        unticked = attributes.get("type") in ("checkbox", "radio") and " checked" not in match["input"]
        if "name" in attributes and attributes.get("type") != "file" and not unticked:
            found.setdefault(attributes["name"], unescape(attributes.get("value", "")))
    for name, options in _SELECT.findall(page):
        chosen = _CHOSEN.search(options)
        found[name] = unescape(chosen[1]) if chosen else ""
    return found
