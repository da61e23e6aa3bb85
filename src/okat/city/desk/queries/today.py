"""What waits for one reader, what every app finds, and the figures of one's own area."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import Exists, F, OuterRef, Q, Sum
from django.utils.functional import Promise

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.queries import search as catalogue
from okat.city.catalogue.queries.search import still_open
from okat.city.catalogue.rules import FAMILIES, FAMILY_LABELS
from okat.city.catalogue.solve import hushed
from okat.city.core import clock, kept, weekly
from okat.city.core.permissions import Permission
from okat.city.core.registries import SEARCH, TASKS, Found, Task
from okat.city.partners.queries import areas_of, memberships
from okat.city.partners.rules import PERMISSIONS, Role
from okat.city.people.models import Need, Person
from okat.city.people.rules import NeedStatus, Status
from okat.city.places.models import Area

SHOWN = 50
SOON_DAYS = 2
WEEK_DAYS = 7
FIGURES_SECONDS = 300  # counts of a whole district: nobody acts on the last one of them


@dataclass(frozen=True)
class Line:
    """A task as *Today* shows it: `mark` is late, soon or calm; `app` is whose task it is."""

    task: Task
    mark: str
    app: str


@dataclass(frozen=True)
class Door:
    family: str
    label: Promise
    count: int


@dataclass(frozen=True)
class Here:
    """The areas of one's work: how many people waited there on `day` (None: held back) and how many places are free
    now."""

    areas: list[Area]
    day: dt.date | None
    waiting: int | None
    free: int


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
    tasks = [(task, app) for app, tasks_of in TASKS for task in tasks_of(user)]
    ordered = sorted(tasks, key=lambda pair: (pair[0].due or dt.date.max, pair[0].key))
    return [Line(task, mark(task.due, day), app) for task, app in ordered]


def narrowed(lines: list[Line], *, app: str = "", when: str = "") -> list[Line]:
    """Of one app, and late or due within a week."""
    last = {"late": clock.today() - dt.timedelta(days=1), "week": clock.today() + dt.timedelta(days=WEEK_DAYS)}.get(
        when
    )
    return [
        line
        for line in lines
        if (not app or line.app == app) and (last is None or (line.task.due is not None and line.task.due <= last))
    ]


def mark(due: dt.date | None, day: dt.date) -> str:
    if due is None or due > day + dt.timedelta(days=SOON_DAYS):
        return "calm"
    return "late" if due < day else "soon"


def weight(lines: list[Line]) -> int:
    """How many things wait; a line may stand for many."""
    return sum(line.task.count for line in lines)


def found(user: User, text: str) -> Mapping[str, list[Found]]:
    """What every app finds for the text within what the user may see, by kind of thing."""
    wish = text.strip()
    lines = [line for _, search in SEARCH for line in search(user, wish)] if wish else []
    groups: dict[str, list[Found]] = {}
    for line in lines[: 4 * SHOWN]:
        groups.setdefault(line.kind, []).append(line)
    return {kind: rows[:SHOWN] for kind, rows in groups.items()}


def here(user: User) -> Here | None:
    """The user's own area in two figures; None for those who do not work with people."""
    areas = {
        area.pk: area
        for member in memberships(user)
        if Permission.SEE_PERSON in PERMISSIONS[Role(member.role)]
        for area in areas_of(member)
    }
    if not areas:
        return None
    paths = sorted(area.path for area in areas.values())
    sheet = weekly.told("desk.waiting", paths)
    free = kept.value(f"here:{paths}", lambda: _free(paths), FIGURES_SECONDS)
    return Here(list(areas.values()), sheet.day, sheet.number("waiting"), free)


def counted(paths: list[str]) -> dict[str, int]:
    """How many people with an open need live there, for the weekly figures."""
    needs = Need.objects.filter(person=OuterRef("pk"), status=NeedStatus.OPEN)
    return {"waiting": Person.objects.filter(_inside(paths), Exists(needs), status=Status.ACTIVE).count()}


def _free(paths: list[str]) -> int:
    rows = Opportunity.objects.published().filter(_inside(paths), still_open(clock.today()))
    rows = rows.exclude(capacity=None).exclude(pk__in=hushed())
    return int(rows.order_by().aggregate(n=Sum(F("capacity") - F("seats_taken")))["n"] or 0)


def _inside(paths: list[str]) -> Q:
    inside = Q(pk__in=[])
    for path in paths:
        inside |= Q(area__path__startswith=path)
    return inside
