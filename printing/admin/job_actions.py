"""What can be done with a print job: each a POST, by whoever may operate the Space."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from printing.admin.printer_actions import once_key
from printing.models import PrinterConfiguration, PrintJob
from printing.services import NotPossible, cancel, reprint, reprint_both, reschedule, reschedule_both
from printing.states import ENDED

BULK_LIMIT = 1_000


class JobActions:
    """The buttons of a job's page and the actions of the list; a part of the jobs' admin."""

    def _posted(self, request: HttpRequest, object_id: str) -> PrintJob | HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        page: Any = self
        job: PrintJob = page.get_object(request, object_id)
        if not page.has_operate_permission(request):
            raise PermissionDenied
        return job

    def reschedule_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        job = self._posted(request, object_id)
        if isinstance(job, HttpResponse):
            return job
        return self._done(request, job, reschedule, _("The job is sent once more."), "rescheduled")

    def reschedule_both_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """For two jobs that belong together, as a letter and its payment slip."""
        job = self._posted(request, object_id)
        if isinstance(job, HttpResponse):
            return job
        return self._done(request, job, reschedule_both, _("Both are sent once more."), "rescheduled")

    def cancel_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        job = self._posted(request, object_id)
        if isinstance(job, HttpResponse):
            return job
        return self._done(request, job, cancel, _("The job is canceled. Nothing comes out."), "canceled")

    def _done(
        self, request: HttpRequest, job: PrintJob, act: Callable[[PrintJob], object], text: str, verb: str
    ) -> HttpResponse:
        try:
            act(job)
        except NotPossible as error:
            messages.warning(request, str(error))
        else:
            page: Any = self
            page.log_change(request, job, [{"changed": {"fields": [verb]}}])
            messages.success(request, text)
        return _job_page(job)

    def print_again_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """A job of its own with the same document; a second click on the same button leads to the same one."""
        job = self._posted(request, object_id)
        if isinstance(job, HttpResponse):
            return job
        if job.state not in ENDED:
            messages.warning(request, _("This job has not ended yet: it is going to be printed anyway."))
            return _job_page(job)
        configuration = _chosen(request, job)
        if configuration is None:
            messages.warning(request, _("This printer is not in use any more. Choose another one."))
            return _job_page(job)
        again = reprint(
            job,
            configuration=configuration,
            created_by=request.user,  # type: ignore[arg-type]
            # The back button leads to the same token: another printer chosen there is another wish.
            event_key=once_key(request, f"reprint:{configuration.pk}"),
        )
        if again is None:
            messages.warning(request, _("Printing is not activated in this Space."))
            return _job_page(job)
        messages.success(request, _("The document is printed again. This is its new job."))
        return _job_page(again)

    def print_both_again_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        job = self._posted(request, object_id)
        if isinstance(job, HttpResponse):
            return job
        key = once_key(request, "reprint")
        try:
            again = reprint_both(job, created_by=request.user, event_key=key)  # type: ignore[arg-type]
        except NotPossible as error:
            messages.warning(request, str(error))
            return _job_page(job)
        if not again:
            messages.warning(request, _("Printing is not activated in this Space."))
            return _job_page(job)
        messages.success(request, _("Both are printed again. This is the first of the two new jobs."))
        return _job_page(again[0])

    @admin.action(description=gettext_lazy("Reschedule failed jobs"), permissions=["operate"])
    def reschedule_selected(self, request: HttpRequest, queryset: QuerySet[PrintJob]) -> None:
        done, refused = _each(queryset, reschedule)
        if done:
            text = ngettext("%(count)s job is sent once more.", "%(count)s jobs are sent once more.", done)
            messages.success(request, text % {"count": done})
        _tell_refused(request, refused)

    @admin.action(description=gettext_lazy("Cancel waiting jobs"), permissions=["operate"])
    def cancel_selected(self, request: HttpRequest, queryset: QuerySet[PrintJob]) -> None:
        done, refused = _each(queryset, cancel)
        if done:
            text = ngettext("%(count)s job is canceled.", "%(count)s jobs are canceled.", done)
            messages.success(request, text % {"count": done})
        _tell_refused(request, refused)


def _chosen(request: HttpRequest, job: PrintJob) -> PrinterConfiguration | None:
    """The printer on which a person wants it again, its own without a choice; None where nothing can be sent to it."""
    wanted = request.POST.get("configuration", str(job.configuration_id or ""))
    usable = PrinterConfiguration.objects.in_space(job.space).usable()
    found: PrinterConfiguration | None = usable.filter(pk=wanted if wanted.isdecimal() else 0).first()
    return found


def _each(queryset: QuerySet[PrintJob], act: Callable[[PrintJob], None]) -> tuple[int, list[str]]:
    """Do it job by job, oldest first as they were printed: one that cannot does not hold up the others."""
    done, refused = 0, []
    for job in queryset.order_by("pk")[:BULK_LIMIT]:
        try:
            act(job)
        except NotPossible as error:
            refused.append(str(error))
        else:
            done += 1
    return done, refused


def _tell_refused(request: HttpRequest, refused: list[str]) -> None:
    for sentence in dict.fromkeys(refused):
        count = refused.count(sentence)
        text = ngettext(
            "%(count)s job was left as it is: %(why)s", "%(count)s jobs were left as they are: %(why)s", count
        )
        messages.warning(request, text % {"count": count, "why": sentence})


def _job_page(job: PrintJob) -> HttpResponse:
    return HttpResponseRedirect(reverse("admin:printing_printjob_change", args=[job.pk]))
