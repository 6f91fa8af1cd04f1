"""Connect > Printers > Incidents: what is the matter, since when, who is told; and dismissing it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from printing import display
from printing.admin.steps import space_or_404
from printing.incidents.words import Entry, with_what_they_are_about
from printing.models import Incident
from printing.services.incidents import dismiss
from spaces import mail
from spaces.admin_base import SpaceScopedAdmin
from spaces.models import FeatureName, Member
from spaces.scoping import EDITORS, role_of


class OpenFilter(admin.SimpleListFilter):
    """What is open, unless somebody asks for more."""

    title = gettext_lazy("state")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("over", _("over")), ("all", _("all"))]

    def choices(self, changelist: Any) -> Any:
        yield {
            "selected": self.value() is None,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": _("open"),
        }
        for lookup, title in self.lookup_choices:
            yield {
                "selected": self.value() == lookup,
                "query_string": changelist.get_query_string({self.parameter_name: lookup}),
                "display": title,
            }

    def queryset(self, request: HttpRequest, queryset: QuerySet[Incident]) -> QuerySet[Incident]:
        if self.value() == "all":
            return queryset
        return queryset.filter(closed_at__isnull=self.value() != "over")


@admin.register(Incident)
class IncidentAdmin(SpaceScopedAdmin):
    """A list to read; each line leads to the printer or the job, where it is put right."""

    feature = FeatureName.PRINTING
    list_before_template = "admin/printing/incident/who_is_told.html"
    list_display = ["what", "why", "since", "over", "told"]
    list_display_links = None
    list_filter: ClassVar[list[Any]] = [OpenFilter]
    actions = ["dismiss_selected"]
    list_per_page = 50
    show_full_result_count = False
    sortable_by: ClassVar[list[str]] = []
    ordering = ["-pk"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_dismiss_permission(self, request: HttpRequest) -> bool:
        return self._may(request, EDITORS)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Incident]:
        return with_what_they_are_about(super().get_queryset(request))

    def get_urls(self) -> list[URLPattern]:
        choice = self.admin_site.admin_view(require_POST(self.tell_me_view))
        return [path("tell-me/", choice, name="printing_incident_tell_me"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        space = space_or_404(request)
        members = Member.objects.filter(space=space)
        context = {
            "title": _("Incidents"),
            "mail_works": mail.is_configured(),
            "told": members.filter(told_of_problems=True, user__is_active=True).exclude(user__email="").count(),
            "me": members.filter(user_id=request.user.pk or 0).select_related("user").first(),
        }
        return super().changelist_view(request, {**context, **(extra_context or {})})  # type: ignore[no-any-return]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """An incident has no page of its own: it leads to where it is put right."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(Entry([self.get_object(request, object_id)]).link)

    def tell_me_view(self, request: HttpRequest) -> HttpResponse:
        """A member chooses for themselves whether they get the messages."""
        if not self.has_view_permission(request) or role_of(request) is None:
            raise PermissionDenied
        wanted = request.POST.get("wanted") == "yes"
        Member.objects.filter(space=space_or_404(request), user_id=request.user.pk or 0).update(told_of_problems=wanted)
        messages.success(
            request,
            _("You are told of print problems by e-mail.")
            if wanted
            else _("You are not told of print problems any more."),
        )
        return HttpResponseRedirect(reverse("admin:printing_incident_changelist"))

    @admin.action(description=gettext_lazy("Dismiss"), permissions=["dismiss"])
    def dismiss_selected(self, request: HttpRequest, queryset: QuerySet[Incident]) -> None:
        done = dismiss(queryset)
        if done:
            text = ngettext("%(count)s incident is dismissed.", "%(count)s incidents are dismissed.", done)
            messages.success(request, text % {"count": done})
        else:
            messages.warning(request, _("A printer's incident ends when the printer is well again."))

    @admin.display(description=gettext_lazy("what"))
    def what(self, obj: Incident) -> SafeString:
        entry = Entry([obj])
        return format_html('<a class="pr-link" href="{}">{}</a>', entry.link, entry.title)

    @admin.display(description=gettext_lazy("why"))
    def why(self, obj: Incident) -> str:
        return obj.explanation or "–"

    @admin.display(description=gettext_lazy("since"))
    def since(self, obj: Incident) -> str:
        return display.moment(obj.opened_at)

    @admin.display(description=gettext_lazy("over since"))
    def over(self, obj: Incident) -> SafeString | str:
        return display.moment(obj.closed_at) if obj.closed_at else display.tag(_("open"), "bad")

    @admin.display(description=gettext_lazy("told"))
    def told(self, obj: Incident) -> str:
        return display.moment(obj.told_at) if obj.told_at else "–"
