"""The stored document of a job, as a file and in the browser: GET, of the own Space only, byte for byte."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from printing.models import PrintJob
from printing.providers.errors import Reason
from printing.sentences import sentence

# What file systems and shells take amiss; umlauts are fine (RFC 5987).
_UNSAFE = re.compile(r'[\x00-\x1f\x7f"*/:<>?\\|]+')
# No "sandbox" here: browsers refuse to show a PDF in a sandboxed page. A PDF runs no script of ours all the same, and
# nosniff keeps it from being taken for anything else.
CONTENT_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'"


def file_name(title: str, mark: str = "") -> str:
    """The title as a file name; ``mark`` says what whoever finds the file has to know."""
    name = _UNSAFE.sub("-", title).strip(" .-")[:120] or "document"
    return f"{name} ({mark}).pdf" if mark else f"{name}.pdf"


class DownloadViews:
    """The two ways to a document; a part of the jobs' admin."""

    def download_view(self, request: HttpRequest, object_id: str) -> HttpResponse | FileResponse:
        return self._document(request, object_id, attachment=True)

    def show_view(self, request: HttpRequest, object_id: str) -> HttpResponse | FileResponse:
        return self._document(request, object_id, attachment=False)

    def _document(self, request: HttpRequest, object_id: str, *, attachment: bool) -> HttpResponse | FileResponse:
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        page: Any = self
        if not page.has_view_permission(request):
            raise PermissionDenied
        job: PrintJob = page.get_object(request, object_id)
        if job.document is None:
            raise Http404
        try:
            file = job.document.file.open("rb")
        except OSError as error:
            # Gone, or the storage does not answer: the job's page says which.
            gone = isinstance(error, FileNotFoundError)
            messages.error(request, sentence(Reason.DOCUMENT_GONE if gone else Reason.STORAGE_UNAVAILABLE, {}))
            return HttpResponseRedirect(reverse("admin:printing_printjob_change", args=[job.pk]))
        name = file_name(job.title, _("may have come out twice") if job.possible_duplicate else "")
        response = FileResponse(file, as_attachment=attachment, filename=name, content_type="application/pdf")
        response.headers["Cache-Control"] = "private, no-store"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Content-Security-Policy"] = CONTENT_POLICY
        return response
