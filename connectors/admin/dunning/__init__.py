"""Dunning: the run, the cases, the flows, and the notices."""

from connectors.admin.dunning.flows import DunningFlowAdmin

__all__ = ["DunningFlowAdmin"]
