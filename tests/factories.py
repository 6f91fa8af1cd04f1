"""Rows for tests: every factory makes a row that could be a real one, and belongs to one Space throughout."""

from __future__ import annotations

from typing import Any

import factory as factory_boy
from django.contrib.auth import get_user_model
from django.utils import timezone
from factory.django import DjangoModelFactory

from printing.constants import PRINT_JOB_RETENTION
from printing.models import Connection, PrintAttempt, Printer, PrinterConfiguration, PrintJob, StoredDocument
from printing.providers import capabilities
from printing.providers.base import RemotePrinter
from printing.providers.folder import PAPERS, TRAYS
from printing.services import store_document
from printing.states import ENDED, JobState, Outcome, Phase
from spaces.models import Feature, FeatureName, Member, Role, Space
from tests.pdfs import minimal_pdf

PASSWORD = "correct-horse-battery"

# Its own types describe the factories; what tests hold in their hands are the rows they make.
factory: Any = factory_boy
RowFactory: Any = DjangoModelFactory


class SpaceFactory(RowFactory):  # type: ignore[misc]
    """A Space without features; ``SpaceFactory(features=[FeatureName.PRINTING])`` prints."""

    class Meta:
        model = Space
        skip_postgeneration_save = True

    name = factory.Sequence(lambda number: f"Space {number}")
    slug = factory.Sequence(lambda number: f"space-{number}")
    company = factory.SelfAttribute("name")
    street = "Hauptstraße 1"
    postal_code = "10115"
    city = "Berlin"
    time_zone = "Europe/Berlin"

    @factory.post_generation
    def features(self, create: bool, extracted: list[FeatureName] | None, **_kwargs: Any) -> None:
        if create:
            for name in extracted or []:
                Feature.objects.create(space=self, name=name)


class FeatureFactory(RowFactory):  # type: ignore[misc]
    class Meta:
        model = Feature
        django_get_or_create = ("space", "name")

    space = factory.SubFactory(SpaceFactory)
    name = FeatureName.PRINTING


class UserFactory(RowFactory):  # type: ignore[misc]
    """A person; their password is ``PASSWORD``."""

    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"person-{number}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.com")
    # The admin's own permissions come from the role in a Space; staff is asked for by Django's log-in form alone.
    is_staff = True

    @classmethod
    def _create(cls, model_class: Any, *args: Any, **kwargs: Any) -> Any:
        return model_class.objects.create_user(*args, **{"password": PASSWORD, **kwargs})


class MemberFactory(RowFactory):  # type: ignore[misc]
    class Meta:
        model = Member

    space = factory.SubFactory(SpaceFactory)
    user = factory.SubFactory(UserFactory)
    role = Role.OPERATOR


def simulated(name: str = "printed") -> RemotePrinter:
    """What the simulated printer reports of itself."""
    return RemotePrinter(
        id=name, name=name, online=True, trays=TRAYS, papers=PAPERS, duplex=True, color=True, max_copies=99
    )


class ConnectionFactory(RowFactory):  # type: ignore[misc]
    """How a Space reaches a simulated printer."""

    class Meta:
        model = Connection

    space = factory.SubFactory(SpaceFactory)
    provider = "folder"
    credentials = factory.LazyFunction(lambda: {"directory": "printed"})


class PrinterFactory(RowFactory):  # type: ignore[misc]
    """A simulated printer, connected."""

    class Meta:
        model = Printer

    space = factory.SubFactory(SpaceFactory)
    provider = "folder"
    remote_id = factory.Sequence(lambda number: f"printed-{number}")
    name = factory.SelfAttribute("remote_id")
    connection = factory.SubFactory(
        ConnectionFactory,
        space=factory.SelfAttribute("..space"),
        provider=factory.SelfAttribute("..provider"),
        credentials=factory.LazyAttribute(lambda row: {"directory": row.factory_parent.remote_id}),
    )
    capabilities = factory.LazyAttribute(lambda printer: capabilities.to_json(simulated(printer.remote_id)))
    capabilities_at = factory.LazyFunction(timezone.now)
    online = True


class PrinterConfigurationFactory(RowFactory):  # type: ignore[misc]
    """How to print on a printer of the same Space; not the default unless asked for."""

    class Meta:
        model = PrinterConfiguration

    space = factory.SubFactory(SpaceFactory)
    printer = factory.SubFactory(PrinterFactory, space=factory.SelfAttribute("..space"))
    name = factory.Sequence(lambda number: f"Printer {number}")


class StoredDocumentFactory(RowFactory):  # type: ignore[misc]
    """A stored PDF with its file; ``content`` is its bytes."""

    class Meta:
        model = StoredDocument

    space = factory.SubFactory(SpaceFactory)

    @classmethod
    def _create(cls, _model: Any, *_args: Any, **kwargs: Any) -> StoredDocument:
        return store_document(kwargs["space"], kwargs.get("content") or minimal_pdf())


class PrintJobFactory(RowFactory):  # type: ignore[misc]
    """A job that waits, on a printer of its Space, with its document. ``state=JobState.FAILED`` has ended."""

    class Meta:
        model = PrintJob

    space = factory.SubFactory(SpaceFactory)
    configuration = factory.SubFactory(PrinterConfigurationFactory, space=factory.SelfAttribute("..space"))
    printer = factory.LazyAttribute(lambda job: job.configuration.printer if job.configuration else None)
    document = factory.SubFactory(StoredDocumentFactory, space=factory.SelfAttribute("..space"))
    document_kind = "file"
    title = factory.Sequence(lambda number: f"Invoice {number}")
    state = JobState.PENDING
    finished_at = factory.LazyAttribute(lambda job: timezone.now() if job.state in ENDED else None)
    planned_purge_at = factory.LazyAttribute(
        lambda job: job.finished_at + PRINT_JOB_RETENTION if job.finished_at else None
    )
    accepted_at = factory.LazyAttribute(lambda job: job.finished_at if job.state == JobState.SUCCESSFUL else None)


class PrintAttemptFactory(RowFactory):  # type: ignore[misc]
    """An attempt that was accepted."""

    class Meta:
        model = PrintAttempt

    job = factory.SubFactory(PrintJobFactory)
    number = factory.Sequence(lambda number: number + 1)
    phase = Phase.DONE
    outcome = Outcome.ACCEPTED
    printer_name = factory.LazyAttribute(lambda attempt: attempt.job.printer.name)
    provider = factory.LazyAttribute(lambda attempt: attempt.job.printer.provider)
    started_at = factory.LazyFunction(timezone.now)
    sending_at = factory.SelfAttribute("started_at")
    finished_at = factory.SelfAttribute("started_at")
