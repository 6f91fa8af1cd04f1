"""Connect > Connectors > Try out: what the rules of a connector would do for an order, and why. Changes nothing."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext

from connectors import printing_bridge
from connectors.admin import labels
from connectors.decisions import moment_of
from connectors.models import Connector, Event, Order
from connectors.rule_sentences import decision_sentence
from connectors.services.order_events import mail_decisions
from printing.models import PrinterConfiguration
from spaces.models import FeatureName


class TryOut:
    """A page of a connector on which its rules are asked about an order."""

    change_form_before_template = "admin/connectors/try_out_link.html"

    def get_urls(self) -> list[URLPattern]:
        page: Any = self
        route = path(
            "<path:object_id>/try-out/",
            page.admin_site.admin_view(self.try_out_view),
            name="connectors_connector_try_out",
        )
        return [route, *super().get_urls()]  # type: ignore[misc]

    def try_out_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        page: Any = self
        connector: Connector = page.get_object(request, object_id)
        number = request.GET.get("order", "").strip()
        order = _find(connector, number)
        context = {
            **page.admin_site.each_context(request),
            "opts": page.opts,
            "title": gettext("Try out “%(connector)s”") % {"connector": connector},
            "original": connector,
            "connector": connector,
            "number": number,
            "order": order,
            "events": _events(order) if order is not None else [],
            "warnings": _warnings(order) if order is not None else [],
            "elsewhere": order is None and number and _elsewhere(connector, number),
        }
        request.current_app = page.admin_site.name
        return TemplateResponse(request, "admin/connectors/try_out.html", context)


def _orders(connector: Connector, number: str) -> Any:
    named = Order.objects.in_space(connector.space).filter(Q(number=number) | Q(external_id=number))
    return named.select_related("connector", "space").order_by("-pk")


def _find(connector: Connector, number: str) -> Order | None:
    """The order of that number which came through the connector; of several, the newest."""
    found: Order | None = _orders(connector, number).filter(connector=connector).first() if number else None
    return found


def _elsewhere(connector: Connector, number: str) -> Order | None:
    found: Order | None = _orders(connector, number).first()
    return found


def _events(order: Order) -> list[dict[str, Any]]:
    """Each event with what every rule makes of it; two queries for all rules."""
    events = list(Event)
    default = PrinterConfiguration.objects.in_space(order.space).filter(is_default=True).first()
    decisions: list[Any] = [*printing_bridge.print_decisions(order, *events), *mail_decisions(order, *events)]
    return [
        {
            "label": event.label,
            "when": _when(order, event),
            "decisions": [
                (decision.acts, decision_sentence(decision, default))
                for decision in decisions
                if decision.event == event
            ],
        }
        for event in events
    ]


def _when(order: Order, event: Event) -> str:
    moment = moment_of(order, event)
    if moment is None:
        return gettext("Has not happened yet; tried out as if it happened now.")
    return gettext("Happened on %(moment)s.") % {"moment": labels.moment(moment)}


def _warnings(order: Order) -> list[str]:
    """What would stand in the way although the rules hold."""
    found = []
    if not order.space.has_feature(FeatureName.PRINTING):
        found.append(gettext("The feature Printing is not activated in this Space: nothing prints."))
    if not order.billing_party.email:
        found.append(gettext("The order has no e-mail address: an e-mail would fail, for you to see."))
    return found
