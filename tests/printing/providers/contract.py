"""What every provider has to do, whatever it talks to: one suite, run against each.

A provider's own test module subclasses :class:`ProviderContract` and gives it a ``site``: the provider, connected to a
server that remembers what it printed.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import ClassVar
from uuid import uuid4

import pytest

from printing.providers import capabilities
from printing.providers.base import (
    Accepted,
    CannotTell,
    Credentials,
    Document,
    NotFound,
    PaperState,
    Progress,
    Provider,
    Sides,
    Target,
)
from printing.providers.errors import ProviderError, Reason, Transient
from tests.lab.processes import wait_until

PDF = b"%PDF-1.7\n" + bytes(range(256)) * 200 + b"\n%%EOF\n"


@dataclass(frozen=True)
class Printed:
    """A document as the far end saw it. None where that end does not say."""

    content: bytes
    title: str
    copies: int | None = None
    tray: str | None = None
    sides: str | None = None


@dataclass(frozen=True)
class Site:
    """A provider and the far end it is connected to. ``unreachable`` is the same connection with nobody at its end."""

    provider: Provider
    target: Target
    printed: Callable[[], list[Printed]]
    unreachable: Credentials
    tray: str = ""

    def send(
        self, title: str = "Invoice 2026-0001", key: str = "", content: bytes = PDF, **options: object
    ) -> Accepted:
        """Submit as a lane does: again and again while the printer is busy with the job before."""
        target = replace(self.target, **options)  # type: ignore[arg-type]
        accepted: list[Accepted] = []

        def taken() -> bool:
            try:
                accepted.append(self.provider.submit(Document(content, title), target, key or new_key()))
            except Transient as error:
                if error.reason is not Reason.BUSY:
                    raise
            return bool(accepted)

        wait_until(taken, "the printer takes the document")
        return accepted[0]

    def wait_for(self, title: str) -> Printed:
        """The document of that title, once it is printed."""

        def found() -> list[Printed]:
            return [printed for printed in self.printed() if title in printed.title]

        wait_until(lambda: bool(found()), f"{title!r} is printed")
        return found()[0]

    def wait_until_final(self, remote_id: str) -> Progress:
        """The last word on a job."""
        wait_until(lambda: self.provider.progress(self.target, remote_id).final, "the job comes to its end")
        return self.provider.progress(self.target, remote_id)


def new_key() -> str:
    """A key as jobs have them."""
    return uuid4().hex


class ProviderContract:
    """Subclass it, and define the fixture ``site``.

    ``can_tell`` is False for a service that cannot be asked for a document by its key: then it has to say so.
    """

    can_tell: ClassVar[bool] = True

    def assert_found(self, site: Site, key: str, since: datetime) -> None:
        """The service knows the document that was sent under this key, or says that it cannot tell."""
        found = site.provider.find(site.target, key, since)
        assert isinstance(found, Accepted if self.can_tell else CannotTell)

    def assert_not_found(self, site: Site, key: str) -> None:
        """The service knows no document of this key, or says that it cannot tell: never that it is there."""
        found = site.provider.find(site.target, key, datetime.now(UTC))
        assert isinstance(found, NotFound if self.can_tell else CannotTell)

    def test_it_has_a_key_and_a_name(self, site: Site) -> None:
        assert site.provider.key
        assert site.provider.label

    def test_the_fields_of_its_form_have_labels_and_names_of_their_own(self, site: Site) -> None:
        fields = site.provider.connection_fields
        assert all(field.label for field in fields)
        assert len({field.name for field in fields}) == len(fields)
        assert all(field.secret for field in fields if "password" in field.name or "key" in field.name)

    def test_the_connection_test_names_what_it_found(self, site: Site) -> None:
        assert site.provider.describe(site.target.credentials)

    def test_the_printer_of_the_target_is_among_the_printers(self, site: Site) -> None:
        found = {printer.id: printer for printer in site.provider.printers(site.target.credentials)}
        assert site.target.printer_id in found
        assert found[site.target.printer_id].name

    def test_what_a_printer_can_do_survives_storage(self, site: Site) -> None:
        for printer in site.provider.printers(site.target.credentials):
            assert capabilities.from_json(capabilities.to_json(printer)) == printer

    def test_the_tray_of_the_target_is_one_that_is_reported(self, site: Site) -> None:
        [printer] = [p for p in site.provider.printers(site.target.credentials) if p.id == site.target.printer_id]
        capabilities.check(replace(site.target, tray=site.tray), printer)

    def test_a_document_arrives_byte_for_byte(self, site: Site) -> None:
        site.send("Byte for byte")
        assert site.wait_for("Byte for byte").content == PDF

    def test_the_same_bytes_sent_twice_are_printed_twice(self, site: Site) -> None:
        site.send("Twice")
        site.send("Twice")
        wait_until(lambda: len([p for p in site.printed() if "Twice" in p.title]) == 2, "both are printed")

    def test_tray_copies_and_sides_arrive_as_configured(self, site: Site) -> None:
        site.send("With options", tray=site.tray, copies=2, sides=Sides.LONG_EDGE)
        printed = site.wait_for("With options")
        assert printed.copies in (2, None)
        assert printed.tray in (site.tray, None)
        assert printed.sides in ("two-sided-long-edge", None)

    def test_a_title_may_be_as_long_and_as_foreign_as_it_likes(self, site: Site) -> None:
        key = new_key()
        site.send("Mahnung für „Zürich & Söhne“ – \x07 наш 日本 " * 20, key=key)
        self.assert_found(site, key, datetime.now(UTC))

    def test_a_sent_document_is_found_by_its_key(self, site: Site) -> None:
        since, key = datetime.now(UTC), new_key()
        site.send("To be found", key=key)
        self.assert_found(site, key, since)

    def test_what_was_found_can_be_followed_as_if_the_answer_had_come(self, site: Site) -> None:
        since, key = datetime.now(UTC), new_key()
        site.send("Followed", key=key)
        found = site.provider.find(site.target, key, since)
        if not self.can_tell:
            assert isinstance(found, CannotTell)
            return
        assert isinstance(found, Accepted)
        assert site.wait_until_final(found.remote_id).paper is PaperState.PRINTED

    def test_a_key_that_was_never_sent_is_not_found(self, site: Site) -> None:
        self.assert_not_found(site, new_key())

    def test_a_key_is_not_found_inside_another(self, site: Site) -> None:
        key = new_key()
        site.send("Longer key", key=f"{key}-1")
        self.assert_not_found(site, key)

    def test_an_accepted_job_comes_to_be_printed(self, site: Site) -> None:
        accepted = site.send("Printed in the end")
        # A detail may say how much of it the provider sees.
        assert site.wait_until_final(accepted.remote_id).paper is PaperState.PRINTED

    def test_a_printed_job_cannot_be_withdrawn(self, site: Site) -> None:
        accepted = site.send("Too late")
        site.wait_until_final(accepted.remote_id)
        assert site.provider.cancel(site.target, accepted.remote_id) is False

    @pytest.mark.parametrize("remote_id", ["", "999999;;none", "../../etc/passwd", "no such job"])
    def test_of_a_job_it_does_not_know_it_tells_nothing(self, site: Site, remote_id: str) -> None:
        progress = site.provider.progress(site.target, remote_id)
        assert (progress.paper, progress.final) == (PaperState.UNKNOWN, True)
        assert site.provider.cancel(site.target, remote_id) is False

    def test_nobody_at_the_other_end_is_a_transient_failure(self, site: Site) -> None:
        gone = replace(site.target, credentials=site.unreachable)
        calls: list[Callable[[], object]] = [
            lambda: site.provider.describe(site.unreachable),
            lambda: site.provider.submit(Document(PDF, "Nobody"), gone, new_key()),
        ]
        if self.can_tell:
            calls.append(lambda: site.provider.find(gone, new_key(), datetime.now(UTC)))
        for call in calls:
            with pytest.raises(Transient):
                call()

    def test_an_empty_form_raises_nothing_but_its_own_errors(self, site: Site) -> None:
        with suppress(ProviderError):
            site.provider.describe({})
