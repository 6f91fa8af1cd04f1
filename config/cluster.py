"""One django-q2 cluster under a supervisor: ``python -m config.cluster PARENT LIFE_LINE INTERVAL``."""

from __future__ import annotations

import logging
import os
import sys

from config.processes import die_with_parent, forks_die_with_parent


def main() -> None:
    parent, descriptor, interval = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    die_with_parent(parent)
    forks_die_with_parent()

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()

    from django_q.cluster import Cluster

    from config.heartbeat import LifeLine, beating_broker, is_no_beat

    logging.getLogger("django-q").addFilter(is_no_beat)
    line = LifeLine(descriptor)
    line.connect()
    # As `manage.py qcluster` does it, but with a broker that beats.
    Cluster(beating_broker(line, interval)).start()


if __name__ == "__main__":
    main()
