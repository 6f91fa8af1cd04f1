"""The form of a printer says how old a document may be, and which printer takes over: only one that can."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from printing.models import PrinterConfiguration
from printing.states import ConfigurationState
from spaces.models import Space
from tests.conftest import Stranger
from tests.factories import PrinterConfigurationFactory
from tests.printing.admin.test_connecting_a_printer import FORM, PRINTERS

pytestmark = pytest.mark.django_db


def save(client: Client, configuration: PrinterConfiguration, **fields: str) -> str:
    data = {**FORM, "name": configuration.name, "state": "active", "default": "on", **fields}
    return client.post(f"{PRINTERS}{configuration.pk}/change/", data, follow=True).content.decode()


def offered(client: Client, configuration: PrinterConfiguration) -> list[str]:
    html = client.get(f"{PRINTERS}{configuration.pk}/change/").content.decode()
    select = html.partition('name="substitute"')[2].partition("</select>")[0]
    return [name.strip() for name in re.findall(r"<option[^>]*>([^<]*)</option>", select)][1:]


@pytest.fixture
def others(space: Space, configuration: PrinterConfiguration, stranger: Stranger) -> dict[str, PrinterConfiguration]:
    """Every printer that might be named."""
    make: Any = PrinterConfigurationFactory
    return {
        "spare": make(space=space, name="Ersatz"),
        "itself": configuration,
        "tray": make(space=space, name="Lager, Fach 2", printer=configuration.printer),
        "inactive": make(space=space, name="Aus", state=ConfigurationState.INACTIVE),
        "deleted": make(space=space, name="Weg", state=ConfigurationState.DELETED),
        "stranger": stranger.configuration,
    }


def test_only_other_devices_of_the_space_that_are_in_use_are_offered(
    configuration: PrinterConfiguration, others: dict[str, PrinterConfiguration], operator_client: Client
) -> None:
    assert offered(operator_client, configuration) == ["Ersatz"]


@pytest.mark.parametrize("name", ["itself", "tray", "inactive", "deleted", "stranger"])
def test_others_are_refused_and_nothing_is_saved(
    configuration: PrinterConfiguration, others: dict[str, PrinterConfiguration], operator_client: Client, name: str
) -> None:
    html = save(operator_client, configuration, substitute=str(others[name].pk), max_age_hours="7")
    assert "Select a valid choice" in html
    configuration.refresh_from_db()
    assert (configuration.substitute, configuration.max_age_hours) == (None, 24)


def test_a_chosen_one_is_kept_and_still_shown_when_it_is_switched_off(
    configuration: PrinterConfiguration, others: dict[str, PrinterConfiguration], operator_client: Client
) -> None:
    save(operator_client, configuration, substitute=str(others["spare"].pk), substitute_after_minutes="5")
    configuration.refresh_from_db()
    assert (configuration.substitute, configuration.substitute_after_minutes) == (others["spare"], 5)
    PrinterConfiguration.objects.filter(pk=others["spare"].pk).update(state=ConfigurationState.INACTIVE)
    assert offered(operator_client, configuration) == ["Ersatz"]


@pytest.mark.parametrize(("hours", "saved"), [("1", True), ("336", True), ("0", False), ("337", False), ("", False)])
def test_the_age_lies_between_an_hour_and_two_weeks(
    configuration: PrinterConfiguration, operator_client: Client, hours: str, saved: bool
) -> None:
    save(operator_client, configuration, max_age_hours=hours)
    configuration.refresh_from_db()
    assert configuration.max_age_hours == (int(hours) if saved else 24)
