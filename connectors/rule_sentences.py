"""What people read about rules: why one acts, and why another does not, in their language."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from babel.numbers import format_currency
from django.utils.formats import time_format
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import get_language, gettext_lazy, ngettext, to_locale
from django.utils.translation import gettext as _

from connectors.conditions import Circumstances, Condition, Conditions, Finding
from connectors.decisions import Decision, Obstacle
from connectors.issued_kinds import name_of
from connectors.models import CountryOf, Document, MailRule, PrintRule, Weekday
from printing.models import PrinterConfiguration
from spaces.choices import country_choices

_ADDRESSES = {CountryOf.BILLING: gettext_lazy("billing address"), CountryOf.DELIVERY: gettext_lazy("delivery address")}
# By condition: what is said where it holds, and where it does not.
_SENTENCES: dict[Condition, tuple[str | Promise, str | Promise]] = {
    Condition.COUNTRY: (
        gettext_lazy("the country of the %(address)s is %(country)s"),
        gettext_lazy("the country of the %(address)s is %(country)s and the rule wants %(countries)s"),
    ),
    Condition.AMOUNT_FROM: (
        gettext_lazy("the amount %(amount)s is at least %(bound)s"),
        gettext_lazy("the amount is %(amount)s and the rule wants at least %(bound)s"),
    ),
    Condition.AMOUNT_TO: (
        gettext_lazy("the amount %(amount)s is at most %(bound)s"),
        gettext_lazy("the amount is %(amount)s and the rule wants at most %(bound)s"),
    ),
    Condition.CUSTOMER_GROUP: (
        gettext_lazy("the customer group is “%(group)s”"),
        gettext_lazy("the customer group is “%(group)s” and the rule wants “%(wanted)s”"),
    ),
    Condition.DELIVERY_METHOD: (
        gettext_lazy("the delivery method is “%(method)s”"),
        gettext_lazy("the delivery method is “%(method)s” and the rule wants “%(wanted)s”"),
    ),
    Condition.WEEKDAY: (
        gettext_lazy("the day is a %(weekday)s"),
        gettext_lazy("the day is a %(weekday)s and the rule wants %(weekdays)s"),
    ),
    Condition.TIME: (
        gettext_lazy("the time is %(time)s"),
        gettext_lazy("the time is %(time)s and the rule wants %(times)s"),
    ),
}


def finding_sentence(finding: Finding, asked: Conditions, given: Circumstances) -> str:
    """A condition and how it came out, as a part of a sentence."""
    holds, fails = _SENTENCES[finding.condition]
    return str(holds if finding.holds else fails) % _VALUES[finding.condition](asked, given)


def decision_sentence(decision: Decision[PrintRule] | Decision[MailRule], default: PrinterConfiguration | None) -> str:
    """What a rule would do for an order, and every reason for it or against it; ``default`` is the Space's printer."""
    values = {"deed": _deed(decision, default)}
    if decision.acts:
        event = _("the event is “%(event)s”") % {"event": decision.event.label}
        return _("%(deed)s, because %(reasons)s.") % {
            **values,
            "reasons": _all([event, *_findings(decision, holds=True)]),
        }
    return _("%(deed)s, because %(reasons)s.") % {**values, "reasons": _all(_reasons_against(decision))}


def _deed(decision: Decision[PrintRule] | Decision[MailRule], default: PrinterConfiguration | None) -> str:
    rule = decision.rule
    document = name_of(decision.document) if decision.document else Document(rule.document).label
    if isinstance(rule, MailRule):
        sentence = _("Would e-mail: %(document)s") if decision.acts else _("Would not e-mail: %(document)s")
        return sentence % {"document": document}
    if not decision.acts:
        return _("Would not print: %(document)s") % {"document": document}
    return _("Would print: %(document)s, %(copies)s, on %(printer)s") % {
        "document": document,
        "copies": _copies(rule.copies or _copies_of(rule.configuration or default)),
        "printer": _printer(rule, default),
    }


