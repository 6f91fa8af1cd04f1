"""Printers as ezeep describes them, with trays or without."""

from __future__ import annotations

from typing import Any

import pytest

from printing.providers.base import PaperSize, ProviderContext, RemotePrinter, Tray
from printing.providers.errors import ProviderError, Reason, Transient
from printing.providers.ezeep.printers import PULL_QUEUE, remote_printers
from printing.providers.ezeep.provider import EzeepProvider
from tests.fakes.ezeep.fake import OFFICE, QUEUE, STORE, EzeepFake


def test_every_printer_is_listed_with_what_it_reports(ezeep: EzeepFake, context: ProviderContext) -> None:
    assert EzeepProvider(context).printers(ezeep.credentials()) == [
        RemotePrinter(QUEUE, "Abholung", detail=PULL_QUEUE),
        RemotePrinter(
            OFFICE,
            "Büro (Wien)",
            trays=(Tray("15", "Automatisch auswählen"), Tray("259", "Fach 1"), Tray("260", "Fach 2")),
            papers=(PaperSize("9", "A4", 21000, 29700), PaperSize("11", "A5", 14800, 21000)),
            duplex=True,
            color=True,
        ),
        RemotePrinter(STORE, "Lager", duplex=False),
    ]


def _one(**properties: Any) -> RemotePrinter:
    [printer] = remote_printers([{"id": "1", "name": "P"}], [{"Id": "1", **properties}])
    return printer


@pytest.mark.parametrize("trays", [None, [None], [], {}, [7], [{}], [{"Index": True}], "x"])
def test_trays_that_are_none_are_not_reported(trays: object) -> None:
    assert _one(Trays=trays).trays == ()
    assert _one().trays == ()


def test_a_tray_without_a_number_is_known_by_its_name_and_one_without_a_name_by_its_number() -> None:
    assert _one(Trays=[{"Name": "Fach 1"}, {"Index": 4}]).trays == (Tray("Fach 1", "Fach 1"), Tray("4", "4"))


def test_two_trays_of_the_same_number_are_one_choice() -> None:
    assert _one(Trays=[{"Index": 1, "Name": "A"}, {"Index": 1, "Name": "B"}]).trays == (Tray("1", "A"),)


def test_a_paper_of_unknown_size_has_none() -> None:
    assert _one(PaperFormats=[{"Id": 256, "Name": "Eigenes", "XRes": None}, None]).papers == (
        PaperSize("256", "Eigenes"),
    )


def test_what_is_no_printer_is_left_out() -> None:
    assert remote_printers([None, 7, {}, {"id": 7}, {"id": ""}, {"id": "1", "name": None}], [None, {"Id": 1}]) == [
        RemotePrinter("1", "1")
    ]


def test_the_account_is_called_by_its_persons_name_and_otherwise_by_the_services(
    ezeep: EzeepFake, context: ProviderContext
) -> None:
    provider = EzeepProvider(context)
    assert provider.describe(ezeep.credentials()) == "Alpen Blick"
    for kind in ("status", "garbage", "lose-reply"):
        ezeep.fault(kind, path="/v1/users/", status=403)
        assert provider.describe(ezeep.credentials()) == "ezeep Blue"


@pytest.mark.parametrize("kind", ["garbage", "truncated-json", "lose-reply"])
def test_an_answer_that_is_no_list_is_transient(ezeep: EzeepFake, context: ProviderContext, kind: str) -> None:
    ezeep.fault(kind, path="/sfapi/GetPrinter/")
    with pytest.raises(Transient):
        EzeepProvider(context).printers(ezeep.credentials())


@pytest.mark.parametrize("field", ["api_url", "account_url"])
@pytest.mark.parametrize("url", ["printapi.ezeep.com", "ftp://x", "https://x/?a=1", "http://169.254.169.254/"])
def test_an_address_that_is_none_names_its_field(
    ezeep: EzeepFake, context: ProviderContext, field: str, url: str
) -> None:
    with pytest.raises(ProviderError) as caught:
        EzeepProvider(context).describe({**ezeep.credentials(), field: url})
    assert caught.value.field == field
    assert caught.value.reason in (Reason.ADDRESS_INVALID, Reason.ADDRESS_NOT_ALLOWED)
