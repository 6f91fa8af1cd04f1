"""Dunning: the run, the cases, the flows, and the notices."""

from connectors.admin.dunning.cases import DunningCaseAdmin
from connectors.admin.dunning.flows import DunningFlowAdmin
from connectors.admin.dunning.notices import DunningNoticeAdmin
from connectors.admin.dunning.runs import DunningRunAdmin

__all__ = ["DunningCaseAdmin", "DunningFlowAdmin", "DunningNoticeAdmin", "DunningRunAdmin"]
