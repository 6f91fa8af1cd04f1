"""The settings of a cluster that looks into its schedules as soon as it runs: django-q2 first does after 30 seconds."""

from tests.settings import *  # noqa: F403
from tests.settings import Q_CLUSTER

Q_CLUSTER["guard_cycle"] = 30
