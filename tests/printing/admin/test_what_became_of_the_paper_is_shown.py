"""Accepted and printed are two things, a second sheet is never hidden, and a page can be printed on another printer."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client

from printing.models import PrinterConfiguration, PrintJob
from printing.providers.base import PaperState
from printing.providers.printnode.jobs import HANDED_OVER
from printing.states import JobState
from spaces.models import Space
from tests.conftest import Stranger
from tests.factories import PrinterConfigurationFactory, PrintJobFactory

LIST = "/space/alpenblick/printing/printjob/"


def page(client: Client, path: str = LIST) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def path_of(job: PrintJob, name: str = "change") -> str:
    return f"{LIST}{job.pk}/{name}/"


def print_again(client: Client, job: PrintJob, configuration: PrinterConfiguration, token: str = "") -> str:
    data = {"configuration": str(configuration.pk), "token": token or str(uuid.uuid4())}
    return client.post(path_of(job, "print-again"), data, follow=True).content.decode()


@pytest.fixture
def accepted(space: Space, configuration: PrinterConfiguration) -> PrintJob:
    job: PrintJob = PrintJobFactory(
        space=space, configuration=configuration, state=JobState.SUCCESSFUL, title="Rechnung 4711"
    )
    return job


@pytest.fixture
def office(space: Space) -> PrinterConfiguration:
    office: PrinterConfiguration = PrinterConfigurationFactory(space=space, name="Büro")
    return office


def test_a_problem_has_its_words_in_the_list_and_on_the_page(accepted: PrintJob, viewer_client: Client) -> None:
    PrintJob.objects.update(paper=PaperState.PROBLEM, paper_detail="Kein Papier; out of paper", paper_final=True)
    for html in (page(viewer_client), page(viewer_client, path_of(accepted))):
        assert "Problem at the printer" in html
        assert "Kein Papier; out of paper" in html
        assert "Successful" in html


def test_words_of_ours_are_in_the_readers_language_and_others_as_they_came(
    accepted: PrintJob, space: Space, viewer_client: Client
) -> None:
    Space.objects.filter(pk=space.pk).update(language="de")
    PrintJob.objects.update(paper=PaperState.PROBLEM, paper_detail="out of paper; Trommel am Ende")
    assert "kein Papier; Trommel am Ende" in page(viewer_client)
    PrintJob.objects.update(paper=PaperState.PRINTED, paper_detail=HANDED_OVER)
    assert "An die Warteschlange" in page(viewer_client, path_of(accepted))


def test_accepted_is_not_called_printed(accepted: PrintJob, viewer_client: Client) -> None:
    html = page(viewer_client, path_of(accepted))
    assert "<b>Accepted</b>" in html
    assert "<b>Printed</b>" not in html
    PrintJob.objects.update(paper=PaperState.PRINTED)
    assert "<b>Printed</b>" in page(viewer_client, path_of(accepted))


def test_the_mark_of_a_second_sheet_is_in_the_list_on_the_page_and_in_the_files_name(
    accepted: PrintJob, viewer_client: Client
) -> None:
    mark = '<span class="pr-tag pr-tag-warn ">may have come out twice</span>'
    name = unquote(viewer_client.get(path_of(accepted, "download")).headers["Content-Disposition"])
    assert name.endswith('"Rechnung 4711.pdf"')
    assert mark not in page(viewer_client) + page(viewer_client, path_of(accepted))
    PrintJob.objects.update(possible_duplicate=True)
    assert mark in page(viewer_client)
    assert mark in page(viewer_client, path_of(accepted))
    for how in ("download", "show"):
        name = unquote(viewer_client.get(path_of(accepted, how)).headers["Content-Disposition"])
        assert name.endswith('"Rechnung 4711 (may have come out twice).pdf"')


def test_the_list_is_narrowed_down_by_paper_and_by_the_mark(
    accepted: PrintJob, space: Space, viewer_client: Client
) -> None:
    PrintJobFactory(space=space, title="Lieferschein", state=JobState.SUCCESSFUL, paper=PaperState.PROBLEM)
    PrintJobFactory(space=space, title="Wartet noch", possible_duplicate=True)

    def titles(query: str) -> set[str]:
        html = page(viewer_client, f"{LIST}?{query}")
        return {title for title in ("Rechnung 4711", "Lieferschein", "Wartet noch") if title in html}

    assert titles("paper=problem") == {"Lieferschein"}
    assert titles("paper=unknown") == {"Rechnung 4711"}  # of one that waits nothing is to be known
    assert titles("twice=yes") == {"Wartet noch"}
    assert titles("paper=printed") == set()
    assert titles("twice=nonsense") == {"Rechnung 4711", "Lieferschein", "Wartet noch"}


def test_marks_hints_and_substitutes_cost_no_query_per_row(
    space: Space, office: PrinterConfiguration, owner_client: Client, django_assert_max_num_queries: Any
) -> None:
    def rows(count: int) -> None:
        for _number in range(count):
            PrintJobFactory(
                space=space,
                state=JobState.SUCCESSFUL,
                paper=PaperState.PROBLEM,
                paper_detail="Stau",
                possible_duplicate=True,
                reprint_of=1,
                substituted_for=office.pk,
            )

    rows(2)
    with django_assert_max_num_queries(20) as few:
        assert page(owner_client).count("instead of “Büro”") == 2
    rows(15)
    with django_assert_max_num_queries(len(few)):
        assert page(owner_client).count("instead of “Büro”") == 17


class TestPrintingAgain:
    def test_on_another_printer_it_is_marked_and_linked_both_ways(
        self, accepted: PrintJob, office: PrinterConfiguration, operator_client: Client
    ) -> None:
        assert '<span class="pr-tag pr-tag-wait ">Reprint</span>' not in page(operator_client)
        html = print_again(operator_client, accepted, office)
        again = PrintJob.objects.get(reprint_of=accepted.pk)
        assert (again.configuration, again.printer, again.document) == (office, office.printer, accepted.document)
        assert path_of(accepted) in html
        assert '<span class="pr-tag pr-tag-wait ">Reprint</span>' in html
        assert path_of(again) in page(operator_client, path_of(accepted))
        assert page(operator_client).count('<span class="pr-tag pr-tag-wait ">Reprint</span>') == 1
        accepted.refresh_from_db()
        assert accepted.state == JobState.SUCCESSFUL

    def test_a_second_click_leads_to_the_same_job_and_another_printer_to_another(
        self, accepted: PrintJob, office: PrinterConfiguration, operator_client: Client
    ) -> None:
        token, own = str(uuid.uuid4()), accepted.configuration
        assert own is not None
        for chosen in (office, office, own):
            print_again(operator_client, accepted, chosen, token)
        reprints = PrintJob.objects.filter(reprint_of=accepted.pk).order_by("pk")
        assert [job.configuration for job in reprints] == [office, own]

    @pytest.mark.usefixtures("office", "stranger")
    def test_the_page_offers_the_printers_in_use_its_own_first(
        self, accepted: PrintJob, space: Space, operator_client: Client
    ) -> None:
        for state in ("inactive", "deleted"):
            PrinterConfigurationFactory(space=space, name=f"Drucker {state}", state=state)
        html = page(operator_client, path_of(accepted))
        options = [line.split("<")[0] for line in html.split("<option value=")[1:]]
        names = [option.partition(">")[2] for option in options]
        assert names == ["Lager", "Büro"]

    def test_a_lonely_printer_needs_no_choice_and_without_one_there_is_no_button(
        self, accepted: PrintJob, configuration: PrinterConfiguration, operator_client: Client
    ) -> None:
        html = page(operator_client, path_of(accepted))
        assert "print-again/" in html
        assert '<select name="configuration"' not in html
        PrinterConfiguration.objects.update(is_default=False, state="inactive")
        assert "print-again/" not in page(operator_client, path_of(accepted))

    def test_a_printer_of_another_space_or_out_of_use_is_refused(
        self, accepted: PrintJob, office: PrinterConfiguration, operator_client: Client, stranger: Stranger
    ) -> None:
        PrinterConfiguration.objects.filter(pk=office.pk).update(state="deleted")
        for chosen in (stranger.configuration, office):
            html = print_again(operator_client, accepted, chosen)
            assert "This printer is not in use any more. Choose another one." in html
        assert not PrintJob.objects.filter(reprint_of=accepted.pk).exists()


def test_a_substitute_is_named_on_the_page_also_when_the_former_printer_is_gone(
    accepted: PrintJob, office: PrinterConfiguration, viewer_client: Client
) -> None:
    PrintJob.objects.update(substituted_for=office.pk)
    assert "instead of “Büro”, which was out of order" in page(viewer_client, path_of(accepted))
    office.delete()
    assert "instead of a printer that was out of order" in page(viewer_client, path_of(accepted))


def test_an_empty_list_says_what_comes_here_and_one_without_a_match_how_to_see_all(
    space: Space, viewer_client: Client
) -> None:
    html = page(viewer_client)
    assert "Print jobs appear here as soon as a document is to be printed." in html
    assert "Reset filters" not in html
    for query in ("paper=problem", "q=4711"):
        html = page(viewer_client, f"{LIST}?{query}")
        assert "Nothing matches what was searched and filtered for." in html
        assert "Reset filters" in html
