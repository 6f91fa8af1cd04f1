"""Printers and their configurations: connected, saved, made the default, resumed."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.db import transaction
from django.utils import timezone

from printing import accounts
from printing.constants import PRINT_JOB_RETENTION
from printing.models import Connection, Printer, PrinterConfiguration, PrintJob
from printing.provider_context import provider_for
from printing.providers import capabilities
from printing.providers.base import ColorMode, PaperSize, RemotePrinter, Sides, Target, gettext_noop
from printing.providers.errors import ConfigurationProblem, Reason
from printing.states import ConfigurationState, JobState
from printing.wake import wake_after_commit
from spaces.models import Space

NOT_LISTED = gettext_noop("The print service does not list this printer any more.")
# The fields of a printer that its provider's report fills.
REPORTED = ["capabilities", "capabilities_at", "online", "reported_detail", "health_at", "offline_since"]


def discover(provider: str, credentials: Mapping[str, str]) -> tuple[str, list[RemotePrinter]]:
    """Test a connection: the account's name and the printers behind it. Raises ProviderError."""
    service = provider_for(provider)
    for field in service.connection_fields:
        if field.required and not credentials.get(field.name):
            raise ConfigurationProblem(Reason.FIELD_REQUIRED, {"label": field.label}, field=field.name)
    return accounts.ask(service, credentials, lambda one, given: (one.describe(given), one.printers(given)))


def connect_printer(
    space: Space,
    provider: str,
    credentials: Mapping[str, str],
    remote: RemotePrinter,
    *,
    account: str = "",
    behind: Collection[str] = (),
) -> Printer:
    """The Space's row of a printer that the provider reported just now; there is one per device, so one lane.

    ``behind`` are the ids of all printers that were reported: those of them that the Space has use these credentials
    from now on, and what stopped for the old ones goes on.
    """
    with transaction.atomic():
        _lock(space)
        known = list(
            Printer.objects.in_space(space)
            .filter(provider=provider, remote_id__in={remote.id, *behind})
            .select_related("connection")
        )
        connection = _connection(space, provider, dict(credentials), account, known)
        printer = next((one for one in known if one.remote_id == remote.id), None)
        if printer is None:
            printer = Printer(space=space, provider=provider, remote_id=remote.id, name=remote.name[:200])
        former = {one.connection for one in known} - {connection}
        for one in known:
            one.connection = connection
            one.save(update_fields=["connection"])
            resume(one)
        printer.connection = connection
        remember(printer, remote)
        printer.save(update_fields=None if printer._state.adding else REPORTED)
        for one in former:
            _delete_unused(one)
    return printer


def _connection(
    space: Space, provider: str, credentials: dict[str, str], account: str, known: Collection[Printer]
) -> Connection:
    """The connection with these credentials: one that has them, one whose printers all stand behind them, a new one."""
    ids = {printer.pk for printer in known}
    there = Connection.objects.in_space(space).filter(provider=provider).prefetch_related("printers").order_by("pk")
    candidates = list(there)
    same = [one for one in candidates if one.credentials == credentials]
    # A connection without printers is about to be deleted.
    moved = [one for one in candidates if (own := {p.pk for p in one.printers.all()}) and own <= ids]
    connection: Connection = next(iter([*same, *moved]), None) or Connection(space=space, provider=provider)
    connection.credentials = credentials
    connection.name = account[:200]
    # A renewal under way would bring tokens of the old access: it finds its claim gone.
    connection.renewal_token = connection.renewal_expires_at = connection.reconnect_needed_at = None
    connection.check_reason, connection.check_params = "", {}
    connection.checked_at = connection.answered_at = timezone.now()
    connection.save()
    return connection


def _delete_unused(connection: Connection) -> None:
    if not connection.printers.exists():
        connection.delete()


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
    remotes = accounts.call(printer.connection, lambda provider, credentials: provider.printers(credentials))
    for remote in remotes:
        if remote.id == printer.remote_id:
            remember(printer, remote)
            printer.save(update_fields=REPORTED)
            return remote
    raise ConfigurationProblem(Reason.PRINTER_NOT_FOUND, {"printer": printer.name})


def remember(printer: Printer, remote: RemotePrinter | None) -> None:
    """Take over what a provider reports of a printer just now; None where it lists it no more. Saves nothing."""
    now = timezone.now()
    printer.health_at = now
    if remote is None:
        printer.online = False
        printer.reported_detail = NOT_LISTED
    else:
        printer.capabilities = capabilities.to_json(remote)
        printer.capabilities_at = now
        printer.online = remote.online
        printer.reported_detail = remote.detail[:500]
    printer.offline_since = (printer.offline_since or now) if printer.online is False else None


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
    PrinterConfiguration.objects.filter(substitute=configuration).update(substitute=None)
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
        _delete_unused(printer.connection)


def purge_deleted_configurations() -> int:
    """Delete for good what was deleted a retention time ago and has no jobs any more; returns how many."""
    due = PrinterConfiguration.objects.filter(
        state=ConfigurationState.DELETED, planned_purge_on__lte=timezone.localdate(), jobs=None
    ).select_related("space", "printer__connection")
    count = 0
    for configuration in due:
        delete_configuration(configuration)
        count += 1
    return count


@transaction.atomic
def resume(printer: Printer) -> None:
    """Let a paused lane go on, and try a lane that waits after failures at once."""
    Printer.objects.filter(pk=printer.pk).update(
        paused_at=None, pause_reason="", pause_params={}, failures=0, failing_since=None, next_try_at=None
    )
    wake_after_commit(printer.pk)
