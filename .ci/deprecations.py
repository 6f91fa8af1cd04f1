#!/usr/bin/env python3
"""Loads everything the product is made of, with every deprecation an error: every module, address and template.

What only shows when it runs is found by the suite, where deprecations are errors too (pyproject.toml).
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

PACKAGES = ("spaces", "printing", "connectors", "config")


def modules() -> Iterator[str]:
    for package in PACKAGES:
        yield package
        found = pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}.")
        # Running a program is not loading it.
        yield from (module.name for module in found if not module.name.endswith(".__main__"))


def main() -> int:
    # Before anything else is loaded; -W would not reach as far, it forgets the packages' own categories.
    warnings.simplefilter("error", DeprecationWarning)
    warnings.simplefilter("error", PendingDeprecationWarning)
    sys.path.insert(0, str(Path.cwd()))

    import django
    from django.core.management import call_command

    django.setup()
    from django.conf import settings
    from django.template import engines
    from django.urls import get_resolver

    names = list(modules())
    for name in names:
        importlib.import_module(name)
    addresses = len(get_resolver().url_patterns)
    roots = [Path(settings.BASE_DIR) / name for name in ("templates", *(f"{one}/templates" for one in PACKAGES))]
    templates = [
        path.relative_to(root).as_posix()
        for root in roots
        for path in sorted(root.rglob("*"))
        if path.suffix in {".html", ".txt"}
    ]
    for template in templates:
        engines["django"].get_template(template)
    call_command("check")
    print(f"{len(names)} modules, {addresses} roots of addresses and {len(templates)} templates: nothing deprecated.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
