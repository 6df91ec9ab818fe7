"""gunicorn, started from code, so that one command and one configuration are enough."""

from __future__ import annotations

from typing import Any

from gunicorn.app.base import BaseApplication

from config import Config
from inquiry_service import create_app

THREADS = 4
_GRACE_SECONDS = 30
_SLOWEST_REQUEST_SECONDS = 60


class Server(BaseApplication):
    """The web server of one configuration; each worker process makes its own application.

    Nothing is opened before the processes part: a database connection must not be shared by two.
    """

    def __init__(self, config: Config) -> None:
        self._config = config
        super().__init__()

    def load_config(self) -> None:
        """Tell gunicorn what it needs to know."""
        for name, value in settings(self._config).items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """Return the application; called once in each worker process."""
        return create_app(self._config)


def settings(config: Config) -> dict[str, Any]:
    """Return gunicorn's settings; requests get one line in our own log, so its access log stays off."""
    return {
        "bind": f"{config.host}:{config.port}",
        "workers": config.web_workers,
        "worker_class": "gthread",
        "threads": THREADS,
        "timeout": _SLOWEST_REQUEST_SECONDS,
        "graceful_timeout": _GRACE_SECONDS,
        "loglevel": config.log_level.lower(),
        "proc_name": "evenhand",
        # Proxy headers are read in one place only, by the number of proxies in the configuration.
        "forwarded_allow_ips": "",
        "control_socket_disable": True,
    }


def run(config: Config) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are finished first."""
    Server(config).run()
