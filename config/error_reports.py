"""What error pages and mails to administrators show: never a secret, with DEBUG or without."""

from __future__ import annotations

import re
from datetime import date, timedelta
from types import FrameType
from typing import Any

from django.http import HttpRequest
from django.views.debug import SafeExceptionReporterFilter

from printing.providers import registry

# What says everything about itself by its value, and nothing about anybody else.
_HARMLESS = (bool, int, float, date, timedelta, type(None))


class ErrorReportFilter(SafeExceptionReporterFilter):
    """Django's own steps aside under DEBUG, and would show a printer's password in the variables of every caller.

    A password travels in forms, credentials, headers and sockets, under any name; so of a variable only the type is
    shown, unless its value is a number or a date.
    """

    # Besides keys and passwords by name: addresses that may contain one (DATABASE_URL, REDIS_URL, the queue's broker).
    hidden_settings = re.compile("API|AUTH|TOKEN|KEY|SECRET|PASS|SIGNATURE|COOKIE|DATABASE|REDIS", re.IGNORECASE)

    def is_active(self, request: HttpRequest | None) -> bool:
        """Always."""
        return True

    def get_post_parameters(self, request: HttpRequest | None) -> Any:
        """What was sent, without the values of inputs that are secret by their name or by a provider's word."""
        if request is None:
            return {}
        declared = (field for provider in registry.all_providers() for field in provider.connection_fields)
        secret = {field.name for field in declared if field.secret}
        shown = request.POST.copy()
        for name in shown:
            # A password may also stand in an address.
            if name.rpartition("-")[2] in secret or self.hidden_settings.search(name) or "@" in shown[name]:
                shown[name] = self.cleansed_substitute
        return shown

    def get_traceback_frame_variables(self, request: HttpRequest | None, tb_frame: FrameType) -> Any:
        """The names of a frame's variables, with values where these are harmless and with types where not."""
        return [
            (name, value if isinstance(value, _HARMLESS) else _OfType(value))
            for name, value in tb_frame.f_locals.items()
        ]


class _OfType:
    """Stands for a value and shows its type."""

    def __init__(self, value: object) -> None:
        self._name = type(value).__qualname__

    def __repr__(self) -> str:
        return f"<{self._name}>"
