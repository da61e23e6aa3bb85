"""Days on which offices are open: the city's `holidays.csv`, and weekends. Deadlines ask here."""

import csv
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings

WEEKEND = (5, 6)  # Saturday, Sunday


class HolidaysError(ValueError):
    """The city's file of holidays is wrong; the message says which line and what to write."""

    code = "holidays.file"


@dataclass(frozen=True)
class Holiday:
    """One day on which offices are closed. `verified`: somebody has read the government's own announcement; without
    it, `source` says where the date is from."""

    day: dt.date
    th: str
    en: str
    source: str
    verified: bool


def parse(rows: Iterable[Mapping[str, str]]) -> dict[dt.date, Holiday]:
    """The lines of `holidays.csv` (day as YYYY-MM-DD, th, en, source, verified yes or no). Raises HolidaysError."""
    found: dict[dt.date, Holiday] = {}
    for number, row in enumerate(rows, 2):
        try:
            day = dt.date.fromisoformat(row["day"])
            made = Holiday(day, row["th"].strip(), row["en"].strip(), row["source"].strip(), row["verified"] == "yes")
        except (KeyError, ValueError, AttributeError, TypeError) as error:
            raise HolidaysError(
                f"holidays.csv, line {number}: write day (YYYY-MM-DD), th, en, source, verified (yes or no)."
            ) from error
        if day in found or not (made.th and made.en and made.source):
            raise HolidaysError(f"holidays.csv, line {number}: a day stands once, with both names and its source.")
        found[day] = made
    return found


def holidays() -> Mapping[dt.date, Holiday]:
    """Empty for a city without the file."""
    return _read(Path(settings.CITY) / "holidays.csv")


@lru_cache(maxsize=4)
def _read(path: Path) -> Mapping[dt.date, Holiday]:
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return parse(csv.DictReader(file))


def is_open(day: dt.date) -> bool:
    return day.weekday() not in WEEKEND and day not in holidays()


def next_open(day: dt.date) -> dt.date:
    """The day itself, or the first one after it on which offices are open."""
    while not is_open(day):
        day += dt.timedelta(days=1)
    return day


def working_days_after(day: dt.date, count: int) -> dt.date:
    """So many days on which offices are open after `day`, which itself does not count."""
    for _each in range(count):
        day = next_open(day + dt.timedelta(days=1))
    return day
