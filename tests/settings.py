"""The product's own settings with throw-away secrets and a data directory of their own."""

import os
import tempfile
from pathlib import Path

from cryptography.fernet import Fernet

# Inherited by the processes that tests start, so that they read the same secrets and directories.
os.environ.setdefault("PRESSROOM_DATA_DIR", tempfile.mkdtemp(prefix="pressroom-tests-"))
os.environ.setdefault("SECRET_KEY", "only-for-tests-" + "x" * 40)
os.environ.setdefault("CREDENTIALS_KEYS", Fernet.generate_key().decode())
os.environ.setdefault("LANE_THREADS", "0")

from config.settings import *  # noqa: F403
from config.settings import DATA_DIR, DATABASES, STATIC_ROOT

DATABASES["default"]["TEST"] = {}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: tests start processes that open the same database.
    DATABASES["default"]["TEST"] = {"NAME": str(Path(DATA_DIR) / "test.sqlite3")}
else:
    DATABASES["default"]["ENGINE"] = "tests.postgresql"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)
