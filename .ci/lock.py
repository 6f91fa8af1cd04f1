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
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

RUNTIME = "# Everything the product needs at run time; exact pins, no ranges. `make lock` renews them.\n"
DEV = """# What `make check` and `make test` need on top of the product; exact pins. `make lock` renews them.
-r requirements.txt
"""


# The oldest of each version of Python that the product runs on: some packages are needed on old ones alone.
PYTHONS = ("3.11.0", "3.12.0", "3.13.0", "3.14.0")


def resolve(wanted: list[str]) -> list[dict[str, Any]]:
    """What pip knows of everything that ``wanted`` needs on this Python."""
    command = ["-m", "pip", "install", "--dry-run", "--ignore-installed", "--quiet", "--report", "-", *wanted]
    run = subprocess.run([sys.executable, *command], stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
    found = (item["metadata"] for item in json.loads(run.stdout)["install"])
    # pip itself comes with the virtual environment.
    return [metadata for metadata in found if metadata["name"] != "pip"]


def needed_elsewhere(packages: list[dict[str, Any]]) -> list[Requirement]:
    """What they need on another Python than this one."""
    known = {canonicalize_name(package["name"]) for package in packages}
    asked = (Requirement(text) for package in packages for text in package.get("requires_dist", ()))
    return [
        requirement
        for requirement in asked
        if requirement.marker
        and canonicalize_name(requirement.name) not in known
        and not requirement.marker.evaluate({"extra": ""})
        and any(requirement.marker.evaluate(surroundings(python)) for python in PYTHONS)
    ]


def surroundings(python: str) -> dict[str, str]:
    return {"extra": "", "python_full_version": python, "python_version": python.rpartition(".")[0]}


def lock(wanted: list[str]) -> dict[str, str]:
    """The pin of everything that ``wanted`` needs, by name; with a condition where only another Python needs it."""
    here = resolve(wanted)
    pins = {package["name"]: f"{package['name']}=={package['version']}" for package in here}
    for requirement in needed_elsewhere(here):
        marker, requirement.marker = requirement.marker, None
        # With the rest, so that the versions fit together.
        for package in resolve([*pins.values(), str(requirement)]):
            pins.setdefault(package["name"], f"{package['name']}=={package['version']}; {marker}")
    return pins


def main() -> None:
    runtime_file, dev_file = map(Path, sys.argv[1:3])
    project = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]
    runtime = lock(project["dependencies"])
    dev = lock([*runtime.values(), *project["optional-dependencies"]["dev"]])
    for path, header, pins in (
        (runtime_file, RUNTIME, runtime),
        (dev_file, DEV, {name: pin for name, pin in dev.items() if name not in runtime}),
    ):
        lines = sorted((f"{pin}\n" for pin in pins.values()), key=str.lower)
        path.write_text(header + "".join(lines), encoding="utf-8")
        print(f"{path}: {len(lines)} packages")


if __name__ == "__main__":
    main()
