"""The product's own settings, in a queue of the benchmark's own and without what runs by the clock."""

import os

from config.settings import *  # noqa: F403
from config.settings import Q_CLUSTER

Q_CLUSTER |= {
    # Other clusters may serve the same Redis.
    "name": os.environ["BENCHMARK_QUEUE"],
    # A sweep in the middle of a measurement would be another measurement.
    "scheduler": False,
    "bulk": int(os.environ.get("BENCHMARK_BULK", "1")),
    "queue_limit": int(os.environ.get("BENCHMARK_BULK", "1")) * int(os.environ.get("QUEUE_WORKERS", "2")),
}
