"""Rules: when this happens to an order of a connector, and these conditions hold, print or e-mail that."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from connectors.conditions import Conditions
from connectors.models.connector import Connector
from connectors.models.fields import amount_field
from connectors.models.slip import Slip
from printing.constants import MAX_COPIES
from printing.models import PrinterConfiguration
from spaces.choices import country_choices

AMOUNTS_CROSSED = _("“Amount from” is larger than “amount to”.")
CREDIT_NOTE_ALONE = _("A credit note comes with the event “Credit note issued”, and nothing else comes with it.")
NO_TIME = _("“Time from” and “time to” are the same; leave both empty for any time.")


class Event(models.TextChoices):
    """What can happen to an order."""

    RECEIVED = "received", _("Order received")
    PAID = "paid", _("Order paid")
    SHIPPED = "shipped", _("Order shipped")
    INVOICE_ISSUED = "invoice_issued", _("Invoice issued")
    CREDIT_NOTE_ISSUED = "credit_note_issued", _("Credit note issued")


class Document(models.TextChoices):
    """What can be printed and e-mailed of an order. The values are the keys under which printing knows the kinds."""

    INVOICE = "invoice", _("Invoice")
    PACKING_SLIP = "packing_slip", _("Packing slip")
    CREDIT_NOTE = "credit_note", _("Credit note")


def documents_of(event: str) -> tuple[Document, ...]:
    """What a rule may bring with this event: a credit note with its own event and with no other."""
    credit_note = event == Event.CREDIT_NOTE_ISSUED
    return tuple(document for document in Document if (document == Document.CREDIT_NOTE) == credit_note)


class CountryOf(models.TextChoices):
    """Whose country a rule looks at."""

    BILLING = "billing", _("Billing address")
    DELIVERY = "delivery", _("Delivery address")


class Weekday(models.IntegerChoices):
    """Days of the week, as ISO 8601 counts them."""

    MONDAY = 1, _("Monday")
    TUESDAY = 2, _("Tuesday")
    WEDNESDAY = 3, _("Wednesday")
    THURSDAY = 4, _("Thursday")
    FRIDAY = 5, _("Friday")
    SATURDAY = 6, _("Saturday")
    SUNDAY = 7, _("Sunday")


class Rule(models.Model):
    """What all rules have: the event, the document, and conditions, of which an empty one always holds."""

    event = models.CharField(_("event"), max_length=32, choices=Event.choices)
    document = models.CharField(_("document"), max_length=16, choices=Document.choices)
    # ISO 3166-1 codes.
    countries = models.JSONField(_("countries"), default=list, blank=True)
    country_of = models.CharField(
        _("country of the"), max_length=16, choices=CountryOf.choices, default=CountryOf.BILLING
    )
    amount_from = amount_field(
        _("amount from"), null=True, blank=True, help_text=_("The order's total, in its own currency.")
    )
    amount_to = amount_field(_("amount to"), null=True, blank=True, help_text=_("This amount itself included."))
    customer_group = models.CharField(_("customer group"), max_length=64, blank=True)
    delivery_method = models.CharField(_("delivery method"), max_length=100, blank=True)
    # Numbers of Weekday.
    weekdays = models.JSONField(_("weekdays"), default=list, blank=True)
    time_from = models.TimeField(_("time from"), null=True, blank=True, help_text=_("In the Space's time zone."))
    time_to = models.TimeField(
        _("time to"), null=True, blank=True, help_text=_("Excluded. Before “from”: past midnight.")
    )

    class Meta:
        abstract = True
        # The first that fits decides.
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_from=None) | Q(amount_to=None) | Q(amount_from__lte=F("amount_to")),
                name="%(class)s_amounts_in_order",
                violation_error_message=AMOUNTS_CROSSED,
            ),
            # As documents_of() has it.
            models.CheckConstraint(
                condition=Q(event="credit_note_issued", document="credit_note")
                | ~Q(event="credit_note_issued") & ~Q(document="credit_note"),
                name="%(class)s_credit_note_with_its_event",
                violation_error_message=CREDIT_NOTE_ALONE,
            ),
            models.CheckConstraint(
                condition=Q(time_from=None) | Q(time_to=None) | ~Q(time_from=F("time_to")),
                name="%(class)s_some_time_of_day",
                violation_error_message=NO_TIME,
            ),
        ]

    def __str__(self) -> str:
        name = f"{self.get_event_display()} → {self.get_document_display()}"
        if self.conditions == Conditions(country_of=self.country_of):
            return name
        return str(_("%(rule)s, on conditions") % {"rule": name})

    @property
    def conditions(self) -> Conditions:
        return Conditions(
            countries=frozenset(self.countries),
            country_of=self.country_of,
            amount_from=self.amount_from,
            amount_to=self.amount_to,
            customer_group=self.customer_group,
            delivery_method=self.delivery_method,
            weekdays=frozenset(self.weekdays),
            time_from=self.time_from,
            time_to=self.time_to,
        )

    def clean(self) -> None:
        known = {code for code, _name in country_choices()}
        if not isinstance(self.countries, list) or not set(self.countries) <= known:
            raise ValidationError({"countries": _("Choose countries of the list.")})
        if not isinstance(self.weekdays, list) or not set(self.weekdays) <= set(Weekday.values):
            raise ValidationError({"weekdays": _("Choose days of the week.")})
        # As the constraints, but at the field: forms of several rows show nothing above a row.
        if self.amount_from is not None and self.amount_to is not None and self.amount_from > self.amount_to:
            raise ValidationError({"amount_from": AMOUNTS_CROSSED})
        if self.time_from is not None and self.time_from == self.time_to:
            raise ValidationError({"time_from": NO_TIME})
        if self.document and self.document not in documents_of(self.event):
            raise ValidationError({"document": CREDIT_NOTE_ALONE})


class PrintRule(Rule):
    """When this happens to an order of the connector, print that."""

    connector = models.ForeignKey(Connector, models.CASCADE, related_name="rules", verbose_name=_("connector"))
    configuration = models.ForeignKey(
        PrinterConfiguration,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("printer"),
        help_text=_("Empty: the default printer of the Space."),
    )
    slip_configuration = models.ForeignKey(
        PrinterConfiguration,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("printer of the payment slip"),
        help_text=_("Such as the tray with perforated paper. Empty: the slip comes with its invoice."),
    )
    copies = models.PositiveSmallIntegerField(
        _("copies"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_COPIES)],
        help_text=_("Empty: as many as the printer is set to."),
    )

    class Meta(Rule.Meta):
        verbose_name = _("print rule")
        verbose_name_plural = _("print rules")
        constraints = [
            *Rule.Meta.constraints,
            models.CheckConstraint(
                condition=Q(copies=None) | Q(copies__gte=1, copies__lte=MAX_COPIES),
                name="rule_copies_in_range",
                violation_error_message=_("Between 1 and 99 copies can be printed."),
            ),
        ]

    def clean(self) -> None:
        super().clean()
        if self.configuration is not None and self.configuration.space_id != self.connector.space_id:
            raise ValidationError({"configuration": _("This printer does not belong to the Space.")})
        if self.slip_configuration is not None:
            self._check_slip(self.slip_configuration)

    def _check_slip(self, configuration: PrinterConfiguration) -> None:
        problem = None
        if configuration.space_id != self.connector.space_id:
            problem = _("This printer does not belong to the Space.")
        elif self.document != Document.INVOICE:
            problem = _("Only invoices have a payment slip; leave this empty.")
        elif self.connector.slip != Slip.PAGE:
            problem = _("Only a payment slip on a page of its own is printed apart; choose this in the connector.")
        if problem is not None:
            raise ValidationError({"slip_configuration": problem})


class MailRule(Rule):
    """When this happens to an order of the connector, e-mail that to the customer."""

    connector = models.ForeignKey(Connector, models.CASCADE, related_name="mail_rules", verbose_name=_("connector"))

    class Meta(Rule.Meta):
        verbose_name = _("e-mail rule")
        verbose_name_plural = _("e-mail rules")
