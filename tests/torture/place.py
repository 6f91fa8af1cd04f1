"""Where a torture happens: its directory, and the environment of the processes in it."""

from __future__ import annotations

import os
import secrets
import sys
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
MARK = "PRESSROOM_TORTURE"  # in the environment of each process of the product, so that the last one is found

# Seconds. A worker that is stopped for longer than its lease finds its lane taken over.
LEASE = 2.0
READ_TIMEOUT = 2.0


@dataclass
class Place:
    """One run of the torture."""

    directory: Path
    seed: int
    plant: str = ""
    database_url: str = ""
    redis_url: str = ""
    email_url: str = ""
    secret: str = field(default_factory=lambda: secrets.token_hex(32))
    fernet: str = field(default_factory=lambda: urlsafe_b64encode(os.urandom(32)).decode())

    def __post_init__(self) -> None:
        # PostgreSQL may run as another user, who has to come through here to its own.
        self.directory.chmod(0o755)
        for path in (self.data, self.store, self.journals, self.logs, self.bursts):
            path.mkdir(parents=True)
        self.documents.symlink_to(self.store.name)

    @property
    def data(self) -> Path:
        """PRESSROOM_DATA_DIR; the simulated printers' directories lie in it."""
        return self.directory / "data"

    @property
    def documents(self) -> Path:
        """DOCUMENTS_DIR: a link, so that the store can be taken away in one step; as root nothing else would help."""
        return self.directory / "documents"

    @property
    def store(self) -> Path:
        """Where the documents really lie."""
        return self.directory / "store"

    @property
    def journals(self) -> Path:
        return self.directory / "journals"

    @property
    def logs(self) -> Path:
        return self.directory / "logs"

    @property
    def bursts(self) -> Path:
        """A file in it asks the writers for orders at once: its name is ``LANE-COUNT-…``."""
        return self.directory / "bursts"

    @property
    def over(self) -> Path:
        """There once no new orders are wanted and everything is to be put right."""
        return self.directory / "over"

    def environment(self, **extra: str) -> dict[str, str]:
        """The environment of a process of the product."""
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TMPDIR")}
        return {
            **kept,
            MARK: str(self.directory),
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
            "DJANGO_SETTINGS_MODULE": "tests.torture.settings",
            "PRESSROOM_DATA_DIR": str(self.data),
            "DOCUMENTS_DIR": str(self.documents),
            "DATABASE_URL": self.database_url,
            "REDIS_URL": self.redis_url,
            "EMAIL_URL": self.email_url,
            "DEFAULT_FROM_EMAIL": "Pressroom <pressroom@print.example.com>",
            "PUBLIC_URL": "https://print.example.com",
            "SECRET_KEY": self.secret,
            "CREDENTIALS_KEYS": self.fernet,
            "QUEUE_WORKERS": "2",
            "LANE_THREADS": "4",
            "LANE_LEASE_SECONDS": str(LEASE),
            "LANE_BACKOFF_SECONDS": "0.3",
            "PROVIDER_CONNECT_TIMEOUT": "2",
            "PROVIDER_READ_TIMEOUT": str(READ_TIMEOUT),
            "TORTURE_DIRECTORY": str(self.directory),
            "TORTURE_SEED": str(self.seed),
            "TORTURE_PLANT": self.plant,
            **extra,
        }


def python(*arguments: str) -> list[str]:
    """A command that runs our Python."""
    return [sys.executable, *arguments]


def point(link: Path, target: str) -> None:
    """Let a link lead elsewhere, in one step."""
    new = link.with_name(f"{link.name}.new")
    new.symlink_to(target)
    new.rename(link)
