"""The torture from its beginning to its end: everything started, hurt, healed, stopped, and read."""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass

from tests.lab.processes import LabError, wait_until
from tests.lab.smtp import SmtpServer, smtp_server
from tests.torture import reader
from tests.torture.broker import Broker, DatabaseBroker, RedisBroker
from tests.torture.chaos import Chaos
from tests.torture.cluster import Cluster
from tests.torture.hosts import Host, kill_what_is_left
from tests.torture.ledger import Evidence
from tests.torture.place import ROOT, Place, python
from tests.torture.plan import HOSTS, Plan
from tests.torture.printers import Printers, check_programs, printers

READY_LIMIT = 90.0
# Seconds after which what is not at rest counts as stuck: no wait of the product's is longer here than some seconds.
HEAL_LIMIT = 90.0
# A fault that stops a lane for good is seen before that; planted runs need not wait so long.
PLANTED_HEAL_LIMIT = 12.0
CALM = 1.0  # seconds for which it has to stay at rest
WRITERS_LIMIT = 70.0

Say = Callable[[str], None]


@dataclass
class World:
    """What is running."""

    place: Place
    cluster: Cluster
    broker: Broker
    printers: Printers
    mail: SmtpServer
    hosts: dict[str, Host]


def torture(place: Place, plan: Plan, seconds: float, say: Say) -> Evidence:
    """Everything; returns what is to be compared. Raises LabError where a program is missing or does not start."""
    check_programs()
    with _world(place, plan.broker, say) as world:
        chaos = Chaos(place, plan, world.cluster, world.broker, world.printers, world.hosts, say)
        with _people(place) as people:
            wait_until(lambda: all(host.ready() for host in world.hosts.values()), "both hosts work", READY_LIMIT)
            began = time.monotonic()
            say(f"chaos for {seconds:g} s")
            try:
                chaos.rage(seconds)
            finally:
                place.over.touch()
                chaos.thaw()
            # Not where it is broken off: the services may have heard the same Ctrl-C.
            chaos.heal()
            say(f"healing after {time.monotonic() - began:.0f} s")
            stuck = _ended(people["writers"])
            rests = _at_rest(world, PLANTED_HEAL_LIMIT if place.plant else HEAL_LIMIT)
            say(f"{'at rest' if rests else 'not at rest'} after {time.monotonic() - began:.0f} s")
            if people["merchant"].poll() is not None:
                stuck.append("the merchant has ended: logs/merchant says why")
            stuck += reader.under_way(world.cluster)
        with ThreadPoolExecutor() as pool:
            ends = list(pool.map(Host.stop, world.hosts.values()))
        left = kill_what_is_left(place)
        evidence = _read(world, [*stuck, *filter(None, ends)])
        if left:
            evidence.orphans.append(f"{left} processes were left when both run_worker had ended")
        evidence.faults = chaos.struck + world.printers.faults()
        return evidence


@contextmanager
def _world(place: Place, broker: str, say: Say) -> Iterator[World]:
    with ExitStack() as stack:
        cluster = Cluster(place.directory / "postgresql")
        stack.callback(cluster.stop_at_once)
        cluster.create()
        queue: Broker = RedisBroker(place.directory / "redis") if broker == "redis" else DatabaseBroker(cluster)
        stack.callback(queue.stop)
        queue.start()
        mail = stack.enter_context(smtp_server(place.directory / "mail"))
        there = stack.enter_context(printers(place))
        place.database_url, place.redis_url, place.email_url = cluster.url, queue.url, mail.url
        addresses = place.directory / "addresses.json"
        addresses.write_text(json.dumps(there.addresses()))
        say("everything stands; making the database")
        run_once(place, "furnish", "tests.torture.furnish", str(addresses))
        hosts = {name: Host(place, name) for name in HOSTS}
        stack.callback(kill_what_is_left, place)
        for host in hosts.values():
            stack.callback(host.abandon)
            host.start()
        yield World(place, cluster, queue, there, mail, hosts)


@contextmanager
def _people(place: Place) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """Writers, who end once it is over, and the merchant, who does not."""
    with ExitStack() as stack:
        found = {}
        for name in ("writers", "merchant"):
            log = stack.enter_context((place.logs / name).open("wb"))
            process = subprocess.Popen(
                python("-m", f"tests.torture.{name}"),
                cwd=ROOT,
                # What they ask for is planted in them as well.
                env=place.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            stack.callback(process.wait)
            stack.callback(process.kill)
            found[name] = process
        yield found


def _ended(writers: subprocess.Popen[bytes]) -> list[str]:
    """Wait for the writers; what there is to say about their end, in sentences."""
    try:
        code = writers.wait(WRITERS_LIMIT)
    except subprocess.TimeoutExpired:
        return [f"a writer still waits for its order {WRITERS_LIMIT:.0f} s after everything was healed"]
    return ["a writer was surprised: logs/writers says by what"] if code else []


def run_once(place: Place, name: str, *module: str) -> None:
    """Run a module to its end. Raises LabError with what it said when it fails."""
    done = subprocess.run(
        python("-m", *module), cwd=ROOT, env=place.environment(TORTURE_PLANT=""), capture_output=True, check=False
    )
    (place.logs / name).write_bytes(done.stdout + done.stderr)
    if done.returncode:
        raise LabError(f"{name}: {done.stderr.decode(errors='replace')[-2000:]}")


def _at_rest(world: World, limit: float) -> bool:
    """Wait until nothing is under way any more, and stays so; False where that does not come to be."""
    calm_since: list[float] = []

    def calm() -> bool:
        if not reader.at_rest(world.cluster):
            calm_since.clear()
            return False
        calm_since.append(time.monotonic())
        return calm_since[-1] - calm_since[0] >= CALM

    with suppress(LabError):
        wait_until(calm, "everything is at rest", limit)
        return True
    return False


def _read(world: World, stuck: list[str]) -> Evidence:
    place = world.place
    evidence = Evidence(
        sold=reader.sold(place.journals),
        jobs=reader.jobs(world.cluster),
        arrivals=world.printers.arrivals(),
        stuck=stuck,
        orphans=list(reader.orphans(world.cluster, place.store)),
        to_tell=reader.to_tell(world.cluster),
        told=reader.told(letter.text for letter in world.mail.letters()),
    )
    reader.read_merchant(place.journals, evidence)
    (place.directory / "evidence.json").write_text(json.dumps(evidence, default=_plain, indent=1))
    return evidence


def _plain(thing: object) -> object:
    return sorted(thing) if isinstance(thing, set) else vars(thing)
