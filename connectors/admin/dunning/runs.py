"""Dunning > Run: the proposal and its confirmation, and the runs there were."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from connectors.admin import labels
from connectors.admin.documents import pdf_response
from connectors.admin.dunning import proposal_page, words
from connectors.admin.dunning.base import DunningReadPage
from connectors.models import DunningRun
from connectors.sentences import stored_why_not
from connectors.services import dunning
from printing.admin.job_list import JobChangeList
from printing.kinds import RenderingFailed
from spaces.models import Space
from spaces.scoping import has_feature, space_of

NOTICES_SHOWN = 500
DROPPED_SHOWN = 500


class ProposalViews:
    """What a run would issue, a look at each letter, and the confirmation."""

    def proposal_view(self, request: HttpRequest) -> HttpResponse:
        page: Any = self
        space = self._space(request)
        if request.method == "POST":
            return self._confirm(request, space)
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD", "POST"])
        context = {
            **page.admin_site.each_context(request),
            **proposal_page.context(space, proposal_page.question_of(request, space)),
            "opts": page.opts,
            "title": gettext("Dunning run"),
            "may_operate": page.has_operate_permission(request),
        }
        request.current_app = page.admin_site.name
        return TemplateResponse(request, "admin/connectors/dunning/proposal.html", context)

    def preview_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The letter that is due for an invoice, before it is issued."""
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        space = self._space(request)
        if not (object_id.isascii() and object_id.isdecimal() and len(object_id) < 19):
            raise Http404
        day = proposal_page.question_of(request, space).day
        try:
            content = dunning.preview(space, day, int(object_id))
        except RenderingFailed as error:
            messages.error(request, gettext("The document cannot be made: %(problem)s") % {"problem": error})
            return HttpResponseRedirect(reverse("admin:connectors_dunningrun_proposal"))
        if content is None:
            raise Http404
        return pdf_response(content, gettext("Preview"), attachment=False)

    def _space(self, request: HttpRequest) -> Space:
        page: Any = self
        space = space_of(request)
        if space is None:
            raise Http404
        if not has_feature(request, page.feature) or not page.has_view_permission(request):
            raise PermissionDenied
        return space

    def _confirm(self, request: HttpRequest, space: Space) -> HttpResponse:
        """Issue what is ticked and still due. Whatever is not due any more, as after a second click, is left out."""
        page: Any = self
        if not page.has_operate_permission(request):
            raise PermissionDenied
        chosen = proposal_page.chosen_of(request)
        back = HttpResponseRedirect(reverse("admin:connectors_dunningrun_proposal"))
        if not chosen:
            messages.warning(request, gettext("Nothing was issued: no invoice is ticked."))
            return back
        dunning.upkeep(space)
        try:
            run = dunning.issue(space, dunning.local_day(space), chosen, request.user)  # type: ignore[arg-type]
        except dunning.DunningRefused as refused:
            messages.error(request, str(refused))
            return back
        _say(request, run)
        return HttpResponseRedirect(reverse("admin:connectors_dunningrun_change", args=[run.pk]))


@admin.register(DunningRun)
class DunningRunAdmin(ProposalViews, DunningReadPage):
    """The runs there were; each with its notices, and with what was left out."""

    page_template = "admin/connectors/dunning/run.html"
    list_display = ["day_shown", "started", "begun_by", "notice_count", "sums", "left_out"]
    list_display_links = ["day_shown"]
    list_filter: ClassVar[list[Any]] = ["source", "day"]
    actions = None
    nothing_yet = _("No run has issued anything yet. What is due stands under “Dunning run”.")

    def get_queryset(self, request: HttpRequest) -> QuerySet[DunningRun]:
        runs: QuerySet[DunningRun] = super().get_queryset(request).select_related("by", "space")
        return runs

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return JobChangeList

    def get_urls(self) -> list[URLPattern]:
        return [
            path("proposal/", self.admin_site.admin_view(self.proposal_view), name="connectors_dunningrun_proposal"),
            path(
                "proposal/<path:object_id>/preview/",
                self.admin_site.admin_view(self.preview_view),
                name="connectors_dunningrun_preview",
            ),
            *super().get_urls(),
        ]

    @admin.display(description=_("day"))
    def day_shown(self, run: DunningRun) -> str:
        return labels.day(run.day)

    @admin.display(description=_("started"))
    def started(self, run: DunningRun) -> str:
        return labels.moment(run.started_at)

    @admin.display(description=_("begun by"))
    def begun_by(self, run: DunningRun) -> str:
        return run.by.get_username() if run.by else run.get_source_display()

    @admin.display(description=_("total"))
    def sums(self, run: DunningRun) -> str:
        return _sums(run)

    @admin.display(description=_("left out"))
    def left_out(self, run: DunningRun) -> str:
        return str(len(run.dropped)) if run.dropped else "–"

    def page_context(self, request: HttpRequest, row: DunningRun) -> dict[str, Any]:
        notices = row.notices.select_related("level", "case__invoice").defer("data").order_by("pk")
        shown = list(notices[: NOTICES_SHOWN + 1])
        return {
            "run": row,
            "facts": [
                (gettext("Day"), labels.day(row.day)),
                (gettext("Started"), labels.moment(row.started_at)),
                (gettext("Begun by"), self.begun_by(row)),
                (gettext("Notices"), row.notice_count),
                (gettext("Total"), _sums(row)),
            ],
            "notices": [
                (notice, labels.money(notice.total, notice.currency), words.informed_tag(notice))
                for notice in shown[:NOTICES_SHOWN]
            ],
            "more_notices": len(shown) > NOTICES_SHOWN,
            "dropped": [
                (left["invoice"], [stored_why_not(code, params) for code, params in left["reasons"]])
                for left in row.dropped[:DROPPED_SHOWN]
            ],
            "more_dropped": len(row.dropped) > DROPPED_SHOWN,
        }


def _sums(run: DunningRun) -> str:
    return ", ".join(labels.money(Decimal(total), currency) for currency, total in run.totals.items()) or "–"


def _say(request: HttpRequest, run: DunningRun) -> None:
    if run.notice_count:
        text = ngettext("%(count)s notice is issued.", "%(count)s notices are issued.", run.notice_count)
        messages.success(request, text % {"count": run.notice_count})
    if run.dropped:
        text = ngettext(
            "%(count)s invoice is not due any more and was left out.",
            "%(count)s invoices are not due any more and were left out.",
            len(run.dropped),
        )
        messages.warning(request, text % {"count": len(run.dropped)})
