#!/usr/bin/env python3
"""Asks pip-audit about known vulnerabilities of the pinned requirements: `.ci/audit.py REQUIREMENTS`.

A vulnerability found fails. A service that cannot be asked does not, but is said: no answer is not a good answer.
"""

from __future__ import annotations

import json
import subprocess
import sys


def main() -> int:
    command = ["-m", "pip_audit", "-r", sys.argv[1], "--no-deps", "--disable-pip", "-f", "json"]
    command += ["--progress-spinner", "off", "--timeout", "20"]
    run = subprocess.run([sys.executable, *command], capture_output=True, text=True, check=False)  # noqa: S603
    try:
        packages = json.loads(run.stdout)["dependencies"]
    except ValueError:
        last = (run.stderr.strip().splitlines() or ["no message"])[-1]
        print(f"NOT AUDITED: the vulnerability service could not be asked ({last[:300]}).")
        return 0
    skipped = [package for package in packages if "skip_reason" in package]
    found = [(package, vulnerability) for package in packages for vulnerability in package.get("vulns", ())]
    for package, vulnerability in found:
        fixed = ", ".join(vulnerability["fix_versions"]) or "no version yet"
        print(f"{package['name']} {package['version']}: {vulnerability['id']}, fixed in {fixed}")
    if skipped:
        print(f"NOT AUDITED: {len(skipped)} of {len(packages)} packages, e.g. {skipped[0]['skip_reason']}")
    print(f"Audited {len(packages) - len(skipped)} packages, {len(found)} known vulnerabilities.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
