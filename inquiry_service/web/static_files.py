"""Style sheets, scripts, icons and fonts: served under an address that changes whenever any of them does.

The digest of the whole folder is part of the path, so relative imports between scripts and from style
sheets to fonts stay consistent, and browsers may keep every file for ever.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from flask import Flask
from whitenoise import WhiteNoise

from inquiry_service.web.access import public
from inquiry_service.web.headers import ALWAYS

FOLDER = Path(__file__).parent / "static"
_ONE_YEAR = 365 * 24 * 3600


def versioned_path() -> str:
    """Return the path under which the present files are served."""
    digest = hashlib.sha256()
    for file in sorted(path for path in FOLDER.rglob("*") if path.is_file()):
        digest.update(file.relative_to(FOLDER).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return f"/static/{digest.hexdigest()[:12]}"


def install(app: Flask) -> None:
    """Answer for the files in front of Flask."""

    def add_headers(headers: Any, _path: str, _url: str) -> None:
        for name, value in ALWAYS.items():
            headers[name] = value

    # What WhiteNoise does not find ends at Flask's own view, with its page for 404.
    public(app.view_functions["static"])
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app, root=FOLDER, prefix=app.static_url_path, max_age=_ONE_YEAR,
        immutable_file_test=lambda _path, _url: True, allow_all_origins=False, add_headers_function=add_headers,
    )
