"""Evenhand: a compliance-aware medical inquiry response system."""

__version__ = "0.1.0"
