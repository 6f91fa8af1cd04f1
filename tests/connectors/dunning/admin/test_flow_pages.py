"""Dunning > Flows: what a new one begins with, what is refused in the form, and what a used one keeps."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from connectors.models import DunningFlow, DunningLevel, DunningLevelText
from spaces.models import Feature, FeatureName, Space
from tests.connectors.documents.payments import SWISS_IBAN
from tests.connectors.dunning.steps import run
from tests.connectors.dunning_factories import DunningFlowFactory, overdue_invoice
from tests.connectors.factories import ConnectorFactory
from tests.factories import FeatureFactory

pytestmark = pytest.mark.django_db
BASE = "/space/alpenblick/connectors/dunningflow/"


def level(position: int, **changes: Any) -> dict[str, Any]:
    data = {
        "position": position,
        "name": f"Stufe {position}",
        "days": 7,
        "fee": "0",
        "interest_consumer": "0",
        "interest_business": "0",
        "payment_days": 10,
        "channel": "print",
        "template": "notice",
        "title_de": "Mahnung zu {number}",
        "text_de": "Bitte zahlen Sie {amount}.",
    }
    return {**data, **changes}


def form_data(*levels: dict[str, Any], there: int = 0, **changes: Any) -> dict[str, Any]:
    data: dict[str, Any] = {"name": "Privatkunden", "active": "on", "automatic": "on", "priority": "10"}
    data |= {"levels-TOTAL_FORMS": str(len(levels)), "levels-INITIAL_FORMS": str(there)}
    for number, fields in enumerate(levels):
        data |= {f"levels-{number}-{name}": value for name, value in fields.items()}
    return {**data, **changes}


def filled_in(page: str) -> dict[str, str]:
    """What a browser would send of a form that nobody has touched."""
    data = {}
    for tag in re.findall(r"<input[^>]*>", page):
        name, value = re.search(r'name="([^"]*)"', tag), re.search(r'value="([^"]*)"', tag)
        if name and ("checkbox" not in tag or "checked" in tag):
            data[name[1]] = value[1] if value else "on" if "checkbox" in tag else ""
    data |= re.findall(r'<textarea[^>]*name="([^"]*)"[^>]*>\s*(.*?)</textarea>', page, re.DOTALL)
    for name, options in re.findall(r'<select[^>]*name="([^"]*)"[^>]*>(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)"[^>]*selected', options)
        data[name] = chosen[1] if chosen else ""
    return data


def refused(client: Client, *levels: dict[str, Any], path: str = "add/", **changes: Any) -> str:
    response = client.post(f"{BASE}{path}", form_data(*levels, **changes))
    assert response.status_code == 200
    return response.content.decode()


def test_a_new_flow_is_saved_as_it_is_offered(dunning_space: Space, operator_client: Client) -> None:
    page = operator_client.get(f"{BASE}add/").content.decode()
    response = operator_client.post(f"{BASE}add/", filled_in(page))
    assert response.status_code == 302
    flow = DunningFlow.objects.get()
    assert (flow.space, flow.active, flow.automatic) == (dunning_space, True, True)
    first, second, third = flow.levels.all()
    assert [one.template for one in (first, second, third)] == ["reminder", "notice", "final"]
    assert first.fee == first.interest_consumer == 0
    # § 288 BGB: 5 and 9 points more than the base rate.
    assert second.interest_business - second.interest_consumer == 4
    assert {text.language for text in third.texts.all()} == {"de", "en"}


@pytest.mark.parametrize(("country", "rate"), [("CH", "5"), ("AT", "4"), ("FR", "0")])
def test_the_interest_offered_is_that_of_the_country(
    dunning_space: Space, operator_client: Client, country: str, rate: str
) -> None:
    Space.objects.filter(pk=dunning_space.pk).update(country=country)
    page = operator_client.get(f"{BASE}add/").content.decode()
    assert Decimal(filled_in(page)["levels-1-interest_consumer"]) == Decimal(rate)


@pytest.mark.parametrize(
    ("levels", "sentence"),
    [
        ([], "A flow needs at least one level."),
        ([level(1), level(3)], "The number 2 is missing among the levels."),
        ([level(1), level(1)], "Two levels have the number 1."),
        ([level(1, title_de="Mahnung {nummer}")], "“{nummer}” is not known here."),
        ([level(1, text_de="{betrag}")], "“{betrag}” is not known here."),
        ([level(1, title_de="", text_de="")], "Enter the words in German, the language of the Space"),
        ([level(1, text_en="Please pay.")], "The letter needs a title where it has a text."),
        ([level(1, fee="-1")], "greater than or equal to 0"),
        ([level(1, days="366")], "less than or equal to 365"),
    ],
)
def test_what_is_wrong_is_said_in_the_form(
    dunning_space: Space, operator_client: Client, levels: list[dict[str, Any]], sentence: str
) -> None:
    assert sentence in refused(operator_client, *levels)
    assert not DunningFlow.objects.exists()


def test_amounts_the_wrong_way_round_and_a_name_twice_are_refused(
    dunning_space: Space, operator_client: Client
) -> None:
    DunningFlowFactory(space=dunning_space, name="Privatkunden")
    page = refused(operator_client, level(1), amount_from="100", amount_to="50")
    assert "“Amount from” is larger than “amount to”." in page
    assert "Another dunning flow of this Space has this name already." in page


def test_a_slip_is_offered_where_the_account_is_swiss_and_refused_where_it_cannot_be_made(
    dunning_space: Space, operator_client: Client
) -> None:
    assert "levels-0-slip" not in operator_client.get(f"{BASE}add/").content.decode()
    Space.objects.filter(pk=dunning_space.pk).update(iban=SWISS_IBAN, country="CH", city="x" * 36)
    page = refused(operator_client, level(1, slip="page"))
    assert "is longer than the 35 characters that fit on a payment slip." in page
    Space.objects.filter(pk=dunning_space.pk).update(city="Zürich")
    assert operator_client.post(f"{BASE}add/", form_data(level(1, slip="page"))).status_code == 302
    assert DunningLevel.objects.get().slip == "page"


def test_printers_of_another_space_are_not_taken(dunning_space: Space, operator_client: Client, stranger: Any) -> None:
    page = refused(operator_client, level(1, configuration=stranger.configuration.pk))
    assert "Select a valid choice" in page


def existing(flow: DunningFlow, *positions: int, **changes: Any) -> dict[str, Any]:
    """The form of a flow whose levels are brought to these positions."""
    levels = [
        level(position, id=row.pk, flow=flow.pk, **changes)
        for row, position in zip(flow.levels.all(), positions, strict=True)
    ]
    return form_data(*levels, there=len(levels), name=flow.name)


def test_levels_change_places(dunning_space: Space, operator_client: Client) -> None:
    flow = DunningFlowFactory(space=dunning_space, levels=3)
    first, second, third = flow.levels.all()
    response = operator_client.post(f"{BASE}{flow.pk}/change/", existing(flow, 3, 1, 2))
    assert response.status_code == 302
    assert [row.pk for row in flow.levels.all()] == [second.pk, third.pk, first.pk]


def test_a_level_is_deleted_and_the_next_takes_its_number(dunning_space: Space, operator_client: Client) -> None:
    flow = DunningFlowFactory(space=dunning_space, levels=3)
    data = existing(flow, 1, 2, 2) | {"levels-1-DELETE": "on"}
    kept = [row.pk for row in flow.levels.all() if row.position != 2]
    assert operator_client.post(f"{BASE}{flow.pk}/change/", data).status_code == 302
    assert [(row.pk, row.position) for row in flow.levels.all()] == [(kept[0], 1), (kept[1], 2)]


def test_words_are_changed_added_and_taken_away(dunning_space: Space, operator_client: Client) -> None:
    flow = DunningFlowFactory(space=dunning_space, levels=1)
    change = f"{BASE}{flow.pk}/change/"
    operator_client.post(change, existing(flow, 1, title_de="Neu {number}", title_en="Reminder", text_en="Please."))
    texts = DunningLevelText.objects.filter(level__flow=flow)
    assert {(text.language, text.title) for text in texts} == {("de", "Neu {number}"), ("en", "Reminder")}
    operator_client.post(change, existing(flow, 1))
    assert list(texts.values_list("language", flat=True)) == ["de"]


def test_a_level_that_has_issued_notices_stays_where_it_is(dunning_space: Space, operator_client: Client) -> None:
    flow = DunningFlowFactory(space=dunning_space, levels=2)
    overdue_invoice(dunning_space)
    run(dunning_space, date(2026, 3, 24))
    change = f"{BASE}{flow.pk}/change/"
    page = operator_client.post(change, existing(flow, 2, 1)).content.decode()
    assert "This level has issued notices: it keeps its number." in page
    page = operator_client.post(change, existing(flow, 1, 1) | {"levels-0-DELETE": "on"}).content.decode()
    assert "has issued notices and stays" in page
    assert [row.position for row in flow.levels.all()] == [1, 2]


def test_a_flow_in_use_is_not_deleted_and_says_why(dunning_space: Space, operator_client: Client) -> None:
    used, named, unused = (DunningFlowFactory(space=dunning_space, levels=1) for _number in range(3))
    overdue_invoice(dunning_space)
    run(dunning_space, date(2026, 3, 24))
    ConnectorFactory(space=dunning_space, name="Marktplatz", dunning_flow=named)
    for flow, sentence in ((used, "1 case goes by the flow"), (named, "is named by “Marktplatz”")):
        for send in (operator_client.get, operator_client.post):
            response = send(f"{BASE}{flow.pk}/delete/", {"post": "yes"}, follow=True)
            assert sentence in response.content.decode()
    assert operator_client.post(f"{BASE}{unused.pk}/delete/", {"post": "yes"}).status_code == 302
    assert set(DunningFlow.objects.all()) == {used, named}


def test_a_viewer_reads_a_flow_and_changes_nothing(dunning_space: Space, viewer_client: Client) -> None:
    flow = DunningFlowFactory(space=dunning_space, levels=1)
    assert "Mahnung 1 zu Rechnung" in viewer_client.get(f"{BASE}{flow.pk}/change/").content.decode()
    assert viewer_client.get(f"{BASE}add/").status_code == 403
    assert viewer_client.post(f"{BASE}{flow.pk}/change/", existing(flow, 1, name="x")).status_code == 403
    assert viewer_client.post(f"{BASE}{flow.pk}/delete/", {"post": "yes"}).status_code == 403


def test_without_the_feature_there_is_nothing(dunning_space: Space, owner_client: Client) -> None:
    assert "/connectors/dunningflow/" in owner_client.get("/space/alpenblick/").content.decode()
    Feature.objects.filter(space=dunning_space, name=FeatureName.DUNNING).delete()
    assert "dunningflow" not in owner_client.get("/space/alpenblick/").content.decode()
    assert owner_client.get(BASE).status_code == 403


@pytest.mark.parametrize("page", ["change", "delete", "history"])
def test_a_stranger_finds_nothing(dunning_space: Space, stranger: Any, stranger_client: Client, page: str) -> None:
    flow = DunningFlowFactory(space=dunning_space, levels=1)
    FeatureFactory(space=stranger.space, name=FeatureName.DUNNING)
    for slug in ("alpenblick", stranger.space.slug):
        url = f"/space/{slug}/connectors/dunningflow/{flow.pk}/{page}/"
        assert stranger_client.get(url).status_code == 404
        assert stranger_client.post(url, {"post": "yes"}).status_code == 404


def test_the_list_costs_the_same_however_many_flows_there_are(
    dunning_space: Space, owner_client: Client, django_assert_max_num_queries: Any
) -> None:
    DunningFlowFactory.create_batch(20, space=dunning_space, levels=3)
    with django_assert_max_num_queries(14):
        page = owner_client.get(BASE).content.decode()
    assert "Level 1 → Level 2 → Level 3" in page
