"""No two told versions of a number of people are one to nine apart, and nothing follows by subtraction."""

import datetime as dt
import itertools
import threading
import time
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.signing import run_jobs
from tests.weekly import next_monday

from okat.city.core import clock, jobs, registries, weekly
from okat.city.core.models import AuditEntry, WeeklyFigures
from okat.city.core.steady import SMALLEST, Counted, Figure, anew, share, tens, within

GROUPS = ("a", "b", "c")
Person = tuple[str, bool]  # a group, and whether they were reached


@st.composite
def histories(draw: st.DrawFn) -> list[dict[str, int]]:
    """What is true at each drawing: people come, go, change their group or are reached between two of them."""
    people: dict[int, Person] = {}
    new, moments = itertools.count(), []
    kinds = st.tuples(st.sampled_from(GROUPS), st.booleans())
    for _ in range(draw(st.integers(1, 8))):
        for kind, number in draw(st.lists(st.tuples(kinds, st.integers(1, 24)), max_size=4)):
            people.update({next(new): kind for _ in range(number)})
        for one in draw(st.sets(st.sampled_from(sorted(people)), max_size=30)) if people else ():
            changed = draw(st.one_of(st.none(), kinds))
            if changed is None:
                del people[one]
            else:
                people[one] = changed
        moments.append(_numbers(people))
    return moments


def _numbers(people: Mapping[int, Person]) -> dict[str, int]:
    """Parts, their wholes, and what is left over of one within the other."""
    found = {"all": len(people), "reached": sum(reached for _group, reached in people.values())}
    for name in GROUPS:
        inside = [reached for group, reached in people.values() if group == name]
        found |= {name: len(inside), f"{name} reached": sum(inside), f"{name} waits": len(inside) - sum(inside)}
    return found


@given(histories())
@settings(deadline=None, max_examples=300)
def test_what_is_told_over_all_versions_tells_of_no_few(moments: list[dict[str, int]]) -> None:
    figures: dict[str, Figure] = {name: Figure() for name in moments[0]}
    every: list[int] = []
    counted: dict[str, list[int]] = {name: [] for name in figures}  # the people behind each told version
    for truth in moments:
        for name, people in truth.items():
            before, now = figures[name], anew(figures[name], Counted(people))
            figures[name] = now
            if now.at is None:
                assert people < SMALLEST
                continue
            assert now.told is not None
            assert now.told >= SMALLEST  # held-back rules hold in each version
            base = now.was[now.at][0]
            assert abs(base - people) < SMALLEST
            if len(now.was) > len(before.was):
                assert base == people  # told for the first time
                assert abs(now.told - people) <= 5
            counted[name].append(base)
            every.append(now.told)
    for bases in counted.values():
        for one, other in itertools.combinations(bases, 2):
            assert one == other or abs(one - other) >= SMALLEST
            assert (one == other) == (tens(one) == tens(other))
    # Whoever adds up and subtracts told numbers of any names and any versions has a whole ten.
    assert all(told % SMALLEST == 0 for told in every)


def test_a_part_and_its_whole_told_on_two_days_leave_nobody_over() -> None:
    """Men are ten more and told anew; one woman came, and would be the rest of the whole that is told anew too."""
    first = {"all": Figure(), "men": Figure(), "women": Figure()}
    told = {name: anew(figure, Counted(n)) for (name, figure), n in zip(first.items(), (203, 102, 101), strict=True)}
    later = {name: anew(figure, Counted(n)) for (name, figure), n in zip(told.items(), (214, 112, 102), strict=True)}
    assert [figure.told for figure in told.values()] == [200, 100, 100]
    assert [figure.told for figure in later.values()] == [210, 110, 100]


def test_a_number_that_comes_back_near_an_earlier_one_is_that_one_again() -> None:
    """100, then 111, then 101: the first and the third would be one person apart."""
    figure, seen = Figure(), []
    for people in (100, 109, 111, 101, 3, 99, 90):
        figure = anew(figure, Counted(people, more=people))
        seen.append((figure.told, figure.more))
    assert seen == [(100, 100), (100, 100), (110, 111), (100, 100), (None, None), (100, 100), (90, 90)]


