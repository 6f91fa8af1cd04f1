"""The product's own settings with shorter times, so that what takes hours comes in seconds. Nothing else differs.

What is shortened keeps its meaning: a lease is still longer than the pause between its renewals, and "no such job" is
still not believed before everything that is on its way has arrived. ``TELL_RETRY`` stays as it is: until then a message
must not leave a second time, whatever dies.
"""

from __future__ import annotations

from datetime import timedelta

from printing import constants

SHORTENED: dict[str, object] = {
    "LANE_BACKOFF_CAP": timedelta(seconds=2),
    "UNKNOWN_SETTLE": timedelta(seconds=2.5),
    "SWEEP_INTERVAL": timedelta(seconds=2),
    "FOLLOW_UP_WAITS": tuple(timedelta(seconds=seconds) for seconds in (1, 2, 4, 8)),
    "HEALTH_INTERVAL": timedelta(seconds=5),
    "PRINTER_DOWN_AFTER": timedelta(seconds=4),
    "PAPER_PROBLEM_AFTER": timedelta(seconds=3),
    "TELL_JOBS_INTERVAL": timedelta(seconds=3),
    "TELL_END_AFTER": timedelta(seconds=2),
    "RENEWAL_LEASE": timedelta(seconds=5),
}
# Before anything of the product reads them.
for _name, _value in SHORTENED.items():
    setattr(constants, _name, _value)

from config.settings import *  # noqa: E402, F403
from config.settings import INSTALLED_APPS as INSTALLED  # noqa: E402

INSTALLED_APPS = [*INSTALLED, "tests.torture.apps.TortureConfig"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
