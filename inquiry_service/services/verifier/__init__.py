"""The offline verifier that travels inside every audit export; it imports nothing of ours."""

from __future__ import annotations
