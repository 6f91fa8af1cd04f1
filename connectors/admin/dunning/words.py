"""How dunning says things in pages: coloured labels of cases and notices."""

from __future__ import annotations

from django.utils.safestring import SafeString
from django.utils.translation import gettext

from connectors.admin import labels
from connectors.models import CaseState, DunningCase, DunningChannel, DunningNotice
from printing import display

CASE_TONES = {
    CaseState.RUNNING: "wait",
    CaseState.SUSPENDED: "warn",
    CaseState.CANCELED: "plain",
    CaseState.DERECOGNIZED: "plain",
    CaseState.FAILED: "bad",
    CaseState.SUCCEEDED: "good",
}


def case_tag(case: DunningCase) -> SafeString:
    return display.tag(case.get_state_display(), CASE_TONES[CaseState(case.state)])


def informed_tag(notice: DunningNotice) -> SafeString | str:
    """When the customer was informed by a notice; or that this is not so yet, or will not be."""
    if notice.withdrawn_at:
        return display.tag(gettext("withdrawn"), "plain")
    if notice.informed_at:
        return labels.moment(notice.informed_at)
    if notice.channel == DunningChannel.TASK:
        return display.tag(gettext("task to be done"), "warn")
    return display.tag(gettext("on its way"), "wait")


def level_of(case: DunningCase) -> str:
    """The level of the last notice, by its number and name; of cases that come with their flow's levels."""
    if not case.level_position:
        return gettext("none yet")
    names = [str(level) for level in case.flow.levels.all() if level.position == case.level_position]
    return names[0] if names else str(case.level_position)
