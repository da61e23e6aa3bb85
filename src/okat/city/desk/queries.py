"""What the first pages show; each registry of core is read here and nowhere else."""

import datetime as dt
from dataclasses import dataclass

from django.utils.functional import Promise

from okat.city.accounts.models import User
from okat.city.catalogue.queries import search as catalogue
from okat.city.catalogue.rules import FAMILIES, FAMILY_LABELS
from okat.city.core import clock
from okat.city.core.registries import SEARCH, TASKS, Found, Task

SHOWN = 50


@dataclass(frozen=True)
class Line:
    """A task as *Today* shows it: `mark` is late, soon or calm."""

    task: Task
    mark: str


@dataclass(frozen=True)
class Door:
    family: str
    label: Promise
    count: int


def doors() -> list[Door]:
    """The families of opportunities and how many stand open in each."""
    counts = catalogue.counts()
    return [
        Door(family.value, label, sum(counts.get(kind.value, 0) for kind in FAMILIES[family]))
        for family, label in FAMILY_LABELS.items()
    ]


def today(user: User) -> list[Line]:
    """All that waits for the user, the most pressing first; tasks without a day come last."""
    day = clock.today()
    tasks = [task for _, tasks_of in TASKS for task in tasks_of(user)]
    ordered = sorted(tasks, key=lambda t: (t.due or dt.date.max, t.key))
    return [Line(task, _mark(task.due, day)) for task in ordered[:SHOWN]]


def found(user: User, text: str) -> list[Found]:
    """What every app finds for the text, within what the user may see."""
    wish = text.strip()
    return [line for _, search in SEARCH for line in search(user, wish)][:SHOWN] if wish else []


def _mark(due: dt.date | None, day: dt.date) -> str:
    if due is None or due > day + dt.timedelta(days=2):
        return "calm"
    return "late" if due < day else "soon"