@pytest.mark.parametrize(("people", "least", "told"), [(0, 10, None), (9, 10, None), (10, 10, 10), (11, 12, None),
                                                       (12, 12, 10), (15, 10, 20), (9, 5, None)])  # fmt: skip
def test_from_how_many_on_a_number_is_told(people: int, least: int, told: int | None) -> None:
    assert anew(Figure(), Counted(people, least)).told == told


def test_percents_follow_from_what_is_told() -> None:
    assert share(10, 40) == 25
    assert share(20, 10) == 100  # each was told on another day
    assert share(None, 40) is share(10, None) is None


def test_no_part_stands_larger_than_its_whole() -> None:
    assert (within(30, 20), within(10, 20), within(30, None), within(None, 20)) == (20, 10, 30, None)


@pytest.fixture
def people(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """What a sheet of the test's own counts."""
    truth = {"here": 12}
    items = {**dict(registries.FIGURES), "test": lambda _of: dict(truth)}
    monkeypatch.setattr(registries.FIGURES, "_items", items)
    return truth


@pytest.mark.django_db
def test_a_sheet_is_drawn_at_the_first_ask_and_then_on_mondays_alone(people: dict[str, int]) -> None:
    monday = dt.datetime(2026, 11, 30, 3, tzinfo=dt.UTC)
    with clock.at(monday + dt.timedelta(days=2)):
        assert weekly.told("test").number("here") == 10
        people["here"] = 40
        assert weekly.told("test").number("here") == 10
        assert AuditEntry.objects.filter(verb="core.draw_figures").count() == 1
    with clock.at(monday + dt.timedelta(days=6)):
        assert not weekly.due()
    with clock.at(monday + dt.timedelta(days=9)):  # the Monday between was missed
        (row,) = weekly.due()
        sheet = weekly.told("test")
        assert (sheet.number("here"), sheet.day) == (10, dt.date(2026, 12, 2))  # whoever reads draws nothing
        weekly.draw(kind=row.kind, of=row.of, by=None)
        sheet = weekly.told("test")
        assert (sheet.number("here"), sheet.day) == (40, dt.date(2026, 12, 9))
        people["here"] = 80
        weekly.draw(kind=row.kind, of=row.of, by=None)  # another process was first
        assert weekly.told("test").number("here") == 40


@pytest.mark.django_db
def test_what_was_drawn_under_a_clock_that_was_wrong_does_not_stand_until_that_day(people: dict[str, int]) -> None:
    monday = dt.datetime(2026, 11, 30, 3, tzinfo=dt.UTC)
    with clock.at(monday + dt.timedelta(days=400)):
        weekly.told("test")
    people["here"] = 40
    with clock.at(monday + dt.timedelta(days=2)):
        (row,) = weekly.due()
        weekly.draw(kind=row.kind, of=row.of, by=None)
        sheet = weekly.told("test")
        assert (sheet.number("here"), sheet.day) == (40, dt.date(2026, 12, 2))
        assert weekly.due() == []


@pytest.mark.django_db
def test_the_clock_draws_what_is_due_and_one_that_fails_keeps_none_of_the_others(
    people: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    weekly.told("test", ["4001"])
    broken: dict[str, Any] = {**dict(registries.FIGURES), "broken": lambda _of: {"x": 10}}
    monkeypatch.setattr(registries.FIGURES, "_items", broken)
    weekly.told("broken")
    WeeklyFigures.objects.create(id="gone", kind="no longer", of="", numbers={}, drawn_on=dt.date(2020, 1, 1))
    monkeypatch.setitem(broken, "broken", lambda _of: {}["x"])
    people["here"] = 31
    with pytest.raises(ExceptionGroup):
        next_monday()
    assert weekly.told("test", ["4001"]).number("here") == 30
    assert weekly.told("broken").number("x") == 10  # as last told


@pytest.mark.django_db
def test_reading_a_sheet_is_one_statement(people: dict[str, int]) -> None:
    weekly.told("test")
    with CaptureQueriesContext(connection) as seen:
        weekly.told("test")
    assert len(seen) == 1


@pytest.mark.django_db(transaction=True)
def test_of_several_who_ask_first_at_once_one_draws(people: dict[str, int], monkeypatch: pytest.MonkeyPatch) -> None:
    given_, drawn, waiting = itertools.count(20, 30), list[str](), threading.Event()

    def count(_of: Any) -> dict[str, int]:
        with connection.cursor() as cursor:
            cursor.execute("show statement_timeout")
            drawn.append(cursor.fetchone()[0])
        waiting.wait(timeout=20)  # until the others wait for the row
        return {"here": next(given_)}

    monkeypatch.setattr(registries.FIGURES, "_items", {"test": count})
    seen: list[int | None] = []

    def ask() -> None:
        try:
            seen.append(weekly.told("test").number("here"))
        finally:
            connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    with connection.cursor() as cursor:
        for _ in range(400):
            cursor.execute("select count(*) from pg_locks where locktype = 'advisory' and not granted")
            if cursor.fetchone()[0] == 3:
                break
            time.sleep(0.05)
        cursor.execute("show statement_timeout")
        as_any_page = cursor.fetchone()[0]
    waiting.set()
    for thread in threads:
        thread.join()
    assert seen == [20] * 4
    assert drawn == [as_any_page]  # a page takes no more time than it is given elsewhere
    assert WeeklyFigures.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_takes_longer_than_a_page_may_is_told_by_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    def count(_of: Any) -> dict[str, int]:
        with connection.cursor() as cursor:
            cursor.execute("select pg_sleep(0.5)")
        return {"here": 30}

    monkeypatch.setattr(registries.FIGURES, "_items", {"test": count})
    with connection.cursor() as cursor:
        cursor.execute("set statement_timeout = '100ms'")
        try:
            for _ in range(2):
                sheet = weekly.told("test")
                assert (sheet.number("here"), sheet.day) == (None, None)
            (row,) = weekly.due()
            weekly.draw(kind=row.kind, of=row.of, by=None, longest=weekly.LONGEST)
        finally:
            cursor.execute("reset statement_timeout")
    assert weekly.told("test").number("here") == 30


@pytest.mark.django_db
def test_what_is_drawn_stands_though_somebody_left_it_to_the_worker_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    def count(_of: Any) -> dict[str, int]:
        row = WeeklyFigures(pk=weekly._key("test", ""), kind="test", of="", numbers={}, drawn_on=weekly.NEVER)
        WeeklyFigures.objects.bulk_create([row], ignore_conflicts=True)
        return {"here": 30}

    monkeypatch.setattr(registries.FIGURES, "_items", {"test": count})
    assert weekly.told("test").number("here") == 30
    assert weekly.told("test").number("here") == 30


@pytest.mark.django_db
def test_a_sheet_that_nobody_reads_rests_and_one_that_told_nothing_is_let_go(people: dict[str, int]) -> None:
    monday = dt.datetime(2026, 11, 30, 3, tzinfo=dt.UTC)
    week = dt.timedelta(days=7)
    with clock.at(monday):
        weekly.told("test")
        people["here"] = 3
        weekly.told("test", "few")
        people["here"] = 40
    for weeks in (1, 2, 3, 4):
        with clock.at(monday + weeks * week):
            assert len(weekly.due()) == 2
            next_monday()  # the clock's work
            assert WeeklyFigures.objects.count() == 2
    WeeklyFigures.objects.filter(of="few").update(numbers={})
    with clock.at(monday + 5 * week):
        assert weekly.due() == []
        people["here"] = 90
        jobs.defer("core.draw_figures")
        run_jobs()
        (row,) = WeeklyFigures.objects.all()  # what it was told at keeps later versions apart
        assert (row.of, AuditEntry.objects.filter(verb="core.let_go_figures").count()) == ("", 1)
        sheet = weekly.told("test")
        assert (sheet.number("here"), sheet.day < clock.today()) == (40, True)  # whoever reads draws nothing
        assert [each.pk for each in weekly.due()] == [row.pk]  # the next night
        with CaptureQueriesContext(connection) as seen:
            weekly.told("test")
        assert len(seen) == 1  # that it is read is written once a week
