"""``python -m config.first_run``: make what the settings cannot do without, before they are loaded the first time.

Writes the secrets that neither the environment nor ``var/pressroom.env`` has. What is there stays as it is.
"""

from __future__ import annotations

import base64
import os
import secrets
import tempfile
from pathlib import Path

from config import env


def write_private(path: Path, text: str) -> None:
    """Make a file of secrets appear whole and readable for its owner alone, never half or for a moment for others."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # with mode 0600
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise


def main() -> None:
    path = env.DATA_DIR / "pressroom.env"
    before = path.read_text(encoding="utf-8") if path.exists() else "# Secrets of this installation. Keep a copy.\n"
    # config.env has read the file; a variable of the environment comes before it there too.
    new = {
        "SECRET_KEY": "" if env.SECRET_KEY else secrets.token_urlsafe(50),
        "CREDENTIALS_KEYS": "" if env.CREDENTIALS_KEYS else base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }
    there = {line.partition("=")[0].strip() for line in before.splitlines()}
    lines = [f"{name}={value}\n" for name, value in new.items() if value and name not in there]
    if not lines:
        return
    write_private(path, before.rstrip("\n") + "\n" + "".join(lines))
    print(f"Wrote new secrets to {path}.")  # noqa: T201  a command's output


if __name__ == "__main__":
    main()
