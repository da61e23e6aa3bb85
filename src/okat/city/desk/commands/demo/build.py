"""Builds the demo city through the same actions that imports and screens use; a second run finds it and keeps it."""

import datetime as dt
import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import connection

from okat.city.accounts.actions import add_user
from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.catalogue.actions.many import publish_many
from okat.city.core import clock, weekly
from okat.city.core.registries import CITY
from okat.city.desk.commands.demo import allocation, courses, opportunities, spaces, users, work
from okat.city.desk.commands.demo.people import Made, Maker
from okat.city.partners.actions.members import add_member
from okat.city.partners.models import Partner
from okat.city.people.actions import link_account
from okat.city.people.actions.pin import pin_many
from okat.city.people.models import Household, Person
from okat.city.places.models import Area
from okat.files.city import read_city

SEED = 2569
# People and opportunities; the small city shows every part as the full one does, and is built in a tenth of the time.
SIZES = {"small": (2_050, 200), "full": (20_500, 400)}
CHUNK = 2000
PINNED = 150  # days before today on which people were pinned

Say = Callable[[str], None]


def built() -> bool:
    """Whether a finished demo is there: the resident's account is made last."""
    return User.objects.filter(login="resident", demo=True).exists()


def build(say: Say, *, people: int, places: int) -> None:
    """Make the city. Refuses a database that holds anybody else."""
    if Person.objects.exists():
        raise SystemExit("This database already holds people: run `make clean-demo`, or set OKAT_VAR to a new folder.")
    started, by = time.monotonic(), system_user()
    city = read_city(Path(settings.CITY))
    for _, load in CITY:
        say(load(city=city, by=by))
    today = clock.today()
    with clock.at(clock.now() - dt.timedelta(days=PINNED)):  # before the rounds that lie behind us
        made = _people(people, by)
        venues = spaces.make(city.folder, by)
        rows = list(opportunities.make(city.folder, SEED, places, today, venues))
        published = publish_many(rows=rows, by=by)
        tied = work.describe(city.folder, published.ids, rows, by)
        _users(by)
    asks = spaces.ask(city.folder, made)
    work.count(by)
    work.give(by)
    _count_rows()
    say(f"{len(made)} people in {Household.objects.count()} households (all made up)")
    say(f"{len(venues)} venues with opening hours, {asks} asks for what is not there")
    say(f"{len(rows)} opportunities of all kinds, {tied} of them tied to an occupation")
    offered = _round(made, say)
    say(courses.first_come(by))
    _resident(made, offered, by)
    _draw_figures()
    say(f"built in {time.monotonic() - started:.0f} s")


# Sheets of the whole city; those of one office's areas are drawn when it first asks.
FIGURES = (
    ("desk.pulse", ""), ("people.urban", ""), ("catalogue.asked", 3), ("catalogue.asked", 2), ("catalogue.looking", ""),
    ("jobs.employers", ""), ("jobs.courses", ""), ("jobs.ways", ""),
)  # fmt: skip


def _draw_figures() -> None:
    for kind, of in FIGURES:
        weekly.told(kind, of)


def _count_rows() -> None:
    """Everything is built in one transaction, so the database has not yet seen how large the tables have become."""
    with connection.cursor() as cursor:
        cursor.execute("analyze")


def _people(count: int, by: User) -> list[tuple[UUID, Made]]:
    partner = Partner.objects.select_related("area").get(code="nfe")
    found: list[tuple[UUID, Made]] = []
    for part in _parts(Maker(SEED, partner, clock.today()).households(count)):
        ids = pin_many(rows=[made.row for made in part], partner=partner, by=by)
        found += zip(ids, part, strict=True)
    return found


def _parts(households: Iterator[list[Made]]) -> Iterator[list[Made]]:
    """Whole households, about CHUNK people at a time."""
    part: list[Made] = []
    for members in households:
        part += members
        if len(part) >= CHUNK:
            yield part
            part = []
    if part:
        yield part


def _users(by: User) -> None:
    areas = {area.code: area for area in Area.objects.filter(code__in=["40", "4001"])}
    for login, name, partner, role, reach in users.ACCOUNTS:
        user = add_user(login=login, name=name, password=users.PASSWORD, demo=True, by=by)
        where = [areas[code] for code in reach]
        add_member(partner=Partner.objects.get(code=partner), user=user, role=role, areas=where, by=by)


def _round(made: Sequence[tuple[UUID, Made]], say: Say) -> UUID | None:
    """The person whose page the resident's account opens, if the round left somebody with an offer."""
    say(allocation.earlier(made))
    held = allocation.run(made, settings.VAR / "demo-round")
    figures = held.decision.figures
    say(f"round: {figures['applicants']} people asked, {figures['placed']} got one of the places they listed")
    for line in itertools.chain(["highest cut-offs:"], allocation.highest(held)):
        say(line)
    say(f"certificate: {'passed' if held.decision.certificate['passed'] else 'FAILED'}")
    say(f"check it: okat verify {held.bundle}")
    return held.resident


def _resident(made: Sequence[tuple[UUID, Made]], offered: UUID | None, by: User) -> None:
    grown = offered or next(person for person, who in made if who.age >= 30 and who.row.needs)
    user = add_user(login="resident", name="ชาวเมือง (สมมติ)", password=users.PASSWORD, demo=True, by=by)
    link_account(person=Person.objects.get(pk=grown), user=user, by=by)
