"""Build the one icon sprite of the web interface from Tabler drawings and our own glyphs.

A page refers to a drawing as ``icons.svg#i-search``; the browser loads the file once.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET

SVG = "http://www.w3.org/2000/svg"


def build(drawings: dict[str, bytes], glyphs: bytes) -> bytes:
    """Return the sprite.

    Args:
        drawings: icon name -> Tabler SVG file; each becomes the symbol ``i-<name>``.
        glyphs: an SVG file whose ``<symbol>`` elements are taken over unchanged.
    """
    ET.register_namespace("", SVG)
    root = ET.Element(f"{{{SVG}}}svg")
    for name in sorted(drawings):
        drawing = ET.fromstring(drawings[name])  # noqa: S314 - a file whose checksum was just verified
        symbol = ET.SubElement(root, f"{{{SVG}}}symbol", id=f"i-{name}", viewBox="0 0 24 24")
        # Tabler files begin with an invisible square that only sets the canvas.
        symbol.extend(part for part in drawing if part.get("stroke") != "none")
    root.extend(ET.fromstring(glyphs).iter(f"{{{SVG}}}symbol"))  # noqa: S314 - our own file
    for symbol in root:
        symbol.tail = "\n"
        for part in symbol:
            part.tail = None
    return ET.tostring(root, encoding="unicode").encode() + b"\n"
