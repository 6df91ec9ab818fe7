"""Configuration: everything that differs between installations, read once, then frozen.

Values come from environment variables with the prefix ``EVENHAND_`` (``PORT`` alone has none).
A default here is fit for production and fit to be public; a secret has no default and its
absence stops the start, except in demo mode, where a secret is kept in the data directory.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent
SHORTEST_SECRET = 32
SEARCH_ADAPTERS = ("whoosh", "postgresql")


class ConfigurationProblem(Exception):
    """A setting is missing or unusable; the message names it and says what to set."""


@dataclass(frozen=True)
class Config:
    """One installation's settings; see the table in the README for each of them."""

    secret_key: str
    database_url: str
    data_dir: Path = ROOT / "var"
    index_dir: Path = ROOT / "literature_index" / "whoosh"
    search: str = "whoosh"
    corpus_dir: Path = ROOT / "literature_index" / "corpus"
    templates_dir: Path = ROOT / "templates"
    demo: bool = False
    host: str = "127.0.0.1"
    port: int = 8000
    web_workers: int = 2
    base_url: str = ""
    trusted_proxies: int = 0
    secure_cookies: bool = True
    session_idle_minutes: int = 30
    session_absolute_hours: int = 12
    smtp_url: str = ""
    mail_from: str = ""
    argon2_memory_kib: int = 65536
    argon2_time_cost: int = 3
    argon2_parallelism: int = 4
    max_upload_mib: int = 25
    log_level: str = "INFO"

    def __post_init__(self) -> None:
        if len(self.secret_key) < SHORTEST_SECRET:
            raise ConfigurationProblem(
                f"EVENHAND_SECRET_KEY must have at least {SHORTEST_SECRET} characters; "
                "make one with: python3 -c 'import secrets; print(secrets.token_hex(32))'"
            )

        if self.search not in SEARCH_ADAPTERS:
            raise ConfigurationProblem(f"EVENHAND_SEARCH must be {' or '.join(SEARCH_ADAPTERS)}, not {self.search!r}")
        if self.search == "postgresql" and not self.database_url.startswith("postgresql"):
            raise ConfigurationProblem(
                "EVENHAND_SEARCH=postgresql needs a PostgreSQL database; set EVENHAND_DATABASE_URL to one, or leave "
                "EVENHAND_SEARCH out")

    @property
    def blobs_dir(self) -> Path:
        """Where documents and attachments lie, named by their SHA-256."""
        return self.data_dir / "blobs"

    @property
    def mail_outbox_dir(self) -> Path:
        """Where letters are put as files when no SMTP server is configured."""
        return self.data_dir / "mail"

    @property
    def responses_dir(self) -> Path:
        """The reviewed response content shipped with the product."""
        return self.templates_dir / "responses"

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> Config:
        """Read the settings from ``environ`` (default: the process environment).

        Raises:
            ConfigurationProblem: a value cannot be read, or the secret is missing outside demo mode.
        """
        env = os.environ if environ is None else environ
        demo = _flag(env, "EVENHAND_DEMO", default=False)
        data_dir = Path(env.get("EVENHAND_DATA_DIR", str(cls.data_dir))).resolve()
        return cls(
            secret_key=_secret(env, demo=demo, data_dir=data_dir),
            database_url=env.get("EVENHAND_DATABASE_URL", f"sqlite:///{data_dir / 'evenhand.db'}"),
            data_dir=data_dir,
            index_dir=Path(env.get("EVENHAND_INDEX_DIR", str(cls.index_dir))).resolve(),
            search=env.get("EVENHAND_SEARCH", cls.search),
            demo=demo,
            host=env.get("EVENHAND_HOST", cls.host),
            port=_number(env, "PORT", cls.port),
            web_workers=_number(env, "EVENHAND_WEB_WORKERS", cls.web_workers),
            base_url=env.get("EVENHAND_BASE_URL", cls.base_url),
            trusted_proxies=_number(env, "EVENHAND_TRUSTED_PROXIES", cls.trusted_proxies),
            secure_cookies=_flag(env, "EVENHAND_SECURE_COOKIES", default=not demo),
            session_idle_minutes=_number(env, "EVENHAND_SESSION_IDLE_MINUTES", cls.session_idle_minutes),
            session_absolute_hours=_number(env, "EVENHAND_SESSION_ABSOLUTE_HOURS", cls.session_absolute_hours),
            smtp_url=env.get("EVENHAND_SMTP_URL", cls.smtp_url),
            mail_from=env.get("EVENHAND_MAIL_FROM", cls.mail_from),
            argon2_memory_kib=_number(env, "EVENHAND_ARGON2_MEMORY_KIB", cls.argon2_memory_kib),
            argon2_time_cost=_number(env, "EVENHAND_ARGON2_TIME_COST", cls.argon2_time_cost),
            argon2_parallelism=_number(env, "EVENHAND_ARGON2_PARALLELISM", cls.argon2_parallelism),
            max_upload_mib=_number(env, "EVENHAND_MAX_UPLOAD_MIB", cls.max_upload_mib),
            log_level=env.get("EVENHAND_LOG_LEVEL", cls.log_level),
        )


def _flag(env: Mapping[str, str], name: str, *, default: bool) -> bool:
    value = env.get(name, "").strip().lower()
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    if value:
        raise ConfigurationProblem(f"{name} must be yes or no, not {value!r}")
    return default


def _number(env: Mapping[str, str], name: str, default: int) -> int:
    value = env.get(name, "").strip()
    if not value:
        return default
    if not value.isdigit():
        raise ConfigurationProblem(f"{name} must be a whole number, not {value!r}")
    return int(value)


def _secret(env: Mapping[str, str], *, demo: bool, data_dir: Path) -> str:
    """The signing secret: from the environment, or in demo mode made once and kept in a 0600 file."""
    given = env.get("EVENHAND_SECRET_KEY", "")
    if given or not demo:
        return given
    kept = data_dir / "demo-secret"
    if not kept.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        with open(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(secrets.token_hex(32))
    return kept.read_text(encoding="ascii").strip()
