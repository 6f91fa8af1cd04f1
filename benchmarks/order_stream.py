"""Orders that come in at an even pace, each with a print job in its transaction: when did each commit?

``python -m benchmarks.order_stream RATE SECONDS CONFIGURATION…`` prints the jobs' keys with their seconds since 1970.
"""

from __future__ import annotations

import logging
import sys
import time

import django
from django.db import transaction

from benchmarks.processes import await_start, tell


def main() -> None:
    rate, seconds = float(sys.argv[1]), float(sys.argv[2])
    django.setup()
    logging.disable(logging.INFO)
    from benchmarks.bodies import pdf
    from benchmarks.rows import wait_accepted
    from printing.models import PrinterConfiguration
    from printing.services import enqueue, store_document

    configurations = list(PrinterConfiguration.objects.filter(pk__in=sys.argv[3:]).select_related("space"))
    space = configurations[0].space
    document = store_document(space, pdf(0))
    committed: dict[str, float] = {}

    def order(number: int) -> str:
        with transaction.atomic():
            moment: list[float] = []
            # Runs before the wake-up does, and after the commit.
            transaction.on_commit(lambda: moment.append(time.time()))
            job = enqueue(
                space=space,
                document_kind="file",
                title=f"Letter {number}",
                configuration=configurations[number % len(configurations)],
                document=document,
            )
            assert job is not None
        committed[job.submission_key] = moment[0]
        return job.submission_key

    # The cluster may be starting still: these are not counted.
    warm = [order(number) for number in range(2 * len(configurations))]
    wait_accepted(len(warm))
    committed.clear()
    await_start()
    begin = time.monotonic()
    for number in range(int(rate * seconds)):
        time.sleep(max(0.0, begin + number / rate - time.monotonic()))
        order(number)
    wait_accepted(len(warm) + len(committed))
    tell(committed)


if __name__ == "__main__":
    main()
