"""Random merges and undos over people with keys, consents, cases, seats, turns, attendance and certificates: nothing
is lost or unreadable at any step, and undoing everything gives back every row as it was."""

import itertools
import random
from dataclasses import dataclass

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from tests.amounts import amounts
from tests.learning.conftest import DAY, FIRST, HOURS, School, make, placed
from tests.learning.test_line import EARLY, ask, course_of
from tests.merging import all_rows, changed, check, living, open_merges, root_of
from tests.signing import sign_in_fully

from okat.city.accounts.queries import system_user
from okat.city.cases import actions as cases
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.learning import actions as learning
from okat.city.people import actions as people
from okat.city.people.actions import ConsentRow, PinRow
from okat.city.people.models import MergeProposal, Person
from okat.city.people.queries import search
from okat.city.people.rules import Disability, How, PeopleError, Purpose, VisitKind
from okat.city.taxonomy.models import Term

STEPS = 6
NAMES = ("สมหญิง", "สมศรี", "มานี", "กานดา")
NUMBERS = ("1100100000010", "1100100000028", "1100100000036", "1100100000044")
LATER = FIRST + 6 * HOURS


@dataclass
class Town:
    school: School
    course: Opportunity
    people: list[Person]


def build() -> Town:
    """Four records: each knows something that the others do not, and says something else of what they know."""
    with clock.at(EARLY):
        school = make(sessions=2)
        course = course_of(school, places=2, start=FIRST + 2 * DAY)
        rows = [school.city.person, *(_pin(school, n) for n in range(1, 4))]
        for person in rows:
            ask(school, course, person)
            ask(school, _wide(school), person)
    with clock.at(FIRST - DAY):
        for person in rows[1:3]:
            placed(school.city, school.course, person)
        school.city.person = rows[0]
        cases.propose(person=rows[3], partner=school.city.town, need=school.city.need, by=school.city.worker)
    with clock.at(LATER):
        learners = list(school.course.enrolments.order_by("began_at"))
        learning.mark(session=school.sessions[0], present=[learners[0].pk, learners[1].pk], by=school.teacher)
    for one, other in itertools.combinations(rows, 2):
        people.propose_merge(one=one, other=other, by=system_user())
    return Town(school, course, rows)


def _wide(school: School) -> Opportunity:
    found = Opportunity.objects.filter(title_th="ว่ายน้ำ").first()
    return found or course_of(school, title="ว่ายน้ำ", places=9, start=FIRST + 4 * DAY)


def _pin(school: School, n: int) -> Person:
    city = school.city
    row = PinRow(
        area=city.town.area, given=NAMES[n], family="ใจดี", phone=f"081111111{n}" if n > 1 else "", pin=NUMBERS[n],
        needs=("learn",) if n != 2 else (), need_note=f"อยากเรียน {n}", note=f"พบครั้งแรก {n}",
        disabilities=(Disability("seeing", "2555"),) if n == 3 else (), sex="f" if n == 1 else "",
        consents=(
            ConsentRow(Purpose.CARE, city.town, How.SIGNATURE, sensitive=n > 1),
            *((ConsentRow(Purpose.CARE, city.hospital, How.VERBAL, sensitive=n == 2),) if n != 1 else ()),
        ),
    )  # fmt: skip
    person = people.pin_person(row=row, partner=city.town, by=city.worker)
    people.record_visit(person=person, kind=VisitKind.HOME, partner=city.town, by=city.worker, note=f"เยี่ยม {n}")
    return person


@pytest.fixture
def town(db: None) -> Town:
    with clock.at(EARLY):
        Term(vocabulary="disability", code="seeing", th="ทางการเห็น", en="Seeing").save()
    return build()


def merge_two(town: Town, dice: random.Random) -> None:
    one, other = dice.sample(living(), 2)
    left, right = sorted((one.pk, other.pk))
    asked = MergeProposal.objects.filter(left=left, right=right).exclude(status="merged").first()
    by = town.school.city.manager
    asked = asked or people.propose_merge(one=one, other=other, by=system_user())
    people.merge(proposal=asked, keep=dice.choice((one, other)), by=by)


def undo_one(town: Town, dice: random.Random) -> None:
    done = dice.choice(open_merges())
    inner = Person.objects.get(pk=done.kept_id).status == "merged"
    if not inner:
        people.undo_merge(merge=done, by=town.school.city.manager)
        return
    with pytest.raises(PeopleError) as refused:
        people.undo_merge(merge=done, by=town.school.city.manager)
    assert refused.value.code == "inner"


def write(town: Town, dice: random.Random) -> None:
    """Somebody works with one of the records in between."""
    person, city = dice.choice(living()), town.school.city
    what = dice.randrange(4)
    if what == 0:
        people.update_person(
            person=person, version=person.version, changes={"income": dice.randrange(9000)}, by=city.worker
        )
    elif what == 1:
        row = ConsentRow(Purpose.CARE, city.hospital, How.VERBAL, sensitive=dice.random() < 0.5)
        people.record_consent(person=person, given=row, by=city.worker)
    elif what == 2:
        for case in person.cases.filter(state="offered"):
            cases.accept(case=case, by=city.worker)
    else:
        people.record_visit(person=person, kind=VisitKind.PHONE, partner=city.town, by=city.worker, note="โทร")


def look(town: Town, client: Client) -> None:
    """Each page of each record opens, and whatever one of them was called leads to the one that is there."""
    check()
    for person in living():
        assert client.get(reverse("people:person", args=[person.pk])).status_code == 200
    for person in town.people:
        root = root_of(person)
        assert client.get(reverse("people:person", args=[person.pk]), follow=True).status_code == 200
        for wish in (person.given, person.phone):
            assert not wish or root in search(town.school.city.worker, wish)
    for person, number in zip(town.people[1:], NUMBERS[1:], strict=True):
        assert root_of(person) in search(town.school.city.worker, number)


def walk(town: Town, client: Client, seed: int, *, writes: bool) -> None:
    dice = random.Random(seed)
    with clock.at(LATER):
        for _ in range(STEPS):
            if writes and dice.random() < 0.4:
                write(town, dice)
            if len(living()) > 1 and (not open_merges() or dice.random() < 0.65):
                merge_two(town, dice)
            else:
                undo_one(town, dice)
            look(town, client)
        while open_merges():
            undo_one(town, dice)
        look(town, client)


@amounts("seeds", 1, 3)
def test_whatever_was_merged_undoing_all_gives_back_every_row(seeds: int, town: Town, client: Client) -> None:
    sign_in_fully(client, town.school.city.worker)
    before = all_rows()
    for seed in range(seeds):
        with transaction.atomic():
            walk(town, client, seed, writes=False)
            different = changed(before, all_rows())
            assert different == {}, f"seed {seed}"
            transaction.set_rollback(True)


@amounts("seeds", 1, 3)
def test_what_is_written_in_between_is_readable_wherever_it_ends(seeds: int, town: Town, client: Client) -> None:
    sign_in_fully(client, town.school.city.worker)
    for seed in range(100, 100 + seeds):
        with transaction.atomic():
            walk(town, client, seed, writes=True)
            transaction.set_rollback(True)
