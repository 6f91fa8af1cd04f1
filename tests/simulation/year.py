"""The year itself: sales, money, worker and people at their times, done to the product through its services."""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

import time_machine
from django.db import transaction
from django.test import override_settings
from django.utils import timezone
from django_q.models import OrmQ

from connectors.mail import delivery
from connectors.models import Invoice, Payment, PaymentSource
from connectors.services import dunning, invoices, payments
from printing import dispatcher
from printing import tasks as printing_tasks
from tests.connectors.factories import invoice_of, receive
from tests.lab.smtp import SmtpServer, smtp_server
from tests.simulation.journal import Billed, Entry, Money
from tests.simulation.office import Office
from tests.simulation.onlooker import Onlooker
from tests.simulation.orders import order_of
from tests.simulation.plan import DAY, PAYMENT_DAYS, REFUSED, Habit, Plan, Sale, Spell
from tests.simulation.world import World

# Hours where the Space is: those in which the worker is looked at. The schedule asks each hour, but before 6 it is too
# early, and after the run it is done; one more of them on some days shows that.
RUN = 6
OTHER = (0, 3, 7, 15, None, None, None)
WORK = (6, 11, 16, 21)
OFFICE = 10

Step: TypeAlias = Callable[[], None]


class Year:
    """Goes through a plan hour by hour; the clock stands still while something happens."""

    def __init__(self, plan: Plan, world: World, mail: SmtpServer, say: Callable[[str], object]) -> None:
        self.plan = plan
        self.world = world
        self.mail = mail
        self.say = say
        self.chance = random.Random(f"{plan.seed} day by day")
        self.onlooker = Onlooker(world, mail)
        self.office = Office(self.onlooker, self.chance)
        self.invoices: dict[int, Invoice] = {}  # by sale
        self.waiting: dict[int, Sale] = {}  # who pays in the moment of a run, by the key of the invoice
        self.ways = itertools.cycle(["after", "between", "before"])  # the run, in turn
        self.paid: dict[int, Payment] = {}  # the last payment, by sale
        self.mail_is_up = True
        self.printer_is = "normal"
        self.other: int | None = None  # the hour of the day in which the schedule asks besides

    def run(self) -> list[Entry]:
        """Let it all happen; returns the journal."""
        # The waits of the lanes and of the queue are random too.
        random.seed(self.plan.seed)
        self.mail.refuse(*sorted({sale.customer.email for sale in self.plan.sales if REFUSED in sale.customer.email}))
        midnight = datetime.combine(self.plan.first_day, time(), UTC)
        with time_machine.travel(midnight, tick=False) as clock:
            for number in range(self.plan.days):
                day = self.plan.first_day + number * DAY
                for moment, step in self._agenda(day):
                    clock.move_to(moment, tick=False)
                    step()
                if day.day == 1 or number == self.plan.days - 1:
                    self._tell(day)
            self._catch_up()
            self.onlooker.close()
        return self.onlooker.journal

    def _agenda(self, day: date) -> list[tuple[datetime, Step]]:
        """What happens on a day (UTC), in order; what falls on the same minute, as it was put in."""
        begin = datetime.combine(day, time(), UTC)
        self.other = self.chance.choice(OTHER)
        steps: list[tuple[datetime, Step]] = []
        sales = [sale for sale in self.plan.sales if sale.day == day]
        if sales:
            steps.append((begin + self._minutes(), partial(self._sell, sales)))
        for sale, amount in self._money_of(day):
            steps.append((begin + self._minutes(), partial(self._pay_plan, sale, amount)))
        for moved_on, hour, zone in self.plan.moves:
            if moved_on == day:
                steps.append((begin + timedelta(hours=hour), partial(self.world.move, zone)))
        steps += [(begin + timedelta(hours=hour, minutes=5), self._hour) for hour in range(24)]
        return sorted(steps, key=lambda step: step[0])

    def _money_of(self, day: date) -> Iterator[tuple[Sale, Decimal]]:
        for sale in self.plan.sales:
            for after, amount in sale.money:
                if sale.day + after * DAY == day:
                    yield sale, amount

    def _minutes(self) -> timedelta:
        return timedelta(minutes=self.chance.randrange(24 * 60))

    # --- customers ---

    @transaction.atomic
    def _sell(self, sales: Iterable[Sale]) -> None:
        """All orders of a day, in one transaction."""
        for sale in sales:
            order = receive(self.world.space, connector=self.world.connector, **order_of(sale))
            invoice = self.invoices[sale.number] = invoice_of(order)
            if sale.habit is Habit.AT_THE_RUN:
                self.waiting[invoice.pk] = sale
            self.onlooker.journal.append(
                Billed(
                    at=timezone.now(),
                    invoice=invoice.number,
                    day=self._today(),
                    payment_days=PAYMENT_DAYS,
                    business=sale.customer.company,
                    prices_include_tax=sale.prices_include_tax,
                    lines=sale.lines,
                )
            )

    def _pay_plan(self, sale: Sale, amount: Decimal) -> None:
        if sale.number not in self.invoices:
            return  # later on the same day: the money came before the order
        if amount < 0:
            self._take_back(sale)
        else:
            self._pay(sale, amount)

    def _pay(self, sale: Sale, amount: Decimal) -> None:
        """Record money of today, or of a few days ago where the bank is slow."""
        invoice = self.invoices[sale.number]
        paid_on = max(self._today() - self.chance.choice([0, 0, 1, 3]) * DAY, invoice.issued_on)
        named: dict[str, Any] = {"invoice": invoice} if self.chance.random() < 0.5 else {"reference": invoice.number}
        payment, _new = payments.record(
            self.world.space,
            amount=amount,
            currency=invoice.currency,
            paid_on=paid_on,
            source=PaymentSource.IMPORT,
            **named,
        )
        self.paid[sale.number] = payment
        self.onlooker.journal.append(Money(timezone.now(), invoice.number, amount, paid_on))

    def _take_back(self, sale: Sale) -> None:
        payment = self.paid.pop(sale.number, None)
        if payment is None:
            return
        paid_on = max(self._today(), payment.paid_on)
        payments.reverse(payment, paid_on=paid_on)
        invoice = self.invoices[sale.number]
        self.onlooker.journal.append(Money(timezone.now(), invoice.number, -payment.amount, paid_on))

    # --- the worker, and people ---

    def _hour(self) -> None:
        """What happens in an hour: nothing at all while the installation is down."""
        now = timezone.now()
        hour = now.astimezone(self.world.space.zone).hour
        if _spell(self.plan.downtimes, now):
            return
        self._weather(now)
        # After a downtime the schedule asks at once.
        woke_up = _spell(self.plan.downtimes, now - timedelta(hours=1)) is not None
        if woke_up or hour in (RUN, self.other):
            self._scheduled()
        if woke_up or hour in WORK:
            self._work()
        if hour == OFFICE and self._today().weekday() < 5:
            printing_tasks.purge()
            OrmQ.objects.all().delete()  # the wake-ups: here nobody waits for any
            self.office.morning()

    def _weather(self, now: datetime) -> None:
        spell = _spell(self.plan.printer, now)
        mode = spell.what if spell else "normal"
        if mode != self.printer_is:
            self.world.printer.set(mode, message="Paper jam")
            self.printer_is = mode
        down = _spell(self.plan.mail, now) is not None
        if down and self.mail_is_up:
            self.mail.stop()
        elif not down and not self.mail_is_up:
            self.mail.start()
        self.mail_is_up = not down

    def _scheduled(self) -> None:
        invoices.mark_overdue()
        payers = self._payers()
        way = next(self.ways) if payers else ""
        if way == "before":
            self._pay_all(payers)
        if way == "between":
            # A person looks at the proposal; the money comes; the person confirms.
            dunning.upkeep(self.world.space, timezone.now())
            chosen = [item.invoice.pk for item in dunning.propose(self.world.space, self._today()).items]
            self._pay_all(payers)
            dunning.issue(self.world.space, self._today(), chosen)
        else:
            dunning.run_daily(self.world.space, timezone.now())
        self.onlooker.look()
        if way == "after":
            self._pay_all(payers)

    def _payers(self) -> list[Sale]:
        """Whose turn it is: they pay in the moment in which the notice of their level is due."""
        overdue = [pk for pk, sale in self.waiting.items() if sale.day + PAYMENT_DAYS * DAY < self._today()]
        items = dunning.propose(self.world.space, self._today(), only=overdue).items if overdue else ()
        due = [item.invoice.pk for item in items if item.level.position >= self.waiting[item.invoice.pk].pays_at_level]
        return [self.waiting.pop(pk) for pk in due]

    def _pay_all(self, sales: Iterable[Sale]) -> None:
        for sale in sales:
            self._pay(sale, sale.gross)

    def _work(self) -> None:
        """What a worker does in its time: the lanes, and the mails."""
        dispatcher.dispatch()
        delivery.send_due()
        self.onlooker.look()

    def _catch_up(self) -> None:
        assert self.mail_is_up, "the last weeks are calm"
        self._work()

    def _today(self) -> date:
        return dunning.local_day(self.world.space)

    def _tell(self, day: date) -> None:
        counts: dict[str, int] = defaultdict(int)
        for entry in self.onlooker.journal:
            counts[type(entry).__name__] += 1
        self.say(
            f"{day}: {counts['Billed']} invoices, {counts['Money']} payments, {counts['Noticed']} notices, "
            f"{counts['Left']} letters and e-mails"
        )


def _spell(spells: Iterable[Spell], now: datetime) -> Spell | None:
    for spell in spells:
        begin = datetime.combine(spell.day, time(spell.hour), UTC)
        if begin <= now < begin + timedelta(hours=spell.hours):
            return spell
    return None


@contextmanager
def mail_server(directory: Path) -> Iterator[SmtpServer]:
    """A real mail server as a process, and the product set up to send through it."""
    with smtp_server(directory) as server:
        settings = {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": server.port,
            "DEFAULT_FROM_EMAIL": "Pressroom <pressroom@print.example.com>",
            "PUBLIC_URL": "https://print.example.com",
        }
        with override_settings(**settings):
            yield server


def simulate(plan: Plan, directory: Path, say: Callable[[str], object] = lambda _line: None) -> list[Entry]:
    """Simulate a plan on the database that is set up; returns the journal."""
    with mail_server(directory / "mail") as mail:
        world = World()
        try:
            return Year(plan, world, mail, say).run()
        finally:
            world.tidy_up()
