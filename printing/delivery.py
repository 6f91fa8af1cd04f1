"""Delivering the jobs of one claimed lane, oldest first: claim, render, send, record.

The outcome of a job and the claim of the next share a commit; nothing is held open around the network.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass, field, replace
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F
from django.utils import timezone

from printing import accounts, inquiry
from printing.lane import Lane
from printing.models import PrintAttempt, Printer, PrintJob, StoredDocument
from printing.preparation import document_of, read_document
from printing.providers import capabilities
from printing.providers.base import Accepted, Credentials, Document, Provider, Target
from printing.providers.errors import (
    ConfigurationProblem,
    OutcomeUnknown,
    Permanent,
    ProviderError,
    Reason,
    Transient,
)
from printing.records import accept, close, fail_at_limit, fail_when_too_old, let_go, options_sent, record_late
from printing.states import ConfigurationState, JobState, Phase
from printing.substitution import move, takes_over
from printing.turns import in_turn, stays_behind
from printing.wake import wake_after_commit

logger = logging.getLogger(__name__)

# Seconds between two tries at a printer that says it is busy with the job before.
BUSY_WAIT = 0.5
# A document sent in the last moment of its time still needs one to come out.
SHORTEST_EXPIRY = timedelta(minutes=1)


@dataclass
class Delivery:
    """One attempt under way: the job, its attempt row, and in the end its result."""

    job: PrintJob
    attempt: PrintAttempt
    document: StoredDocument | None
    result: Accepted | ProviderError | None = field(default=None)

    @property
    def stops_lane(self) -> bool:
        """Whether the jobs behind this one have to wait: everything but a yes, and a no to this document alone."""
        return isinstance(self.result, ProviderError) and not isinstance(self.result, Permanent)


class Worker:
    """Delivers a lane's jobs until there are none, the printer fails, or ``until`` (monotonic seconds) is over."""

    def __init__(self, lane: Lane, until: float) -> None:
        self.lane = lane
        self.until = until
        self.finished: Delivery | None = None
        self.pause = threading.Event()  # never set: waiting on it is a wait that could be ended

    def run(self) -> None:
        self._recover()
        for job in in_turn(self.lane.printer.pk, self._time_is_over):
            if job.unresolved_since is not None and not self._ask(job):
                return
            if job.state != JobState.PENDING:
                continue
            delivery = self._begin(job)
            if delivery is None:
                if not self.lane.held():
                    return
                continue
            self._deliver(delivery)
            self.finished = delivery
            if delivery.stops_lane:
                self._flush()
                if not (isinstance(delivery.result, OutcomeUnknown) and self._asked_and_accepted(job)):
                    return
        self._flush()

    def _time_is_over(self) -> bool:
        return time.monotonic() >= self.until

    def _recover(self) -> None:
        """Close the attempts of a worker that died in this lane: only one holds it, so what is open is a dead one's."""
        for attempt in PrintAttempt.objects.filter(
            job__printer_id=self.lane.printer.pk, job__in_progress=True, outcome=""
        ).select_related("job"):
            sent = attempt.phase == Phase.SENDING
            error = OutcomeUnknown(Reason.WORKER_DIED) if sent else Transient(Reason.WORKER_STOPPED)
            with transaction.atomic():
                if close(attempt, error):
                    let_go(attempt, error)
            logger.warning("job %s: a worker died while %s", attempt.job.key, attempt.phase)

    def _begin(self, job: PrintJob) -> Delivery | None:
        """Record what came before and claim the job; None where it is no longer to be sent."""
        with transaction.atomic():
            self._record_finished()
            if fail_at_limit(job) or self._moved(job) or stays_behind(job):
                return None
            if fail_when_too_old(job, self.lane.printer):
                return None
            phase = Phase.PREPARING if job.document is None else Phase.SENDING
            claimed = (
                PrintJob.objects.filter(pk=job.pk, state=JobState.PENDING, in_progress=False)
                # The fence: a worker that was stopped for longer than its lease must not send.
                .filter(Exists(Printer.objects.filter(pk=self.lane.printer.pk, lease_token=self.lane.token)))
                .update(attempts=F("attempts") + 1, in_progress=True)
            )
            if claimed != 1:
                return None
            job.attempts += 1
            now = timezone.now()
            attempt = PrintAttempt.objects.create(
                job=job,
                number=job.attempts,
                phase=phase,
                printer_name=self.lane.printer.name,
                provider=self.lane.printer.provider,
                options=options_sent(job, self.lane.printer),
                started_at=now,
                sending_at=now if phase == Phase.SENDING else None,
            )
        return Delivery(job, attempt, job.document)

    def _moved(self, job: PrintJob) -> bool:
        """Send a job to the lane where it belongs: its printer was changed, or another one takes over."""
        assert job.configuration is not None
        # A service may take documents for a printer that is offline, and print them when it comes back.
        substitute = takes_over(job.configuration, self.lane.printer.offline_since)
        if substitute is not None and move(PrintJob.objects.filter(pk=job.pk), substitute):
            return True
        device = job.configuration.printer_id
        if device == self.lane.printer.pk:
            return False
        PrintJob.objects.filter(pk=job.pk, state=JobState.PENDING, in_progress=False).update(printer_id=device)
        wake_after_commit(device)
        return True

    def _deliver(self, delivery: Delivery) -> None:
        """Prepare and send; whatever comes of it is the delivery's result."""
        try:
            target = self._checked_target(delivery.job)
            content = self._content(delivery)
            delivery.result = self._submit(Document(content, delivery.job.title), target, delivery.job.submission_key)
        except ProviderError as error:
            delivery.result = error
            logger.warning("job %s: %s", delivery.job.key, error)

    def _checked_target(self, job: PrintJob) -> Target:
        configuration = job.configuration
        assert configuration is not None
        if configuration.state != ConfigurationState.ACTIVE:
            raise Permanent(Reason.CONFIGURATION_INACTIVE, {"configuration": configuration.name})
        target = configuration.target(job.copies, self.lane.printer)
        capabilities.check(target, self.lane.printer.remote)
        left = job.due_since + configuration.max_age - timezone.now()
        return replace(target, expires_after=max(left, SHORTEST_EXPIRY))

    def _content(self, delivery: Delivery) -> bytes:
        """The bytes to send; a document made just now is stored, and the attempt marked as sending, before that."""
        if delivery.document is not None:
            return read_document(delivery.document)
        delivery.document, content = document_of(delivery.job)
        with transaction.atomic():
            PrintJob.objects.filter(pk=delivery.job.pk).update(document=delivery.document)
            marked = PrintAttempt.objects.filter(pk=delivery.attempt.pk, outcome="").update(
                phase=Phase.SENDING, sending_at=timezone.now()
            )
        if marked != 1:
            raise Transient(Reason.WORKER_STOPPED, detail="the lane was taken over while the document was made")
        return content

    def _submit(self, document: Document, target: Target, key: str) -> Accepted:
        def send(provider: Provider, credentials: Credentials) -> Accepted:
            return self._send(provider, document, replace(target, credentials=credentials), key)

        return accounts.call(self.lane.printer.connection, send)

    def _send(self, provider: Provider, document: Document, target: Target, key: str) -> Accepted:
        if len(document.content) > provider.max_document_bytes:
            raise Permanent(
                Reason.DOCUMENT_TOO_LARGE,
                {
                    "size": f"{len(document.content) / 1e6:.1f}",
                    "limit": f"{provider.max_document_bytes / 1e6:.0f}",
                },
            )
        while True:
            try:
                return provider.submit(document, target, key)
            except Transient as error:
                # Many printers take one job at a time: busy with ours is the normal state between two of them.
                if error.reason is not Reason.BUSY or self._time_is_over():
                    raise
                self.pause.wait(BUSY_WAIT)

    def _flush(self) -> None:
        if self.finished is not None:
            with transaction.atomic():
                self._record_finished()

    def _record_finished(self) -> None:
        """Write down how the job before ended; call it in a transaction."""
        delivery, self.finished = self.finished, None
        if delivery is None:
            return
        result = delivery.result
        assert result is not None
        if not close(delivery.attempt, result):
            record_late(delivery.attempt, result)
            return
        if isinstance(result, Accepted):
            accept(delivery.attempt, result)
            self.lane.succeeded()
            return
        let_go(delivery.attempt, result)
        if isinstance(result, ConfigurationProblem):
            self.lane.pause(result)
        elif isinstance(result, (Transient, OutcomeUnknown)):
            self.lane.back_off(result.retry_after)
            if isinstance(result, Transient):
                self.lane.count_for_waiting(delivery.job, result)

    def _asked_and_accepted(self, job: PrintJob) -> bool:
        """Ask at once after an unknown outcome; a lost answer is found here and the lane goes on."""
        job.refresh_from_db()
        if job.state != JobState.PENDING:
            return False
        resolved = self._ask(job)
        return resolved and PrintJob.objects.filter(pk=job.pk, state=JobState.SUCCESSFUL).exists()

    def _ask(self, job: PrintJob) -> bool:
        self._flush()
        return inquiry.resolve(self.lane, job)
