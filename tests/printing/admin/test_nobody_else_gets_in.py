"""House rule 9: every admin page, document and action, as a stranger, as nobody, and with too small a role.

The addresses are read from the site itself, so that a page added tomorrow is walked tomorrow.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from connectors.models import DunningNotice, Invoice, PackingSlip, PaymentImport
from connectors.services import invoices, mails
from printing.models import PrinterConfiguration, PrintJob
from printing.models.incident import Incident, IncidentKind
from printing.states import JobState
from spaces import api_keys
from spaces.models import Feature, FeatureName, Space
from tests.conftest import Stranger
from tests.connectors.dunning.steps import run
from tests.connectors.dunning_factories import DunningFlowFactory, overdue_invoice
from tests.connectors.factories import invoice_of, receive
from tests.connectors.payment_factories import recorded
from tests.factories import FeatureFactory, PrintJobFactory

# Open to whoever has not logged in, or the same for everybody.
OPEN = {
    *("admin:login", "admin:logout", "admin:jsi18n", "set_language"),
    *("documentation:index", "documentation:page", "health"),
}
# What each member changes for themselves, whatever their role.
THEIR_OWN = {"admin:password_change", "admin:printing_incident_tell_me"}


def routes() -> Iterator[tuple[str, str]]:
    """Name and route of every address, with its placeholders."""

    def walk(patterns: Any, prefix: str, namespace: str) -> Iterator[tuple[str, str]]:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
                yield from walk(pattern.url_patterns, route, inner)
            elif isinstance(pattern, URLPattern) and pattern.name:
                yield f"{namespace}{pattern.name}", route

    yield from walk(get_resolver().url_patterns, "", "")


# The keys of rows, by the beginning of their model's addresses: "printing/printjob/".
Keys: TypeAlias = Mapping[str, list[int]]


def beginning(model: type[Model]) -> str:
    return f"{model._meta.app_label}/{model._meta.model_name}/"


def filled(route: str, pk: int | str) -> str:
    path = route.replace("<path:object_id>", str(pk)).replace("<id>", str(pk)).replace("<int:content_type_id>", "1")
    return path.replace("<path:content_type_id>", "1").replace("^", "").replace("$", "")


def of_an_object(route: str) -> bool:
    return "object_id" in route


def addresses(keys: Keys) -> list[tuple[str, str]]:
    """Every address that is not open; those of an object once for each row of its model."""
    found = []
    for name, route in routes():
        # The API knows no log-in: its keys have their own test.
        if name in OPEN or name.startswith("api:") or "(?P" in route or "<str" in route:
            continue
        pks = next((pks for start, pks in keys.items() if route.startswith(start)), [1]) if of_an_object(route) else [1]
        found += [(name, filled(route, pk)) for pk in pks]
    return found


def object_addresses(keys: Keys) -> list[tuple[str, str]]:
    """Those addresses that name one of these rows."""
    return [(n, path) for n, path in addresses(keys) for start, pks in keys.items() if named(path, start, pks)]


def named(path: str, start: str, pks: list[int]) -> bool:
    return path.startswith(start) and any(f"{path}/".startswith(f"{start}{pk}/") for pk in pks)


@pytest.fixture
def everything(space: Space, configuration: PrinterConfiguration, owner: Any) -> Keys:
    """The keys of everything in the Space that has a page: each page of each model has something to show."""
    jobs = [PrintJobFactory(space=space, configuration=configuration, state=state) for state in JobState]
    incident = Incident.objects.create(space=space, kind=IncidentKind.JOB_FAILED, job=jobs[0])
    order = receive(space)
    documents = [model.objects.get(order=order) for model in (Invoice, PackingSlip)]
    file = PaymentImport.objects.create(space=space, file_name="bank.xml", sha256="0", format="camt")
    payment, _created = recorded(space, "5.00", payment_import=file)
    key, _shown_once = api_keys.create(space, "Shop", owner)
    credit_note = invoices.cancel(invoice_of(receive(space)))
    sales = [key, order, order.customer, order.connector, *documents, credit_note, payment, file]
    keys: dict[str, list[int]] = {beginning(model): [] for model in admin.site._registry}
    for row in [configuration, space, owner, incident, *jobs, *sales, *dunned(space)]:
        keys[beginning(type(row))].append(row.pk)
    without_row = [start for start, pks in keys.items() if not pks]
    assert not without_row, "give each model that has pages a row here, or its pages answer 404 for want of one"
    return keys


def dunned(space: Space) -> list[Any]:
    """Something of everything in dunning: a flow, a case, and a notice with its run and an e-mail."""
    FeatureFactory(space=space, name=FeatureName.DUNNING)
    flow = DunningFlowFactory(space=space, levels=2)
    overdue_invoice(space)
    run(space, date(2026, 3, 24))
    notice = DunningNotice.objects.get()
    return [flow, notice.case, notice, notice.run, mails.enqueue(notice)]


# How statements begin that change no row.
READING = ("SELECT", "SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "BEGIN", "EXPLAIN")


def rows() -> dict[str, Any]:
    """Everything that a request could have changed: all rows of the product, and who may log in."""
    models = [model for app in ("spaces", "printing", "connectors") for model in apps.get_app_config(app).get_models()]
    found: dict[str, Any] = {model._meta.label: list(model._base_manager.order_by("pk").values()) for model in models}
    # Whoever logs in is remembered there by Django itself.
    users = get_user_model().objects.order_by("pk").values()
    found["users"] = [{name: value for name, value in user.items() if name != "last_login"} for user in users]
    return found


@dataclass
class Watch:
    """Looks whether all rows are as they were; only where something was written since the last look."""

    before: dict[str, Any] = field(default_factory=rows)
    written: list[str] = field(default_factory=list)

    def note(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.lstrip("( ").upper().startswith(READING):
            self.written.append(sql)
        return execute(sql, params, many, context)

    def changed(self) -> bool:
        written, self.written = self.written, []
        return bool(written) and rows() != self.before

    def accept(self) -> None:
        """What was changed until now was meant to be."""
        self.before, self.written = rows(), []


@contextmanager
def watched() -> Iterator[Watch]:
    """Watches what is written until the end, and that nothing was changed by then."""
    watch = Watch()
    with connection.execute_wrapper(watch.note):
        yield watch
    assert rows() == watch.before


def test_the_walk_finds_the_pages() -> None:
    names = {name for name, _route in routes()}
    assert {"admin:printing_printjob_download", "admin:printing_printerconfiguration_test_page"} <= names
    for model in admin.site._registry:
        assert f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist" in names


def test_every_address_of_an_object_is_walked_with_the_keys_of_its_model() -> None:
    starts = [beginning(model) for model in admin.site._registry]
    nobodys = {route for _name, route in routes() if of_an_object(route) and not route.startswith(tuple(starts))}
    assert nobodys == {"r/<path:content_type_id>/<path:object_id>/"}, "its rows are not known: it would not be found"


def test_a_change_is_noticed(everything: Keys) -> None:
    job = PrintJob.objects.earliest("pk")
    with watched() as watch:
        PrintJob.objects.filter(pk=job.pk).update(title="Changed")
        assert watch.changed()
        PrintJob.objects.filter(pk=job.pk).update(title=job.title)
        assert not watch.changed()


def test_nobody_gets_past_the_log_in_page(everything: Keys) -> None:
    client = Client()
    with watched():
        for (name, path), method in itertools.product(addresses(everything), ("get", "post")):
            answer = getattr(client, method)(f"/space/alpenblick/{path}")
            login = answer.status_code == 302 and "/login/?next=" in answer.headers["Location"]
            assert login or answer.status_code in {301, 404}, (name, path, method, answer.status_code)


def test_a_stranger_finds_nothing_at_a_spaces_addresses(everything: Keys, stranger: Stranger, log_in: Any) -> None:
    client = log_in(stranger.user)
    with watched():
        for (name, path), method in itertools.product(addresses(everything), ("get", "post")):
            answer = getattr(client, method)(f"/space/alpenblick/{path}")
            assert answer.status_code == 404, (name, path, method, answer.status_code)


@pytest.mark.parametrize("prefix", ["/space/fremdland/", "/"])
def test_a_stranger_guesses_ids_from_their_own_space(
    everything: Keys, stranger: Stranger, log_in: Any, prefix: str
) -> None:
    client = log_in(stranger.user)
    guessed = object_addresses(everything)
    assert {path.partition("/")[0] for _name, path in guessed} >= {"spaces", "printing", "connectors"}
    with watched():
        for (name, path), method in itertools.product(guessed, ("get", "post")):
            answer = getattr(client, method)(f"{prefix}{path}")
            assert answer.status_code in {301, 302, 403, 404, 405}, (name, path, method, answer.status_code)
            if answer.status_code == 302:  # the list's own "<id>/" leads to "<id>/change/", which is walked too
                assert answer.headers["Location"].endswith("/change/"), (name, path, answer.headers["Location"])


def actions() -> Iterator[tuple[str, str]]:
    """The list and the name of every action there is."""
    for model, page in admin.site._registry.items():
        for action in page.actions or ():
            name = action if isinstance(action, str) else action.__name__
            yield beginning(model), name


@pytest.mark.parametrize("prefix", ["/space/alpenblick/", "/space/fremdland/", "/"])
def test_no_action_of_a_list_reaches_what_is_somebody_elses(
    everything: Keys, stranger: Stranger, log_in: Any, prefix: str
) -> None:
    client = log_in(stranger.user)
    assert {name for _path, name in actions()} >= {"reschedule_selected", "print_selected", "paid_selected"}
    with watched() as watch:
        for path, action in actions():
            data = {"action": action, "_selected_action": everything[path], "post": "yes"}
            answer = client.post(f"{prefix}{path}", data)
            assert answer.status_code in {302, 403, 404}, (path, action, answer.status_code)
            assert not watch.changed(), (path, action)


def test_a_viewer_reads_and_changes_nothing(everything: Keys, viewer_client: Client, space: Space) -> None:
    with watched() as watch:
        for name, path in addresses(everything):
            answer = viewer_client.post(f"/space/alpenblick/{path}", {"post": "yes", "action": "reschedule_selected"})
            assert answer.status_code in {200, 301, 302, 403, 404, 405}, (name, path, answer.status_code)
            if name in THEIR_OWN:
                watch.accept()
            assert not watch.changed(), (name, path)


def test_get_changes_nothing_for_anybody(everything: Keys, owner_client: Client, superuser_client: Client) -> None:
    # Outside of Spaces the same pages are shown: one row of each model is enough there.
    first = {start: pks[:1] for start, pks in everything.items()}
    with watched() as watch:
        for client, prefix, keys in ((owner_client, "/space/alpenblick/", everything), (superuser_client, "/", first)):
            for name, path in addresses(keys):
                answer = client.get(f"{prefix}{path}")
                assert answer.status_code < 500, (name, path)
                assert not watch.changed(), (name, path)


def test_without_the_feature_there_are_no_printing_pages(everything: Keys, space: Space, owner_client: Client) -> None:
    Feature.objects.filter(space=space).delete()
    page = owner_client.get("/space/alpenblick/").content.decode()
    assert "/printing/" not in page
    printing = [(name, path) for name, path in addresses(everything) if name.startswith("admin:printing_")]
    assert printing
    for (name, path), method in itertools.product(printing, ("get", "post")):
        answer = getattr(owner_client, method)(f"/space/alpenblick/{path}")
        redirect = name.endswith("_printjob_") or answer.status_code in {301, 302}
        assert answer.status_code in {403, 404, 405} or redirect, (name, path, method, answer.status_code)
    assert owner_client.get("/space/alpenblick/printing/printjob/").status_code == 403
