"""Printers and their configurations: connected, saved, made the default, resumed."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from printing.constants import PRINT_JOB_RETENTION
from printing.models import Printer, PrinterConfiguration, PrintJob
from printing.provider_context import provider_for
from printing.providers import capabilities
from printing.providers.base import ColorMode, PaperSize, RemotePrinter, Sides, Target
from printing.providers.errors import ConfigurationProblem, Reason
from printing.states import ConfigurationState, JobState
from printing.wake import wake_after_commit
from spaces.models import Space


def discover(provider: str, credentials: Mapping[str, str]) -> tuple[str, list[RemotePrinter]]:
    """Test a connection: the account's name and the printers behind it. Raises ProviderError."""
    service = provider_for(provider)
    for field in service.connection_fields:
        if field.required and not credentials.get(field.name):
            raise ConfigurationProblem(Reason.FIELD_REQUIRED, {"label": field.label}, field=field.name)
    return service.describe(credentials), service.printers(credentials)


def connect_printer(space: Space, provider: str, credentials: Mapping[str, str], remote: RemotePrinter) -> Printer:
    """The Space's row of a printer that the provider reported just now; there is one per device, so one lane.

    A new key for a device that is there replaces the old one and lifts its pause.
    """
    with transaction.atomic():
        _lock(space)
        printer, created = Printer.objects.get_or_create(
            space=space, provider=provider, remote_id=remote.id, defaults={"name": remote.name[:200]}
        )
        printer.credentials = dict(credentials)
        _remember(printer, remote)
        printer.save()
        if not created:
            resume(printer)
    return printer


def check_options(remote: RemotePrinter, *, tray: str, paper: str, sides: str, color: str, copies: int) -> None:
    """Refuse what the printer does not report to have. Raises Permanent with ``field`` naming the option."""
    papers = {one.id: one for one in remote.papers}
    target = Target(
        credentials={},
        printer_id=remote.id,
        tray=tray,
        paper=papers.get(paper, PaperSize(id=paper, name=paper)) if paper else None,
        sides=Sides(sides),
        color=ColorMode(color),
        copies=copies,
    )
    capabilities.check(target, remote)


def refresh_printer(printer: Printer) -> RemotePrinter:
    """Ask the provider what the printer can do now, and remember it. Raises ProviderError."""
    _account, remotes = discover(printer.provider, printer.credentials)
    for remote in remotes:
        if remote.id == printer.remote_id:
            _remember(printer, remote)
            printer.save(update_fields=["capabilities", "capabilities_at", "online", "reported_detail"])
            return remote
    raise ConfigurationProblem(Reason.PRINTER_NOT_FOUND, {"printer": printer.name})


def _remember(printer: Printer, remote: RemotePrinter) -> None:
    printer.capabilities = capabilities.to_json(remote)
    printer.capabilities_at = timezone.now()
    printer.online = remote.online
    printer.reported_detail = remote.detail[:500]


def _lock(space: Space) -> None:
    """Let one at a time change a Space's printers: two first printers must not both become the default."""
    Space.objects.select_for_update().get(pk=space.pk)


@transaction.atomic
def save_configuration(configuration: PrinterConfiguration, *, default: bool) -> PrinterConfiguration:
    """Save a printer configuration. The first active one becomes the default; a new default replaces the old one.

    Clearing the flag of the default leaves the Space without one. Jobs that wait go with the configuration when its
    printer changes.
    """
    _lock(configuration.space)
    others = PrinterConfiguration.objects.in_space(configuration.space).exclude(pk=configuration.pk)
    first = configuration._state.adding and not others.kept().exists()
    active = configuration.state == ConfigurationState.ACTIVE
    configuration.is_default = active and (default or first)
    if configuration.is_default:
        others.filter(is_default=True).update(is_default=False)
    if not configuration._state.adding:
        configuration.version += 1
        PrintJob.objects.filter(configuration=configuration, state=JobState.PENDING, in_progress=False).update(
            printer_id=configuration.printer_id
        )
        wake_after_commit(configuration.printer_id)
    configuration.save()
    return configuration


@transaction.atomic
def delete_configuration(configuration: PrinterConfiguration) -> None:
    """Take a printer out of the Space. Its jobs keep naming it, so while there are any it stays out of sight.

    The name is free at once. The device goes with its last configuration and job, and its credentials with it.
    """
    _lock(configuration.space)
    printer = configuration.printer
    if configuration.jobs.exists():
        configuration.state = ConfigurationState.DELETED
        configuration.is_default = False
        configuration.planned_purge_on = timezone.localdate() + PRINT_JOB_RETENTION
        configuration.version += 1
        configuration.save()
        # A job that waits learns from its lane that its printer is gone, and says so.
        wake_after_commit(printer.pk)
        return
    configuration.delete()
    if not printer.configurations.exists() and not printer.jobs.exists():
        printer.delete()


def purge_deleted_configurations() -> int:
    """Delete for good what was deleted a retention time ago and has no jobs any more; returns how many."""
    due = PrinterConfiguration.objects.filter(
        state=ConfigurationState.DELETED, planned_purge_on__lte=timezone.localdate(), jobs=None
    ).select_related("space", "printer")
    count = 0
    for configuration in due:
        delete_configuration(configuration)
        count += 1
    return count


@transaction.atomic
def resume(printer: Printer) -> None:
    """Let a paused lane go on, and try a lane that waits after failures at once."""
    Printer.objects.filter(pk=printer.pk).update(
        paused_at=None, pause_reason="", pause_params={}, failures=0, next_try_at=None
    )
    wake_after_commit(printer.pk)
