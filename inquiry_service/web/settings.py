"""What Flask and its extensions are told, derived from the configuration."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from config import Config

_MIB = 1024 * 1024
_FORM_TEXT = 2 * _MIB
_FORM_PARTS = 500


def flask_settings(config: Config) -> dict[str, Any]:
    """Return the settings; cookies are bound to this very host where the site is reached by HTTPS.

    The signed cookie of Flask holds form tokens and messages only. Who is signed in is kept on the
    server (``services.user_sessions``), because a signed cookie cannot be revoked.
    """
    secure = config.secure_cookies
    host = urlsplit(config.base_url).hostname
    return {
        "SECRET_KEY": config.secret_key,
        "LOGIN_COOKIE": "__Host-evenhand" if secure else "evenhand",
        "SESSION_COOKIE_NAME": "__Host-evenhand-forms" if secure else "evenhand-forms",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        "SESSION_COOKIE_PATH": "/",
        "MAX_CONTENT_LENGTH": (config.max_upload_mib + 2) * _MIB,
        "MAX_FORM_MEMORY_SIZE": _FORM_TEXT,
        "MAX_FORM_PARTS": _FORM_PARTS,
        "TRUSTED_HOSTS": [host] if host else None,
        # A form stays valid as long as the browser is open: half a written answer must not expire.
        "WTF_CSRF_TIME_LIMIT": None,
        # web.access compares Origin and Sec-Fetch-Site, which no privacy extension strips.
        "WTF_CSRF_SSL_STRICT": False,
    }
