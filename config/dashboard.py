"""The first page of a Space: what waits, what failed, what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from printing.incidents.words import entries, with_what_they_are_about
from printing.models import Incident, PrinterConfiguration, PrintJob
from printing.services.workers import silence
from printing.states import JobState
from spaces.models import FeatureName, Role, Space
from spaces.scoping import EDITORS, has_feature, role_of

# Counting stops here: "more than 1,000" is all a person needs to know.
COUNT_LIMIT = 1_000
RECENT_JOBS = 8
PRINTERS_SHOWN = 12
# So many open incidents are looked at; all of them stand in their own list.
INCIDENTS_SHOWN = 200


@dataclass(frozen=True)
class Step:
    """Something to set up; ``link`` leads to where that is done, and is empty for whoever may not."""

    title: str
    text: str
    done: bool
    link: str = ""


def _capped_count(space: Space, state: JobState) -> str:
    found = PrintJob.objects.in_space(space).filter(state=state)[: COUNT_LIMIT + 1].count()
    return f"{COUNT_LIMIT:,}+" if found > COUNT_LIMIT else str(found)


def dashboard(request: HttpRequest, space: Space) -> dict[str, Any]:
    """What the page of a Space shows."""
    if not has_feature(request, FeatureName.PRINTING):
        return {"steps": _steps(request, space, []), "printing": False}
    configurations = list(
        PrinterConfiguration.objects.in_space(space)
        .kept()
        .select_related("printer__connection")
        .defer("printer__capabilities", "printer__connection__credentials")
        .order_by("-is_default", "name")
    )
    incidents = Incident.objects.in_space(space).filter(closed_at=None).order_by("-pk")
    jobs = PrintJob.objects.in_space(space).select_related("configuration", "printer").order_by("-pk")
    recent = list(jobs[:RECENT_JOBS])
    steps = _steps(request, space, configurations)
    return {
        "printing": True,
        "silence": silence(),
        "troubles": entries(with_what_they_are_about(incidents)[:INCIDENTS_SHOWN]),
        "waiting": _capped_count(space, JobState.PENDING),
        "failed": _capped_count(space, JobState.FAILED),
        "configurations": configurations[:PRINTERS_SHOWN],
        "paused": sum(1 for one in configurations if one.printer.paused_at),
        "more_configurations": len(configurations) > PRINTERS_SHOWN,
        "has_default": any(configuration.is_default for configuration in configurations),
        "recent": recent,
        "steps": [] if all(step.done for step in steps) else steps,
    }


def _steps(request: HttpRequest, space: Space, configurations: list[PrinterConfiguration]) -> list[Step]:
    """What is to be done until documents print by themselves, in this order."""
    printing = has_feature(request, FeatureName.PRINTING)
    owner, editor = role_of(request) == Role.OWNER, role_of(request) in EDITORS
    settings = reverse("admin:spaces_space_change", args=[space.pk]) if owner else ""
    add_printer = reverse("admin:printing_printerconfiguration_add") if editor and printing else ""
    steps = [
        Step(
            _("Activate Printing"),
            _("An owner of this Space activates the feature under Space settings."),
            printing,
            settings,
        ),
        Step(
            _("Connect a printer"),
            _("Choose a print service, connect, and pick the printer and its tray."),
            bool(configurations),
            add_printer,
        ),
    ]
    connectors = _connectors()
    if connectors:
        exists = apps.get_model("connectors", "Connector").objects.in_space(space).exists()
        text = _("Say which documents print when an order comes in.")
        steps.append(Step(_("Set up a connector"), text, exists, connectors if editor else ""))
    return steps


def _connectors() -> str:
    try:
        return reverse("admin:connectors_connector_changelist")
    except NoReverseMatch:
        return ""
