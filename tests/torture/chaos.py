"""Chaos: carries out the plan's blows, one after the other on each of its two tracks."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import LiteralString, TypeVar

from tests.fakes.faults import FaultKind
from tests.lab.processes import LabError, wait_until
from tests.torture import processes
from tests.torture.broker import Broker
from tests.torture.cluster import Cluster
from tests.torture.hosts import Frozen, Host
from tests.torture.place import LEASE, Place, point
from tests.torture.plan import Blow, Plan
from tests.torture.printers import Printers

# Seconds. Long enough to be a fault, short enough for the next one.
STOPPED = 2.5
OVERSLEPT = LEASE + 4.0  # at most: until somebody else has the lane
OUTAGE = 1.2
WAIT = 6.0  # for the moment that a blow is aimed at; where it does not come, the blow falls anyway
BURST = 10
STALLED = (1.2, 1.2)
SLOW = (0.5, 0.02)  # in turn: of two that send at the same time, the second overtakes the first
MEETING = 4.0
MEETINGS, TRIES = 2, 4  # whether two meet is a matter of chance

Word = TypeVar("Word")


class Chaos:
    """Everything that can be hurt, and how."""

    def __init__(
        self,
        place: Place,
        plan: Plan,
        cluster: Cluster,
        broker: Broker,
        printers: Printers,
        hosts: dict[str, Host],
        say: Callable[[str], None],
    ) -> None:
        self.place, self.plan, self.cluster, self.broker = place, plan, cluster, broker
        self.printers, self.hosts, self.say = printers, hosts, say
        self.frozen = Frozen()
        self.struck: Counter[str] = Counter()
        self.chance = random.Random(f"chaos {plan.seed}")
        self._later: list[tuple[float, Callable[[], object]]] = []
        self._over = threading.Event()
        self._bursts = 0
        self._aimed_at = ""  # the lane whose services do wrong only what the blow of the moment wants
        self._blows: dict[str, Callable[[Blow], object]] = {
            "oversleep": self._oversleep,
            "kill the sender": self._kill_the_sender,
            "stop the database": self._stop_the_database,
            "end connections": lambda _blow: self.cluster.end_connections(),
            "broker forgets": self._broker_forgets,
            "broker is flooded": lambda _blow: self.broker.flood(),
            "kill the broker": self._kill_the_broker,
            "store unwritable": self._store_unwritable,
            "refuse a letter": self._refuse_a_letter,
        }

    def rage(self, seconds: float) -> None:
        """Strike for so long, and until the first round is through."""
        end = time.monotonic() + seconds
        services = threading.Thread(target=self._at_services)
        services.start()
        try:
            for number, blow in enumerate(self.plan.ground()):
                if number >= self.plan.first_round() and time.monotonic() >= end:
                    break
                self._rest(blow.pause)
                self._strike(blow)
        finally:
            self._over.set()
            services.join()

    def thaw(self) -> None:
        """Let every process go on that was stopped."""
        self.frozen.thaw(all_of_them=True)

    def heal(self) -> None:
        """Let everything go on that was stopped, and everything go well."""
        self.thaw()
        for _due, action in self._later:
            action()
        self._later.clear()
        self.printers.heal()

    def _at_services(self) -> None:
        for blow in self.plan.services():
            if self._over.wait(blow.pause):
                return
            if blow.lane == self._aimed_at:
                continue
            with suppress(OSError, LabError):
                self._strike_service(blow)
                # What a fake does with requests it counts itself, but for those of which it reads the half.
                if blow.lane not in self.printers.fakes or blow.kind in ("refuse connections", FaultKind.CUT_REQUEST):
                    self.struck[f"{blow.lane}: {blow.how.get('mode', blow.kind)}"] += 1

    def _strike(self, blow: Blow) -> None:
        self.say(f"{blow.kind} (host {blow.host})")
        verb, _, role = blow.kind.partition(" ")
        if blow.kind in self._blows:
            self._blows[blow.kind](blow)
        else:
            pids = self._wait(lambda: self._pids(blow.host, role))
            if not pids:
                return
            pid = self.chance.choice(pids)
            if verb == "kill":
                processes.kill(pid)
            else:
                self.frozen.freeze(pid, STOPPED)
        self.struck[blow.kind] += 1

    def _strike_service(self, blow: Blow) -> None:
        if blow.kind == "mode":
            self.printers.set_folder(blow.how["mode"])
            self._over.wait(OUTAGE / 2)
            self.printers.set_folder("normal")
        elif blow.kind == "refuse connections":
            self.printers.refuse(blow.lane)
            self._over.wait(OUTAGE / 2)
            self.printers.listen(blow.lane)
        elif blow.lane == "real":
            line = self.printers.line
            line.lose_answers, line.cut_after = blow.kind == "lose answers", blow.how["after"]
            if line.lose_answers:
                line.cut_after = None
            self._over.wait(OUTAGE / 2)
            line.lose_answers, line.cut_after = False, None
        else:
            headers = {"Retry-After": "1"} if blow.how.get("status") == 429 else {}
            self.printers.spoil(blow.lane, blow.kind, headers=headers, **blow.how)

    # --- blows that are aimed at a moment -------------------------------------------------------------------------

    def _oversleep(self, _blow: Blow) -> None:
        """A worker is stopped in the middle of a full lane until another one has it, and goes on beside that one."""
        self._aim_at("printnode")
        self._wait(lambda: all(host.ready() for host in self.hosts.values()))
        met = 0
        for _try in range(TRIES):
            self._fill("printnode")
            met += self._stop_until_taken_over("printnode")
            # Until both have had the time to meet.
            self._wait(lambda: self._waiting("printnode") <= 2, MEETING)
            if met == MEETINGS:
                break
        self._aim_at("")

    def _fill(self, lane: str) -> None:
        """Have much to do in a lane, and somebody who does it slowly."""
        self.printers.fakes[lane].clear_faults()
        for seconds in (*STALLED, *SLOW * (3 * BURST // 2)):
            self.printers.spoil(lane, "slow", documents=True, seconds=seconds)
        self._burst(lane, BURST)
        self._wait(lambda: self._waiting(lane) >= BURST)
        # Whoever takes the lane next reads ahead all that waits; if nobody does soon, it has been read.
        token = self._token(lane)
        self._wait(lambda: self._token(lane) not in (token, ""), sum(STALLED))

    def _stop_until_taken_over(self, lane: str) -> bool:
        """Stop who sends in a lane until somebody else does, and there is still enough to do for two."""
        token = self._token(lane)
        senders = self._wait(lambda: self._senders(lane))
        for pid in senders:
            self.frozen.freeze(pid, OVERSLEPT)
        taken = self._wait(lambda: self._token(lane) not in (token, ""), OVERSLEPT)
        enough = self._waiting(lane) >= BURST / 2
        self.frozen.release(*senders)
        return bool(senders) and taken and enough

    def _kill_the_sender(self, _blow: Blow) -> None:
        """A worker is killed after its document has arrived, and before it has heard so."""
        self._aim_at("ipp")
        before = self.printers.count("ipp")
        self.printers.spoil("ipp", "hang-after-acting", documents=True)
        self._burst("ipp", 2)
        self._wait(lambda: self.printers.count("ipp") > before)
        for pid in self._senders("ipp"):
            processes.kill(pid)
        self._aim_at("")

    def _refuse_a_letter(self, _blow: Blow) -> None:
        """The service refuses a letter for good; its slip must not come out without it."""
        self._aim_at("printnode")
        # Letters and slips take turns there: of the first and the fourth document one is a letter, whoever begins.
        for kind, how in (("status", {"status": 413}), ("slow", {"seconds": 0.0})) * 2:
            self.printers.spoil("printnode", kind, times=1 if kind == "status" else 2, documents=True, **how)
        before = self.printers.count("printnode")
        self._burst("printnode", 3)
        self._wait(lambda: self.printers.count("printnode") >= before + 2, OUTAGE)
        # What was not struck stays: it would be missed only where the lane is held up.
        self._aimed_at = ""

    def _broker_forgets(self, _blow: Blow) -> None:
        """Wake-ups are lost after their commits: nobody takes them from the broker, and then it has none any more."""
        pushers = [pid for host in self.hosts.values() for pid in host.pids("pusher")]
        for pid in pushers:
            self.frozen.freeze(pid, WAIT)
        for lane in ("folder", "printnode", "ezeep", "ipp"):
            self._burst(lane, 1)
        self._rest(OUTAGE)
        self._wait(lambda: self.broker.waiting() >= 4, 2)
        self.broker.forget()
        self.frozen.release(*pushers)

    def _stop_the_database(self, _blow: Blow) -> None:
        self.cluster.stop_at_once()
        self._rest(OUTAGE / 4)
        self.cluster.start()

    def _kill_the_broker(self, _blow: Blow) -> None:
        self.broker.kill()
        self._rest(OUTAGE)
        self.broker.start()

    def _store_unwritable(self, _blow: Blow) -> None:
        """A file lies where the documents were: for root, taking rights away would change nothing."""
        (self.place.directory / "a-file").touch()
        point(self.place.documents, "a-file")
        self._later.append((time.monotonic() + OUTAGE, lambda: point(self.place.documents, self.place.store.name)))

    # --- tools ----------------------------------------------------------------------------------------------------

    def _pids(self, host: str, role: str) -> list[int]:
        """The processes of a role on a host; on the other one while that host's are being replaced."""
        return self.hosts[host].pids(role) or [pid for one in self.hosts.values() for pid in one.pids(role)]

    def _aim_at(self, lane: str) -> None:
        """Let nothing go wrong at a lane's service but what follows; or, without a lane, go on as before."""
        for name in {lane, self._aimed_at} - {""}:
            self.printers.fakes[name].clear_faults()
        self._aimed_at = lane

    def _burst(self, lane: str, count: int) -> None:
        self._bursts += 1
        (self.place.bursts / f"{lane}-{count}-{self._bursts}").touch()

    def _waiting(self, lane: str) -> int:
        query: LiteralString = (
            "SELECT count(*) FROM printing_printjob job JOIN printing_printer printer ON printer.id = job.printer_id "
            "WHERE job.state = 'pending' AND printer.name = %s"
        )
        return int(self.cluster.ask(query, lane)[0][0])

    def _token(self, lane: str) -> str:
        """Who holds a lane; empty where nobody does."""
        [(token,)] = self.cluster.ask(
            "SELECT coalesce(lease_token::text, '') FROM printing_printer WHERE name = %s", lane
        )
        return str(token)

    def _senders(self, lane: str) -> list[int]:
        workers = [pid for host in self.hosts.values() for pid in host.pids("worker")]
        return processes.talking_to(self.printers.port(lane), workers)

    def _rest(self, seconds: float) -> None:
        """Let the world go on for so long."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._tend()
            time.sleep(0.05)
        self._tend()

    def _wait(self, condition: Callable[[], Word], limit: float = WAIT) -> Word:
        """What the condition says once it is true, or in the end: the moment need not come."""
        found = [condition()]

        def holds() -> bool:
            self._tend()
            found.append(condition())
            return bool(found[-1])

        with suppress(LabError):
            wait_until(holds, "the moment", limit)
        return found[-1]

    def _tend(self) -> None:
        """End what is to end by now."""
        now = time.monotonic()
        self.frozen.thaw()
        for entry in [entry for entry in self._later if now >= entry[0]]:
            self._later.remove(entry)
            entry[1]()
