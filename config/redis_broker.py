"""django-q2's Redis broker, which waits for Redis no longer than a person waits for a page."""

from __future__ import annotations

from typing import Any

from django_q.brokers.redis_broker import Redis as Broker
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from config import env

CONNECT_TIMEOUT, ANSWER_TIMEOUT = 2.0, 4.0  # seconds; a worker's own request waits a second for a task
RETRIES = 1  # once more at once, for a connection that Redis closed while it was idle


class RedisBroker(Broker):  # type: ignore[misc]  # django-q2 is not typed
    """By default nothing ends the wait for a Redis that takes connections and does not answer, after the commit.

    A wake-up that is not sent costs a sweep interval: the row is the truth.
    """

    @staticmethod
    def get_connection(list_key: str | None = None) -> Any:  # noqa: ARG004  # django-q2's signature
        return Redis.from_url(
            env.REDIS_URL,
            socket_connect_timeout=CONNECT_TIMEOUT,
            socket_timeout=ANSWER_TIMEOUT,
            retry=Retry(NoBackoff(), RETRIES),
        )
