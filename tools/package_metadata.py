"""Build hook: the wheel's dependencies are the lines of requirements.in, so they have one home."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface


class RequirementsHook(MetadataHookInterface):
    """Fills ``dependencies``, which pyproject.toml declares dynamic."""

    def update(self, metadata: dict[str, Any]) -> None:
        """Read requirements.in beside pyproject.toml; comments and empty lines do not count."""
        lines = (Path(self.root) / "requirements.in").read_text(encoding="utf-8").splitlines()
        stripped = (line.split("#", 1)[0].strip() for line in lines)
        metadata["dependencies"] = [line for line in stripped if line]
