"""Dunning: what is due (proposal), what is issued (issuing), and what becomes of the cases.

Everything takes its day or moment from the caller, who may leave moments out for now.
"""

from connectors.services.dunning.cases import (
    DunningRefused,
    cancel,
    case_for,
    close_finished,
    invoice_canceled,
    open_cases,
    reopened,
    resume,
    settled,
    suspend,
    write_off,
)
from connectors.services.dunning.facts import local_day
from connectors.services.dunning.informed import note_informed, task_done, withdraw_notice
from connectors.services.dunning.issuing import issue
from connectors.services.dunning.preview import preview
from connectors.services.dunning.proposal import Exclusion, Proposal, ProposalItem, propose
from connectors.services.dunning.schedule import run_daily, upkeep

__all__ = [
    "DunningRefused",
    "Exclusion",
    "Proposal",
    "ProposalItem",
    "cancel",
    "case_for",
    "close_finished",
    "invoice_canceled",
    "issue",
    "local_day",
    "note_informed",
    "open_cases",
    "preview",
    "propose",
    "reopened",
    "resume",
    "run_daily",
    "settled",
    "suspend",
    "task_done",
    "upkeep",
    "withdraw_notice",
    "write_off",
]
