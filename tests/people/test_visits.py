"""A note is no visit: wherever somebody asks whether a person was seen, and when they are to be seen again."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.learning.conftest import DAY, FIRST, School, make

import okat
from okat.city.core import clock
from okat.city.core.registries import TASKS
from okat.city.learning import actions as learning
from okat.city.learning.queries import after
from okat.city.people import actions
from okat.city.people.models import Person
from okat.city.people.queries import life, pages
from okat.city.people.rules import VisitKind

CITY = Path(okat.__file__).parent / "city"
ASKED = re.compile(
    r"\bVisit\.(?:_base_manager|objects)\b(?!\.visits\(\))|\.visits\.(?:all|filter|exclude|order_by|first)\b"
)
# Who does not ask whether somebody was seen, and why.
ALL = {
    "people/actions/care.py": "one that is sent again counts once",
    "people/actions/_erase.py": "the person's own copy holds notes too",
    "people/queries/sheet.py": "the record shows notes as what they are",
}


@pytest.fixture
def school(db: None) -> Iterator[School]:
    with clock.at(FIRST - DAY):
        yield make()


def note(school: School) -> None:
    """What a pin, a file or a joined record brings along."""
    actions.record_visit(
        person=school.city.person, kind=VisitKind.NOTE, partner=school.city.town, by=school.city.worker, note="ก"
    )


def plan(school: School) -> None:
    actions.record_visit(
        person=school.city.person, kind=VisitKind.HOME, partner=school.city.town, by=school.city.worker,
        next_on=clock.today(),
    )  # fmt: skip


def waits(school: School) -> tuple[bool, bool, bool]:
    """On the worker's list, on Today, and among what goes on for the person."""
    person, worker = school.city.person, school.city.worker
    return (
        [visit.person for visit in pages.visits_due(worker)] == [person],
        any(task.key.startswith("visit:") for task in TASKS["people"](worker)),
        [line.begun for line in life.visits_of(person.pk)] == [False],
    )


def test_a_planned_visit_waits_on_after_a_note_and_ends_with_a_visit(school: School) -> None:
    plan(school)
    with clock.at(clock.now() + DAY / 24):
        assert waits(school) == (True, True, True)
        note(school)
        assert waits(school) == (True, True, True)
    with clock.at(clock.now() + DAY / 12):
        actions.record_visit(
            person=school.city.person, kind=VisitKind.PHONE, partner=school.city.town, by=school.city.worker
        )
        assert waits(school) == (False, False, False)


def test_a_learner_about_to_drop_out_is_called_though_something_was_noted(school: School) -> None:
    Person.objects.filter(pk=school.city.person.pk).update(responsible=school.city.worker)
    with clock.at(FIRST + 1.5 * DAY):
        for session in school.sessions[:2]:
            learning.mark(session=session, present=[], by=school.teacher)
    with clock.at(FIRST + 1.6 * DAY):
        note(school)
        assert len(after.to_follow(school.city.worker)) == 1
        plan(school)
        assert after.to_follow(school.city.worker) == []


def test_every_place_that_asks_for_visits_leaves_notes_out() -> None:
    found = {
        str(path.relative_to(CITY))
        for path in CITY.rglob("*.py")
        if "migrations" not in path.parts and ASKED.search(path.read_text(encoding="utf-8"))
    }
    assert found == set(ALL)  # no reason outlives its place


def test_a_place_that_forgets_is_found() -> None:
    assert ASKED.search("Visit.objects.filter(person=person)")
    assert ASKED.search("person.visits.first()")
    assert not ASKED.search("Visit.objects.visits().filter(person=person)")
