"""Labels of printing in templates."""

from __future__ import annotations

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from printing import display, kinds
from printing.models import Printer, PrinterConfiguration, PrintJob
from printing.providers.base import PaperState
from printing.states import JobState

register = template.Library()


@register.filter
def document_kind(job: PrintJob) -> str:
    return kinds.label(job.document_kind)


@register.filter
def service_name(key: str) -> str:
    return display.service_name(key)


@register.filter
def last_words(printer: Printer) -> list[str]:
    return display.last_words(printer)


@register.simple_tag
def job_tag(job: PrintJob) -> SafeString:
    """The state, beside it what is known of the paper, and the marks."""
    tags = [display.state_tag(job)]
    if job.state == JobState.SUCCESSFUL and job.paper != PaperState.UNKNOWN:
        tags.append(SafeString(display.paper_tag(job)))
    return format_html_join(" ", "{}", ((one,) for one in [*tags, *display.job_marks(job)]))


@register.simple_tag
def printer_tags(configuration: PrinterConfiguration) -> SafeString:
    return format_html_join(" ", "{}", ((one,) for one in display.printer_tags(configuration)))