def _copies(count: int) -> str:
    return ngettext("%(count)s copy", "%(count)s copies", count) % {"count": count}


def _copies_of(configuration: PrinterConfiguration | None) -> int:
    return configuration.copies if configuration is not None else 1


def _printer(rule: PrintRule, default: PrinterConfiguration | None) -> str:
    if rule.configuration is not None:
        name = f"“{rule.configuration}”"
    elif default is not None:
        name = _("the default printer “%(printer)s”") % {"printer": default}
    else:
        name = str(_("the default printer"))
    if rule.slip_configuration is None:
        return name
    return _("%(printer)s, the payment slip on “%(slip)s”") % {"printer": name, "slip": rule.slip_configuration}


def _findings(decision: Decision[PrintRule] | Decision[MailRule], *, holds: bool) -> list[str]:
    asked, given = decision.rule.conditions, decision.circumstances
    return [finding_sentence(finding, asked, given) for finding in decision.findings if finding.holds == holds]


def _reasons_against(decision: Decision[PrintRule] | Decision[MailRule]) -> list[str]:
    reasons = _findings(decision, holds=False)
    if decision.obstacle == Obstacle.NO_DOCUMENT:
        reasons.append(_("there is no such document of this order"))
    if decision.obstacle == Obstacle.EARLIER_RULE and isinstance(decision.rule, PrintRule):
        reasons.append(_("an earlier rule prints it on this printer already"))
    elif decision.obstacle == Obstacle.EARLIER_RULE:
        reasons.append(_("an earlier rule sends it already"))
    return reasons


def _all(parts: list[str]) -> str:
    return str(get_text_list(parts, _("and")))


def _country_values(asked: Conditions, given: Circumstances) -> dict[str, Any]:
    names = dict(country_choices())
    code = given.country(asked.country_of)
    return {
        "address": _ADDRESSES[CountryOf(asked.country_of)],
        "country": names.get(code, code),
        "countries": _either(sorted(names.get(wanted, wanted) for wanted in asked.countries)),
    }


def _amount_values(bound: Decimal | None, given: Circumstances) -> dict[str, Any]:
    assert bound is not None
    return {"amount": _money(given.amount, given.currency), "bound": _money(bound, given.currency)}


def _money(amount: Decimal, currency: str) -> str:
    return str(format_currency(amount, currency, locale=to_locale(get_language() or "en")))


def _times(asked: Conditions) -> str:
    begin, end = (time_format(value, "TIME_FORMAT") if value else "" for value in (asked.time_from, asked.time_to))
    if begin and end:
        return _("%(begin)s to %(end)s") % {"begin": begin, "end": end}
    return _("from %(begin)s") % {"begin": begin} if begin else _("before %(end)s") % {"end": end}


def _either(names: list[str]) -> str:
    return str(get_text_list(names, _("or")))


_VALUES: dict[Condition, Callable[[Conditions, Circumstances], dict[str, Any]]] = {
    Condition.COUNTRY: _country_values,
    Condition.AMOUNT_FROM: lambda asked, given: _amount_values(asked.amount_from, given),
    Condition.AMOUNT_TO: lambda asked, given: _amount_values(asked.amount_to, given),
    Condition.CUSTOMER_GROUP: lambda asked, given: {"group": given.customer_group, "wanted": asked.customer_group},
    Condition.DELIVERY_METHOD: lambda asked, given: {"method": given.delivery_method, "wanted": asked.delivery_method},
    Condition.WEEKDAY: lambda asked, given: {
        "weekday": Weekday(given.at.isoweekday()).label,
        "weekdays": _either([str(Weekday(day).label) for day in sorted(asked.weekdays)]),
    },
    Condition.TIME: lambda asked, given: {"time": time_format(given.at.time(), "TIME_FORMAT"), "times": _times(asked)},
}
