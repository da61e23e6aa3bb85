"""Weekly figures: what is shown of people to those who may not read their records, as it was last told.

An app registers how a sheet of numbers is counted (`registries.FIGURES`); pages read `told`, one statement. A sheet is
drawn when it is asked for the first time and then on Mondays (core.tasks), never because somebody's record changed, as
long as somebody reads it. One that nobody reads rests: it stays as it was last told, for the counts in it keep what is
told later apart from what was told before; it is drawn in the night after it is read again.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from okat.city.core import audit, clock, connections
from okat.city.core.action import action
from okat.city.core.models import WeeklyFigures
from okat.city.core.registries import FIGURES
from okat.city.core.spare import SLOW_STATES, spare
from okat.city.core.steady import Counted, Figure, anew

LONGEST = 120  # seconds for a statement of one sheet, where no page waits for it
NEVER = dt.date(1970, 1, 1)  # on which a sheet was drawn that waits for the worker
READ_WITHIN = dt.timedelta(weeks=4)  # before this week's Monday: who reads less often reads older figures


@dataclass(frozen=True)
class Sheet:
    """The figures of one sheet, as of `day`; None: nobody was counted yet, so that no number says anything."""

    day: dt.date | None
    numbers: Mapping[str, Figure]

    def number(self, name: str) -> int | None:
        """None: held back, or nobody."""
        return self.numbers[name].told if name in self.numbers else None

    def more(self, name: str) -> Any:
        return self.numbers[name].more if name in self.numbers else None

    @property
    def names(self) -> list[str]:
        """The numbers that are told."""
        return [name for name, figure in self.numbers.items() if figure.at is not None]


def told(kind: str, of: Any = "") -> Sheet:
    """What is told of a registered kind; `of` says of what (an area, a course) and is what JSON can say."""
    row, monday = WeeklyFigures.objects.filter(pk=_key(kind, of)).first(), _monday(clock.today())
    if row is None:
        row = _first(kind, of)
    elif row.asked_on < monday:
        with spare():
            WeeklyFigures.objects.filter(pk=row.pk).update(asked_on=clock.today())
    # What cannot be kept is not told: drawn at each reading it would tell of who came between two.
    return Sheet(None, {}) if row is None or row.drawn_on == NEVER else sheet_of(row)


def _first(kind: str, of: Any) -> WeeklyFigures | None:
    """Of several who ask first at once one draws; the others wait for the row. None where there was no room, or less
    time than it takes: then the worker draws it."""
    with spare(*SLOW_STATES) as kept:
        connections.one_at_a_time(_lock(kind, of))
        row = WeeklyFigures.objects.filter(pk=_key(kind, of)).first() or draw(kind=kind, of=of, by=None)
    if kept:
        return row
    with spare():
        waits = WeeklyFigures(pk=_key(kind, of), kind=kind, of=of, numbers={}, drawn_on=NEVER)
        WeeklyFigures.objects.bulk_create([waits], ignore_conflicts=True)
    return None


def sheet_of(row: WeeklyFigures) -> Sheet:
    return Sheet(row.drawn_on, {name: Figure.read(data) for name, data in row.numbers.items()})


def due() -> list[WeeklyFigures]:
    """Sheets that are read and were last drawn before this week's Monday, or under a clock that was wrong: on a day
    that is still to come."""
    today, monday = clock.today(), _monday(clock.today())
    rows = WeeklyFigures.objects.filter(
        Q(drawn_on__lt=monday) | Q(drawn_on__gt=today), asked_on__gte=monday - READ_WITHIN
    )
    return [row for row in rows.defer("numbers").order_by("kind", "id") if row.kind in FIGURES]


def unread() -> QuerySet[WeeklyFigures]:
    """Sheets that nobody reads and of which nothing was ever told: they keep nothing apart."""
    return WeeklyFigures.objects.filter(asked_on__lt=_monday(clock.today()) - READ_WITHIN, numbers={}).order_by(
        "kind", "id"
    )


@action
def let_go(*, row: WeeklyFigures, by: Any) -> None:
    """Forget one of those, unless somebody reads it after all."""
    audit.record(by=by, verb="core.let_go_figures", fields=[row.kind])
    unread().filter(pk=row.pk).delete()


@action
def draw(*, kind: str, of: Any, by: Any, longest: int = 0) -> WeeklyFigures:
    """Tell the sheet for this week; what another process has told meanwhile stands. `longest`: seconds that a statement
    may take where no page waits for it."""
    if longest:
        connections.take_time(longest)
    connections.one_at_a_time(_lock(kind, of))
    audit.record(by=by, verb="core.draw_figures", fields=[kind])
    key, today = _key(kind, of), clock.today()
    row = WeeklyFigures.objects.filter(pk=key).first()
    if row is None:
        made = WeeklyFigures(pk=key, kind=kind, of=of, numbers=_numbers(kind, of, {}), drawn_on=today)
        # Somebody who would not wait for us may have left it to the worker meanwhile; nobody else has drawn it.
        names = ["numbers", "drawn_on"]
        WeeklyFigures.objects.bulk_create([made], update_conflicts=True, unique_fields=["id"], update_fields=names)
        return made
    if row.drawn_on < _monday(today) or row.drawn_on > today:
        row.numbers, row.drawn_on = _numbers(kind, of, row.numbers), today
        row.save(update_fields=["numbers", "drawn_on"])
    return row


def _numbers(kind: str, of: Any, before: Mapping[str, Any]) -> dict[str, Any]:
    """Each number drawn; one that is counted no more is nobody, and keeps what it was."""
    counted = FIGURES[kind](of)
    found = {}
    for name in {**before, **counted}:
        now = counted.get(name, 0)
        figure = anew(
            Figure.read(before[name]) if name in before else Figure(), now if isinstance(now, Counted) else Counted(now)
        )
        if figure.was:
            found[name] = figure.data
    return found


def _lock(kind: str, of: Any) -> str:
    return f"weekly {_key(kind, of)}"


def _key(kind: str, of: Any) -> str:
    return hashlib.sha256(json.dumps([kind, of], sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())
