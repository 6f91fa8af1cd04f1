"""The sidebar: what a person finds where, by Space, feature and role; and the switch between Spaces above it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from spaces.middleware import root_url, space_url
from spaces.models import FeatureName, Role, Space
from spaces.scoping import has_feature, role_of, space_of

Item = dict[str, Any]

# The switch lists so many Spaces; all of them are behind its last line.
SWITCH_LIMIT = 12


def _items(request: HttpRequest, *entries: tuple[str, str, str]) -> list[Item]:
    """Entries of title, icon and view; a view that this installation does not have is left out."""
    items = []
    for title, icon, view in entries:
        try:
            link = reverse(view)
        except NoReverseMatch:
            continue
        current = request.path == link if view == "admin:index" else request.path.startswith(link)
        items.append({"title": title, "icon": icon, "link": link, "active": current})
    # The list of runs begins like the page of the next one: where one is, is said by the longer address.
    here = max((str(item["link"]) for item in items if item["active"]), key=len, default="")
    return [{**item, "active": item["link"] == here} for item in items]


def navigation(request: HttpRequest) -> list[Item]:
    """The groups of the sidebar, as unfold takes them."""
    space = space_of(request)
    if space is None:
        return _installation(request)
    printing: tuple[tuple[str, str, str], ...] = ()
    if has_feature(request, FeatureName.PRINTING):
        printing = (
            (_("Printers"), "print", "admin:printing_printerconfiguration_changelist"),
            (_("Print Jobs"), "subdirectory_arrow_right", "admin:printing_printjob_changelist"),
            (_("Incidents"), "subdirectory_arrow_right", "admin:printing_incident_changelist"),
        )
    groups: list[Item] = [
        {"items": _items(request, (_("Overview"), "dashboard", "admin:index"))},
        {
            "title": _("Connect"),
            "separator": True,
            "items": _items(request, *printing, (_("Connectors"), "hub", "admin:connectors_connector_changelist")),
        },
        {
            "title": _("Sales"),
            "separator": True,
            "items": _items(
                request,
                (_("Orders"), "shopping_bag", "admin:connectors_order_changelist"),
                (_("Invoices"), "receipt_long", "admin:connectors_invoice_changelist"),
                (_("Credit notes"), "subdirectory_arrow_right", "admin:connectors_creditnote_changelist"),
                (_("Payments"), "payments", "admin:connectors_payment_changelist"),
                (_("Payment files"), "subdirectory_arrow_right", "admin:connectors_paymentimport_changelist"),
                (_("E-mails"), "mail", "admin:connectors_outgoingmail_changelist"),
                (_("Customers"), "group", "admin:connectors_customer_changelist"),
            ),
        },
        {"title": _("Dunning"), "separator": True, "items": _dunning(request)},
        {"title": _("Space"), "separator": True, "items": _settings(request, space)},
    ]
    return [group for group in groups if group["items"]]


def _dunning(request: HttpRequest) -> list[Item]:
    """Nothing, and so no group, in Spaces that do not dun."""
    if not has_feature(request, FeatureName.DUNNING):
        return []
    return _items(
        request,
        (_("Dunning run"), "outgoing_mail", "admin:connectors_dunningrun_proposal"),
        (_("Runs so far"), "subdirectory_arrow_right", "admin:connectors_dunningrun_changelist"),
        (_("Cases"), "gavel", "admin:connectors_dunningcase_changelist"),
        (_("Flows"), "stairs", "admin:connectors_dunningflow_changelist"),
    )


def _settings(request: HttpRequest, space: Space) -> list[Item]:
    items = []
    if role_of(request) == Role.OWNER:
        link = reverse("admin:spaces_space_change", args=[space.pk])
        current = request.path.startswith(link)
        items.append({"title": _("Space settings"), "icon": "tune", "link": link, "active": current})
        items += _items(request, (_("API keys"), "key", "admin:spaces_apikey_changelist"))
    return [*items, *_items(request, (_("Documentation"), "menu_book", "documentation:index"))]


def _installation(request: HttpRequest) -> list[Item]:
    groups: list[Item] = [{"items": _items(request, (_("Your Spaces"), "apps", "admin:index"))}]
    if request.user.is_active and request.user.is_superuser:
        entries = (
            (_("Spaces"), "storefront", "admin:spaces_space_changelist"),
            (_("People"), "person", "admin:auth_user_changelist"),
        )
        groups.append({"title": _("Installation"), "separator": True, "items": _items(request, *entries)})
    help_items = _items(request, (_("Documentation"), "menu_book", "documentation:index"))
    return [*groups, {"title": _("Help"), "separator": True, "items": help_items}]


def stylesheet(_request: HttpRequest) -> str:
    return static("pressroom/admin.css")


def favicon(_request: HttpRequest) -> str:
    return static("pressroom/favicon.svg")


def site_header(request: HttpRequest) -> str:
    """The Space stands at the top of its pages."""
    space = space_of(request)
    return space.name if space is not None else "Pressroom"


def site_subheader(request: HttpRequest) -> str:
    """Below it: the person's role in it."""
    role = role_of(request)
    return str(role.label) if role is not None else _("Prints by itself")


def space_switch(request: HttpRequest) -> list[Item]:
    """The other Spaces of the person, and the way to all of them; nothing where there is nothing to switch."""
    space = space_of(request)
    if space is None:
        return []
    others = Space.objects.for_user(request.user).exclude(pk=space.pk).order_by("name")[:SWITCH_LIMIT]
    items = [{"title": other.name, "icon": "storefront", "link": space_url(request, other)} for other in others]
    if not items and not request.user.is_superuser:
        return []
    items = [{"title": _("Overview"), "icon": "dashboard", "link": reverse("admin:index")}, *items]
    return [*items, {"title": _("All Spaces"), "icon": "apps", "link": root_url(request)}]
