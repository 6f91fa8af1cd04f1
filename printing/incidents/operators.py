"""Telling those who look after the installation: the workers of a host are silent, or at work again.

Noticed by the workers of another host. Where all are dead nobody is left to tell: /health/ and the pages say so.
"""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import F, Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from printing.constants import TELL_RETRY, WORKER_SILENT_AFTER
from printing.display import moment
from printing.models import WorkerSign
from spaces import mail

logger = logging.getLogger(__name__)


def tell_operators() -> int:
    """Tell the superusers what is new about the workers; returns how many messages the mail server took."""
    now = timezone.now()
    silent = Q(seen_at__lte=now - WORKER_SILENT_AFTER, told_at=None)
    back = Q(seen_at__gt=now - WORKER_SILENT_AFTER, told_at__lt=F("seen_at"))
    signs = list(WorkerSign.objects.filter(silent | back).order_by("host")) if mail.is_configured() else []
    if not signs:
        return 0
    superusers = get_user_model().objects.filter(is_superuser=True, is_active=True).order_by("pk")
    to = mail.usable(superusers.values_list("email", flat=True))
    return sum(_tell(sign, to, now) for sign in signs) if to else 0


def _tell(sign: WorkerSign, to: list[str], now: datetime) -> bool:
    """Of two workers that notice it at once, the second one finds the row claimed."""
    free = Q(claimed_at=None) | Q(claimed_at__lte=now - TELL_RETRY)
    row = WorkerSign.objects.filter(pk=sign.pk)
    if row.filter(free, told_at=sign.told_at).update(claimed_at=now) != 1:
        return False
    with translation.override(settings.LANGUAGE_CODE):
        subject, text = _message(sign)
    try:
        mail.send(subject, text, to)
    except mail.NotSent as error:
        logger.warning("worker of %s: the mail server did not take a message: %s", sign.host, error)
        return False
    done: dict[str, Any] = {"claimed_at": None, "told_at": now if sign.told_at is None else None}
    row.update(**done)
    return True


def _message(sign: WorkerSign) -> tuple[str, str]:
    named = {"host": sign.host, "time": moment(sign.seen_at)}
    if sign.told_at is None:
        subject = _("Pressroom: the worker on %(host)s is silent") % named
        text = _(
            "The worker on %(host)s has taken no task since %(time)s (UTC). Look whether run_worker is running there. "
            "Workers on other hosts go on printing."
        )
    else:
        subject = _("Pressroom: the worker on %(host)s is at work again") % named
        text = _("The worker on %(host)s takes tasks again.")
    return subject, f"{text % named}\n\n{settings.PUBLIC_URL}/\n"
