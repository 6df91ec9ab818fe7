"""``python -m inquiry_service``: the same commands as ``evenhand``."""

from __future__ import annotations

from inquiry_service.cli import main

if __name__ == "__main__":
    main(prog_name="evenhand")
