"""Connect > Incidents: what is open, where it is put right, who is told; dismissed by those who work here."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from printing.incidents import watch
from printing.models import Incident, PrinterConfiguration
from printing.states import JobState
from spaces.models import Member, Space
from tests.conftest import Stranger
from tests.factories import PrintJobFactory

LIST = "/space/alpenblick/printing/incident/"


@pytest.fixture
def incident(space: Space, configuration: PrinterConfiguration) -> Incident:
    PrintJobFactory(
        space=space, configuration=configuration, state=JobState.FAILED, title="Rechnung Ü-1", reason="not_a_pdf"
    )
    watch.look()
    found: Incident = Incident.objects.get(space=space)
    return found


def text(client: Client, path: str = LIST) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_list_says_what_and_why_and_leads_to_where_it_is_put_right(
    incident: Incident, viewer_client: Client
) -> None:
    page = text(viewer_client)
    assert "“Rechnung Ü-1” was not printed on" in page
    assert "The document is not a readable PDF." in page
    assert f'href="/space/alpenblick/printing/printjob/{incident.job_id}/change/"' in page


def test_an_incident_leads_on_to_the_job(incident: Incident, viewer_client: Client) -> None:
    answer = viewer_client.get(f"{LIST}{incident.pk}/change/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/space/alpenblick/printing/printjob/{incident.job_id}/change/"


def dismiss(client: Client, incident: Incident) -> Any:
    return client.post(LIST, {"action": "dismiss_selected", "_selected_action": [incident.pk]}, follow=True)


def test_an_operator_dismisses_it_and_it_leaves_the_list(incident: Incident, operator_client: Client) -> None:
    assert "1 incident is dismissed." in dismiss(operator_client, incident).content.decode()
    assert "Rechnung Ü-1" not in text(operator_client)
    assert "Rechnung Ü-1" in text(operator_client, f"{LIST}?open=over")
    watch.look()
    assert "Rechnung Ü-1" not in text(operator_client)


def test_a_viewer_dismisses_nothing(incident: Incident, viewer_client: Client) -> None:
    dismiss(viewer_client, incident)
    incident.refresh_from_db()
    assert incident.closed_at is None


def test_others_see_none_of_it(incident: Incident, stranger_client: Client, stranger: Stranger) -> None:
    assert stranger_client.get(LIST).status_code == 404
    assert "Rechnung Ü-1" not in text(stranger_client, "/space/fremdland/printing/incident/")
    dismiss(stranger_client, incident)
    answer = stranger_client.post(
        "/space/fremdland/printing/incident/", {"action": "dismiss_selected", "_selected_action": [incident.pk]}
    )
    assert answer.status_code in {200, 302}
    incident.refresh_from_db()
    assert incident.closed_at is None


def test_everybody_chooses_for_themselves_whether_to_be_told(
    space: Space, owner: Any, viewer: Any, viewer_client: Client
) -> None:
    assert "You are told at vera-viewer@example.com." in text(viewer_client)
    viewer_client.post(f"{LIST}tell-me/", {"wanted": "no"})
    told = dict(Member.objects.filter(space=space).values_list("user__username", "told_of_problems"))
    assert told == {"olga-owner": True, "vera-viewer": False}
    assert "One person is told by e-mail" in text(viewer_client)
    viewer_client.post(f"{LIST}tell-me/", {"wanted": "yes"})
    assert Member.objects.get(user=viewer).told_of_problems


def test_looking_chooses_nothing(space: Space, viewer: Any, viewer_client: Client) -> None:
    assert viewer_client.get(f"{LIST}tell-me/").status_code == 405


def test_without_a_mail_server_the_page_says_so(space: Space, owner_client: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    assert "Nobody: this installation has no mail server." in text(owner_client)


def test_many_incidents_cost_as_many_queries_as_one(
    incident: Incident, configuration: PrinterConfiguration, owner_client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        PrintJobFactory(
            space=configuration.space, configuration=configuration, state=JobState.FAILED, title=f"Rechnung {number}"
        )
    watch.look()
    with django_assert_max_num_queries(18):
        assert "Rechnung 29" in text(owner_client)
