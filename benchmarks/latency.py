"""How long a single document takes from the commit of its order until the printer has it, at 5 orders a second."""

from __future__ import annotations

import os
from contextlib import suppress
from statistics import quantiles

import redis

from benchmarks import rows
from benchmarks.processes import Child, Cluster
from benchmarks.report import at_most
from benchmarks.rows import Wrong
from benchmarks.workshop import Workshop

RATE = 5
TARGETS = {"database": 80.0, "Redis": 15.0}  # ms, the median


def run(workshop: Workshop) -> None:
    printers = rows.ipp_printers(rows.new_space("latency"), workshop.stub, 0, 16)
    ids = [str(configuration.pk) for configuration in printers]
    _measure(workshop, "database", ids, {})
    redis_url = os.environ["BENCHMARK_REDIS_URL"]
    if not redis_url:
        workshop.report.note("latency with the Redis broker: not measured, REDIS_URL is not set")
        return
    try:
        _measure(workshop, "Redis", ids, {"REDIS_URL": redis_url})
    finally:
        with suppress(redis.RedisError), redis.Redis.from_url(redis_url) as server:
            for key in server.scan_iter(match=f"django_q:{os.environ['BENCHMARK_QUEUE']}:*"):
                server.delete(key)


def _measure(workshop: Workshop, broker: str, printers: list[str], environment: dict[str, str]) -> None:
    seconds = workshop.latency_seconds
    with (
        Cluster(workshop.log, QUEUE_WORKERS="2", **environment),
        Child("order_stream", RATE, seconds, *printers, environment=environment) as orders,
    ):
        orders.line()
        workshop.stub.taken()
        orders.go()
        committed: dict[str, float] = orders.result()
        arrived = {taken.key: taken.at for taken in workshop.stub.taken()}
    rows.clear()
    if arrived.keys() != committed.keys():
        raise Wrong(f"{len(arrived)} documents arrived for {len(committed)} orders")
    waits = sorted(1000 * (arrived[key] - at) for key, at in committed.items())
    cuts = quantiles(waits, n=20)
    name = f"commit to printer, 5 orders a second, {broker} broker"
    workshop.report.add(f"{name}, p50", cuts[9], "ms")
    workshop.report.add(f"{name}, p95", cuts[18], "ms")
    workshop.report.judge(f"{name}, p50", cuts[9], "ms", at_most(TARGETS[broker]))
