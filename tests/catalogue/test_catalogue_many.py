"""Many at once: all or nothing, the same row twice is one opportunity, and statements do not grow with rows."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.catalogue.conftest import OLDER, SmallCity, published, weaving

from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.models import Opportunity, Pledge, Session
from okat.city.catalogue.rules import CatalogueError, Status
from okat.city.catalogue.rules.rows import PledgeRow, SessionRow
from okat.city.core import audit


def evening() -> SessionRow:
    start = dt.datetime(2026, 12, 7, 17, 0, tzinfo=timezone.get_default_timezone())
    return SessionRow(start, start + dt.timedelta(hours=3))


def test_a_row_becomes_an_opportunity_with_all_that_follows(city: SmallCity) -> None:
    row = weaving(
        rule=OLDER,
        sessions=(evening(),),
        pledges=(PledgeRow("humanities", "room-hours", "hour", Decimal(30)),),
        reserves=({"group": "older", "seats": 5},),
    )
    (made,) = published(city, row)
    assert (made.status, made.slots, made.need_codes) == (Status.PUBLISHED, ["weekday_evening"], ["skill-work"])
    assert len(made.rule_digest) == 64
    assert made.lat == made.area.lat
    assert [t.code for t in made.needs.all()] == ["skill-work"]
    assert Session.objects.count() == Pledge.objects.count() == 1
    assert [e.verb for e in audit.about(made)] == ["catalogue.publish"]


def test_one_bad_row_keeps_all_out_and_every_fault_is_named(city: SmallCity) -> None:
    bad = weaving(
        area="99", kind="cake", needs=("nothing",), capacity=3, reserves=({"group": "older", "seats": 4},),
        opens_on=dt.date(2026, 2, 1), closes_on=dt.date(2026, 1, 1), rule={"is": "rich"},
    )  # fmt: skip
    with pytest.raises(CatalogueError) as caught:
        publish_many(rows=[weaving(), bad], by=city.officer)
    fields = {fault.field for fault in caught.value.faults}
    assert fields == {f"row 2: {name}" for name in ("area", "kind", "needs", "reserves", "closes_on", "rule")}
    assert not Opportunity.objects.exists()


def test_the_same_rows_again_change_nothing_and_a_changed_row_changes_its_own(city: SmallCity) -> None:
    rows = [weaving(key="1"), weaving(key="2", title_th="ทำปลาร้า")]
    first = publish_many(rows=rows, by=city.officer)
    again = publish_many(rows=rows, by=city.officer)
    assert (again.ids, again.new, again.changed, again.same) == (first.ids, 0, 0, 2)
    third = publish_many(rows=[rows[0], weaving(key="2", title_th="ทำปลาร้าทรงเครื่อง", needs=("sell",))], by=city.officer)
    assert (third.ids, third.changed) == (first.ids, 1)
    changed = Opportunity.objects.get(row_key="2")
    assert (changed.title_th, changed.version, changed.need_codes) == ("ทำปลาร้าทรงเครื่อง", 2, ["sell"])
    assert [t.code for t in changed.needs.all()] == ["sell"]
    assert Opportunity.objects.count() == 2


def test_a_key_twice_in_one_file_is_refused(city: SmallCity) -> None:
    with pytest.raises(CatalogueError):
        publish_many(rows=[weaving(key="1"), weaving(key="1", title_th="อื่น")], by=city.officer)


def test_statements_do_not_grow_with_the_rows(city: SmallCity) -> None:
    counts = []
    for size in (3, 60):
        rows = [
            weaving(title_th=f"หลักสูตรที่ {n} จาก {size}", key=f"{size}-{n}", sessions=(evening(),)) for n in range(size)
        ]
        with CaptureQueriesContext(
            connection,
        ) as seen:
            publish_many(rows=rows, by=city.officer)
        counts.append(len(seen))
    assert counts[0] == counts[1]
