"""Once a day, in the morning where the Space is; after downtime later, and never twice."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django_q.models import OrmQ, Schedule

from connectors import tasks
from connectors.models import CaseState, DunningCase, DunningFlow, DunningNotice, DunningRun, RunSource
from connectors.schedules import DUN, install_schedules
from connectors.services import dunning
from printing.models import PrintJob
from printing.states import JobState
from spaces.models import Feature, FeatureName, Space
from tests.connectors.dunning.steps import noon
from tests.connectors.dunning_factories import DUE, DunningFlowFactory, overdue_invoice

pytestmark = pytest.mark.django_db
MONDAY = DUE + timedelta(days=7)  # 23 March 2026; on the 29th clocks go forward


def hours(space: Space, begin: datetime, count: int) -> list[datetime]:
    """Ask each hour, as the schedule does; the hours in which it ran."""
    moments = (begin + timedelta(hours=number) for number in range(count))
    return [moment for moment in moments if dunning.run_daily(space, moment) is not None]


def at(day: date, hour: int) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "hour"), [("Europe/Berlin", 5), ("Europe/London", 6), ("America/New_York", 10), ("Asia/Tokyo", 21)]
)
def test_it_runs_in_the_morning_where_the_space_is(dunning_space: Space, zone: str, hour: int) -> None:
    """23 March, winter time in Europe and summer time in New York already; nine hours ahead of UTC in Tokyo."""
    Space.objects.filter(pk=dunning_space.pk).update(time_zone=zone)
    space = Space.objects.get(pk=dunning_space.pk)
    hours(space, at(MONDAY, 0), 1)  # where it is later already, the day's run
    ran = hours(space, at(MONDAY, 1), 48)
    assert [moment.hour for moment in ran] == [hour, hour]


def test_a_clock_set_forward_or_back_makes_neither_two_runs_nor_none(dunning_space: Space) -> None:
    """29 March and 25 October 2026: days of 23 and of 25 hours."""
    for sunday in (date(2026, 3, 29), date(2026, 10, 25)):
        ran = hours(dunning_space, at(sunday - timedelta(days=1), 0), 3 * 24)
        days = [moment.astimezone(dunning_space.zone).date() for moment in ran]
        assert days == [sunday + timedelta(days=number) for number in range(-1, 2)]
        assert {moment.astimezone(dunning_space.zone).hour for moment in ran} == {6}


def test_a_worker_that_was_down_runs_later_that_day(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1)
    overdue_invoice(dunning_space)
    ran = hours(dunning_space, at(MONDAY, 17), 3)
    assert [moment.hour for moment in ran] == [17]
    run = DunningRun.objects.get()
    assert (run.day, run.source, run.notice_count, run.by) == (MONDAY, RunSource.SCHEDULE, 1, None)


def test_days_that_were_missed_are_not_run_afterwards_and_no_level_is_skipped(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=3)
    overdue_invoice(dunning_space)
    hours(dunning_space, at(MONDAY + timedelta(days=60), 0), 72)
    assert DunningRun.objects.count() == 3
    assert [notice.position for notice in DunningNotice.objects.all()] == [1]


def test_flows_that_a_person_confirms_are_left_to_that_person(dunning_space: Space) -> None:
    flow = DunningFlowFactory(space=dunning_space, levels=1, automatic=False)
    overdue_invoice(dunning_space)
    assert hours(dunning_space, at(MONDAY, 0), 24)
    assert not DunningNotice.objects.exists()
    assert dunning.propose(dunning_space, MONDAY).items
    DunningFlow.objects.filter(pk=flow.pk).update(automatic=True)
    hours(dunning_space, at(MONDAY + timedelta(days=1), 0), 24)
    assert DunningNotice.objects.count() == 1


def test_before_each_run_it_is_noted_who_was_informed(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1)
    overdue_invoice(dunning_space)
    hours(dunning_space, at(MONDAY, 6), 1)
    PrintJob.objects.filter(document_kind="dunning_notice").change_state(JobState.SUCCESSFUL, accepted_at=noon(MONDAY))
    dunning.run_daily(dunning_space, at(MONDAY, 13))  # no run, it is done; the hourly work all the same
    assert DunningNotice.objects.get().informed_at == noon(MONDAY)
    assert DunningCase.objects.get().state == CaseState.RUNNING
    dunning.run_daily(dunning_space, at(MONDAY + timedelta(days=8), 6))
    assert DunningCase.objects.get().state == CaseState.FAILED


def test_without_the_feature_nothing_happens(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1)
    overdue_invoice(dunning_space)
    Feature.objects.filter(name=FeatureName.DUNNING).delete()
    assert hours(dunning_space, at(MONDAY, 0), 24) == []
    assert not DunningCase.objects.exists()
    assert not DunningRun.objects.exists()


def test_each_space_that_duns_is_a_task_of_its_own(dunning_space: Space, stranger: Any) -> None:
    OrmQ.objects.all().delete()
    assert tasks.dun_all() == 1
    (queued,) = OrmQ.objects.all()
    assert (queued.task["func"], queued.task["args"]) == ("connectors.tasks.dun", (dunning_space.pk,))


def test_the_task_runs_the_space_and_a_space_that_is_gone_is_none(dunning_space: Space) -> None:
    DunningFlowFactory(space=dunning_space, levels=1)
    overdue_invoice(dunning_space)
    with time_machine.travel(at(MONDAY, 6), tick=False):
        assert [tasks.dun(dunning_space.pk), tasks.dun(dunning_space.pk), tasks.dun(0)] == [1, 0, 0]


def test_it_is_asked_each_hour() -> None:
    install_schedules()
    assert Schedule.objects.get(func=DUN).schedule_type == Schedule.HOURLY
