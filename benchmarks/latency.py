"""How long a single document takes from the commit of its order until the printer has it, at 5 orders a second."""

from __future__ import annotations

import os
from contextlib import suppress
from statistics import quantiles

import redis

from benchmarks import rows, targets
from benchmarks.processes import Child, Cluster
from benchmarks.rows import Wrong
from benchmarks.workshop import Workshop

RATE = 5
SECONDS, QUICK_SECONDS = 5, 2  # in each round


def run(workshop: Workshop) -> None:
    """The brokers in turn, round by round."""
    printers = rows.ipp_printers(rows.new_space("latency"), workshop.stub, 0, 16)
    ids = [str(configuration.pk) for configuration in printers]
    brokers: dict[str, dict[str, str]] = {"database": {}}
    if redis_url := os.environ["BENCHMARK_REDIS_URL"]:
        brokers["Redis"] = {"REDIS_URL": redis_url}
    else:
        workshop.report.note("the Redis broker was not measured, REDIS_URL is not set")
    try:
        for _round in workshop.rounds():
            for broker, environment in brokers.items():
                _measure(workshop, broker, ids, environment)
    finally:
        if redis_url:
            _forget_queue(redis_url)
    for broker in brokers:
        workshop.report.judge(targets.LATENCY[broker])


def _forget_queue(redis_url: str) -> None:
    with suppress(redis.RedisError), redis.Redis.from_url(redis_url) as server:
        for key in server.scan_iter(match=f"django_q:{os.environ['BENCHMARK_QUEUE']}:*"):
            server.delete(key)


def _measure(workshop: Workshop, broker: str, printers: list[str], environment: dict[str, str]) -> None:
    seconds = workshop.plan.size(SECONDS, QUICK_SECONDS)
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
    name = targets.LATENCY[broker]
    workshop.report.add(name, cuts[9], "ms", len(waits))
    workshop.report.add(name.removesuffix("p50") + "p95", cuts[18], "ms", len(waits))
