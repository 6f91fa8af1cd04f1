"""Loaded into every process under torture: names a cluster's processes, and plants a fault if one is asked for."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from typing import Any

from django.apps import AppConfig

_PR_SET_NAME = 15
ROLES = ("worker", "pusher", "monitor", "Sentinel")


class TortureConfig(AppConfig):
    name = "tests.torture"
    label = "torture"

    def ready(self) -> None:
        from django_q import cluster

        from tests.torture.plants import PLANTS

        for role in ROLES:
            setattr(cluster, role, _named(role, getattr(cluster, role)))
        plant = os.environ.get("TORTURE_PLANT", "")
        if plant:
            PLANTS[plant].plant()


def _named(role: str, run: Callable[..., Any]) -> Callable[..., Any]:
    """The same, in a process that ``/proc/PID/comm`` calls by its role: forked from one another, they look alike."""

    def start(*args: Any) -> Any:
        ctypes.CDLL(None).prctl(_PR_SET_NAME, role.lower().encode(), 0, 0, 0)
        return run(*args)

    return start
