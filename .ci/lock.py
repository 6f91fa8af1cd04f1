#!/usr/bin/env python3
"""Renews the pinned requirements from what pyproject.toml asks for; arguments: requirements.txt requirements-dev.txt.

pip works out the newest versions that fit together; every one of them, direct or not, becomes an exact pin.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

RUNTIME = "# Everything the product needs at run time; exact pins, no ranges. `make lock` renews them.\n"
DEV = """# What `make check` and `make test` need on top of the product; exact pins. `make lock` renews them.
-r requirements.txt
"""


def resolve(wanted: list[str]) -> dict[str, str]:
    """The versions of everything that ``wanted`` needs, by name."""
    command = ["-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet", "--report", "-", *wanted]
    run = subprocess.run([sys.executable, *command], stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
    found = (item["metadata"] for item in json.loads(run.stdout)["install"])
    # pip itself comes with the virtual environment.
    return {metadata["name"]: metadata["version"] for metadata in found if metadata["name"] != "pip"}


def main() -> None:
    runtime_file, dev_file = map(Path, sys.argv[1:3])
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    runtime = resolve(project["dependencies"])
    pins = [f"{name}=={version}" for name, version in runtime.items()]
    dev = resolve([*pins, *project["optional-dependencies"]["dev"]])
    for path, header, versions in (
        (runtime_file, RUNTIME, runtime),
        (dev_file, DEV, {name: version for name, version in dev.items() if name not in runtime}),
    ):
        lines = sorted((f"{name}=={version}\n" for name, version in versions.items()), key=str.lower)
        path.write_text(header + "".join(lines), encoding="utf-8")
        print(f"{path}: {len(lines)} packages")


if __name__ == "__main__":
    main()
