"""Weekly figures: what is shown of people to those who may not read their records, as it was last told.

An app registers how a sheet of numbers is counted (`registries.FIGURES`); pages read `told`, one statement. A sheet is
drawn when it is asked for the first time and then on Mondays (core.tasks), never because somebody's record changed.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.connections import take_time
from okat.city.core.models import WeeklyFigures
from okat.city.core.registries import FIGURES
from okat.city.core.steady import Counted, Figure, anew

LONGEST = 120  # seconds for one sheet


@dataclass(frozen=True)
class Sheet:
    """The figures of one sheet, as of `day`."""

    day: dt.date
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
    row = WeeklyFigures.objects.filter(pk=_key(kind, of)).first()
    if row is None:
        row = draw(kind=kind, of=of, by=None)
    return sheet_of(row)


def sheet_of(row: WeeklyFigures) -> Sheet:
    return Sheet(row.drawn_on, {name: Figure.read(data) for name, data in row.numbers.items()})


def due() -> list[WeeklyFigures]:
    """Sheets that were last drawn before this week's Monday."""
    rows = WeeklyFigures.objects.filter(drawn_on__lt=_monday(clock.today())).order_by("kind", "id")
    return [row for row in rows.defer("numbers") if row.kind in FIGURES]


@action
def draw(*, kind: str, of: Any, by: Any) -> WeeklyFigures:
    """Tell the sheet for this week; what another process has told meanwhile stands."""
    take_time(LONGEST)
    audit.record(by=by, verb="core.draw_figures", reason=kind)
    key, today = _key(kind, of), clock.today()
    row = WeeklyFigures.objects.select_for_update(no_key=True).filter(pk=key).first()
    if row is None:
        made = WeeklyFigures(pk=key, kind=kind, of=of, numbers=_numbers(kind, of, {}), drawn_on=today)
        WeeklyFigures.objects.bulk_create([made], ignore_conflicts=True)
        return WeeklyFigures.objects.get(pk=key)
    if row.drawn_on < _monday(today):
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


def _key(kind: str, of: Any) -> str:
    return hashlib.sha256(json.dumps([kind, of], sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())
