"""The reader: collects the evidence when all is over, with plain SQL, from journals, from disk and from e-mails.

It imports nothing of the product, so that it cannot share its mistakes.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.torture import journal
from tests.torture.cluster import Cluster
from tests.torture.ledger import Evidence, Job, Sold

JOBS = """
SELECT job.id, replace(job.key::text, '-', ''), job.order_number, coalesce(printer.name, ''), job.title, job.state,
       job.round, job.follows, job.reprint_of IS NOT NULL, job.possible_duplicate, coalesce(document.sha256, ''),
       EXISTS (SELECT 1 FROM printing_printattempt WHERE job_id = job.id AND outcome = 'unknown')
FROM printing_printjob job
LEFT JOIN printing_printer printer ON printer.id = job.printer_id
LEFT JOIN printing_storeddocument document ON document.id = job.document_id
ORDER BY job.id
"""
UNDER_WAY = """
SELECT format('attempt %s of job %s has no end', number, job_id) FROM printing_printattempt WHERE outcome = ''
UNION ALL SELECT format('the lane of printer %s is still held', name) FROM printing_printer
          WHERE lease_token IS NOT NULL
UNION ALL SELECT format('job %s is still being worked on', id) FROM printing_printjob WHERE in_progress
"""
# A merchant reschedules what has failed, so that there is nothing of either once all is well.
NOT_DONE = "SELECT count(*) FROM printing_printjob WHERE state IN ('pending', 'failed')"
DOCUMENTS = "SELECT file, sha256 FROM printing_storeddocument"
INCIDENTS = """
SELECT incident.kind, coalesce(printer.name, ''), coalesce(job.title, '')
FROM printing_incident incident
LEFT JOIN printing_printer printer ON printer.id = incident.printer_id
LEFT JOIN printing_printjob job ON job.id = incident.job_id
"""
# How e-mails speak of a trouble that begins; documents that are told together stand below, a line each.
_PAUSED = re.compile(r"^The connection of “(.+)” has to be put right")
_UNREACHABLE = re.compile(r"^“(.+)” (?:cannot be reached|is offline)$")
_ONE = re.compile(r"^“(.+?)” was not printed")
_PAPER = re.compile(r"^“.+?” reports a problem with “(.+)”$")
_LISTED = re.compile(r"^- (Invoice .+)$")
_ENDS = "Well again:"
KINDS = {
    "printer_paused": "printer {0} paused",
    "printer_down": "printer {0} out of reach",
    "printer_offline": "printer {0} out of reach",
    "job_failed": "document {1} not printed",
    "paper_problem": "document {1} not printed",
}


def at_rest(cluster: Cluster) -> bool:
    """Whether nothing is under way or waits."""
    return not under_way(cluster) and cluster.ask(NOT_DONE)[0][0] == 0


def under_way(cluster: Cluster) -> list[str]:
    """What has begun and not ended, in sentences; of jobs that merely wait the ledger learns from their states."""
    return [str(sentence) for (sentence,) in cluster.ask(UNDER_WAY)]


def jobs(cluster: Cluster) -> list[Job]:
    """Every print job there is."""
    return [Job(*row) for row in cluster.ask(JOBS)]


def sold(directory: Path) -> list[Sold]:
    """Every order, as its writer saw it."""
    orders: dict[str, dict[str, Any]] = {}
    for entry in journal.read(directory / "writers"):
        if entry["what"] == "begins":
            orders[entry["order"]] = {**entry, "what": "unknown"}
        else:
            orders[entry["order"]].update(entry)
    return [Sold(one["order"], one["documents"], one["what"], one["began"], one["at"]) for one in orders.values()]


def read_merchant(directory: Path, evidence: Evidence) -> None:
    """What the merchant canceled and printed again."""
    for entry in journal.read(directory / "merchant"):
        if entry["what"] == "cancels":
            evidence.canceled.add(entry["key"])
        elif entry["what"] == "reprinted":
            evidence.reprinted |= dict.fromkeys(entry["keys"], (entry["began"], entry["at"]))


def orphans(cluster: Cluster, store: Path) -> Iterable[str]:
    """Files without a row, rows without a file, and files that are not what their row says."""
    rows = {str(name): str(sha256) for name, sha256 in cluster.ask(DOCUMENTS)}
    files = {str(path.relative_to(store)): path for path in store.rglob("*") if path.is_file()}
    for name in sorted(files.keys() - rows.keys()):
        yield f"the file {name} in the document store has no row"
    for name in sorted(rows.keys() - files.keys()):
        yield f"the row of the document {name} has no file"
    for name in sorted(rows.keys() & files.keys()):
        if hashlib.sha256(files[name].read_bytes()).hexdigest() != rows[name]:
            yield f"the file {name} in the document store is not what its row says"


def to_tell(cluster: Cluster) -> Counter[str]:
    """How often there was each trouble, by the rows of incidents."""
    return Counter(KINDS[kind].format(printer, title) for kind, printer, title in cluster.ask(INCIDENTS))


def told(texts: Iterable[str]) -> Counter[str]:
    """How often each trouble was told, by the texts of the e-mails."""
    found: Counter[str] = Counter()
    for text in texts:
        found.update(_told_by(text))
    return found


def _told_by(text: str) -> Iterable[str]:
    patterns = {
        _PAUSED: "printer_paused",
        _UNREACHABLE: "printer_down",
        _PAPER: "job_failed",
        _ONE: "job_failed",
        _LISTED: "job_failed",
    }
    for line in text.partition(_ENDS)[0].splitlines():
        for pattern, kind in patterns.items():
            if said := pattern.match(line):
                yield KINDS[kind].format(said.group(1), said.group(1))
                break
