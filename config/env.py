"""The environment the product reads, in one place; every variable, its default and its meaning.

A file ``var/pressroom.env`` (written by ``make demo``; see ``.env.example``) fills in what the environment leaves open.
"""

from __future__ import annotations

from pathlib import Path

import environ

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()

DATA_DIR = Path(env.str("PRESSROOM_DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
environ.Env.read_env(str(DATA_DIR / "pressroom.env"))

DEBUG: bool = env.bool("DEBUG", default=False)
SECRET_KEY: str = env.str("SECRET_KEY", default="")
SECRET_KEY_FALLBACKS: list[str] = env.list("SECRET_KEY_FALLBACKS", default=[])
# Fernet keys of stored credentials, newest first; the others only decrypt.
CREDENTIALS_KEYS: list[str] = env.list("CREDENTIALS_KEYS", default=[])
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# True behind a TLS-terminating proxy: secure cookies, and X-Forwarded-Proto believed.
HTTPS: bool = env.bool("HTTPS", default=False)

DATABASE_URL: str = env.str("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'pressroom.sqlite3'}")
REDIS_URL: str = env.str("REDIS_URL", default="")  # set: django-q2 uses Redis as its broker
DOCUMENTS_DIR = Path(env.str("DOCUMENTS_DIR", default=str(DATA_DIR / "documents")))

# smtp://user:password@host:587, smtp+tls:// (STARTTLS) or smtp+ssl://. Unset: no e-mail is sent.
EMAIL_URL: str = env.str("EMAIL_URL", default="")
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default="")  # the sender of e-mails
# Where people open this installation, e.g. https://print.example.com: links in e-mails begin with it.
PUBLIC_URL: str = env.str("PUBLIC_URL", default="").rstrip("/")

QUEUE_WORKERS: int = env.int("QUEUE_WORKERS", default=2)
# Lanes one worker process serves at the same time; 0 works without threads.
LANE_THREADS: int = env.int("LANE_THREADS", default=8)
# Seconds a lane stays with a worker that no longer reports.
LANE_LEASE_SECONDS: float = env.float("LANE_LEASE_SECONDS", default=60)
# Seconds until a lane is tried again after its first failure; doubled each time, up to an hour.
LANE_BACKOFF_SECONDS: float = env.float("LANE_BACKOFF_SECONDS", default=15)
PROVIDER_CONNECT_TIMEOUT: float = env.float("PROVIDER_CONNECT_TIMEOUT", default=5)
PROVIDER_READ_TIMEOUT: float = env.float("PROVIDER_READ_TIMEOUT", default=30)
# Private networks printers may stand in, e.g. 192.168.0.0/16,10.8.0.0/24. Unset: every private network.
PRINTER_NETWORKS: list[str] | None = env.list("PRINTER_NETWORKS", default=None)
