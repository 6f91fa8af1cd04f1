"""The queue's broker, as chaos sees it: it forgets, is flooded, is killed. Rows are the truth, so nothing is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from tests.lab.processes import LabError, ServerProcess, free_port
from tests.require import find_program
from tests.torture.cluster import Cluster

QUEUE = "django_q:pressroom:q"
FLOOD = 200
JUNK = "not a task"
NO_RETRY = Retry(NoBackoff(), 0)


class Broker(Protocol):
    """A broker that can be hurt; ``url`` is what REDIS_URL takes."""

    url: str

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def waiting(self) -> int:
        """How many wake-ups wait."""
        ...

    def forget(self) -> None:
        """Lose everything."""
        ...

    def flood(self) -> None:
        """Doubled wake-ups and junk, many of them."""
        ...

    def kill(self) -> None:
        """Die, and forget everything; :meth:`start` brings it back."""
        ...


class DatabaseBroker:
    """The table of django-q2. It dies with the database."""

    url = ""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster

    def start(self) -> None:
        """Nothing: it is there with the database."""

    stop = kill = start

    def waiting(self) -> int:
        return int(self.cluster.ask("SELECT count(*) FROM django_q_ormq")[0][0])

    def forget(self) -> None:
        self.cluster.ask("DELETE FROM django_q_ormq")

    def flood(self) -> None:
        self.cluster.ask(
            "INSERT INTO django_q_ormq (key, payload, lock) SELECT key, payload, now() "
            "FROM django_q_ormq, generate_series(1, %s) ORDER BY random() LIMIT %s",
            FLOOD,
            FLOOD,
        )
        self.cluster.ask(
            "INSERT INTO django_q_ormq (key, payload, lock) SELECT 'pressroom', %s, now() FROM generate_series(1, %s)",
            JUNK,
            FLOOD // 10,
        )


class RedisServer(ServerProcess):
    """A Redis that keeps nothing on disk."""

    def __init__(self, directory: Path) -> None:
        program = find_program("redis-server")
        if program is None:
            raise LabError("Redis is not installed: redis-server is needed (Debian: redis-server).")
        directory.mkdir(parents=True)
        port = free_port()
        command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        super().__init__([*command, "--dir", str(directory)], port, directory / "log")

    def _answers(self) -> bool:
        try:
            with redis.Redis(port=self.port, socket_connect_timeout=1, retry=NO_RETRY) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


class RedisBroker:
    """A Redis of its own."""

    def __init__(self, directory: Path) -> None:
        self._server = RedisServer(directory)
        self.url = f"redis://127.0.0.1:{self._server.port}/0"
        self._client = redis.Redis.from_url(self.url)

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        self._client.close()
        self._server.stop()

    def waiting(self) -> int:
        return int(self._client.llen(QUEUE))

    def forget(self) -> None:
        self._client.flushall()

    def flood(self) -> None:
        waiting: list[bytes] = self._client.lrange(QUEUE, 0, 20)  # type: ignore[assignment]
        doubled = (waiting * FLOOD)[:FLOOD]
        self._client.rpush(QUEUE, *doubled, *[JUNK] * (FLOOD // 10))

    def kill(self) -> None:
        self._server.kill()
        self._server.stop()
