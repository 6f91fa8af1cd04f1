"""System checks of what e-mail needs from the settings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, register

from spaces import mail


@register()
def check_mail(**_kwargs: Any) -> list[CheckMessage]:
    """A message without a sender is refused by the mail server, and one without links helps nobody."""
    if not mail.is_configured():
        return []
    missing = [name for name in ("DEFAULT_FROM_EMAIL", "PUBLIC_URL") if not getattr(settings, name)]
    return [
        checks.Error(
            f"EMAIL_URL is set, but {name} is not.",
            hint="See config/env.py and .env.example.",
            id="spaces.E001",
        )
        for name in missing
    ]
