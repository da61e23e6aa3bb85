"""Materials, what learners say after a course, and who may be about to drop out."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests.learning.conftest import AFTER, DAY, DURING, FIRST, School, placed
from tests.signing import sign_in_fully
from tests.weekly import next_monday

from okat.city.core import clock
from okat.city.core.registries import TASKS
from okat.city.learning import actions
from okat.city.learning.models import Answered, Feedback, Material
from okat.city.learning.queries import after
from okat.city.learning.rules import LearningError
from okat.city.learning.rules.after import Made, RiskError, RiskRule, first_hit, parse_risk
from okat.city.people import actions as people
from okat.city.people.models import Person
from okat.city.people.rules import VisitKind

pytestmark = pytest.mark.django_db
POINTS = {"useful": 5, "clear": 4, "again": 3}


def client_of(user: Any) -> Client:
    client = Client()
    sign_in_fully(client, user)
    return client


def test_answers_lead_to_nobody_and_few_are_not_shown(school: School) -> None:
    with pytest.raises(LearningError):
        actions.give_feedback(enrolment=school.place, points=POINTS, by=school.learner)  # not over yet
    with clock.at(AFTER):
        with pytest.raises(LearningError):
            actions.give_feedback(enrolment=school.place, points={"useful": 6}, by=school.learner)
        actions.give_feedback(enrolment=school.place, points=POINTS, by=school.learner)
        with pytest.raises(LearningError):
            actions.give_feedback(enrolment=school.place, points=POINTS, by=school.learner)
    assert (Feedback.objects.count(), Answered.objects.count()) == (1, 1)
    assert {field.name for field in Feedback._meta.fields} == {"id", "opportunity", "useful", "clear", "again"}
    Feedback.objects.bulk_create(Feedback(opportunity=school.course, useful=1, clear=1, again=1) for _ in range(8))
    assert after.opinion_of(school.course) == after.Opinion(clock.today(), None, None)  # nine
    Feedback.objects.create(opportunity=school.course, useful=2, clear=1, again=1)
    assert after.opinion_of(school.course).means is None
    next_monday()
    shown = after.opinion_of(school.course)
    assert shown.means is not None
    assert (shown.answers, shown.means["useful"]) == (10, 1.5)
    Feedback.objects.create(opportunity=school.course, useful=5, clear=5, again=5)
    next_monday()
    assert after.opinion_of(school.course) == shown  # a mean of eleven would say what the eleventh answered
    Feedback.objects.bulk_create(Feedback(opportunity=school.course, useful=5, clear=5, again=5) for _ in range(9))
    next_monday()
    assert after.opinion_of(school.course).means == {"useful": 3.25, "clear": 3.15, "again": 3.1}


def test_a_learner_reads_materials_and_answers_by_the_screens(school: School) -> None:
    teacher, mine = client_of(school.teacher), client_of(school.learner)
    where, place = f"/learning/{school.course.pk}/materials/", f"/learning/{school.course.pk}/place/"
    assert 'id="id_url_error"' in teacher.post(where, {"title": "ใบงาน", "made": "text"}).content.decode()
    assert teacher.post(where, {"title": "x", "made": "text", "url": "javascript:alert(1)"}).status_code == 200
    teacher.post(where, {"title": "ลายมัดหมี่", "made": "sign", "url": "https://example.org/v", "session": ""})
    page = mine.get(place).content.decode()
    assert "ลายมัดหมี่" in page
    assert "วิดีโอมีภาษามือ" in page
    assert "ลายมัดหมี่" not in client_of(school.city.nurse).get(place).content.decode()
    asked = f"/learning/{school.course.pk}/feedback/"
    with clock.at(AFTER):
        assert asked in mine.get(place).content.decode()
        assert mine.post(asked, {"useful": "5"}).status_code == 200
        mine.post(asked, {name: str(value) for name, value in POINTS.items()})
        assert asked not in mine.get(place).content.decode()
    assert Feedback.objects.count() == 1
    assert client_of(school.city.nurse).get(asked).status_code == 404
    row = Material.objects.get()
    teacher.post(f"{where}{row.pk}/out/", {"sure": "1"})
    assert not Material.objects.exists()


def test_a_material_is_a_link_or_a_text(school: School) -> None:
    with pytest.raises(LearningError):
        actions.add_material(opportunity=school.course, title="ว่าง", made=Made.TEXT, by=school.teacher)


def test_the_citys_rules_can_be_read() -> None:
    rules = parse_risk(json.loads((Path(settings.CITY) / "dropout.json").read_text(encoding="utf-8")))
    assert [rule.code for rule in rules] == ["row", "share"]


@pytest.mark.parametrize(
    "data",
    [{}, {"rules": [{"code": "a"}]}, {"rules": [dict.fromkeys(("code", "kind", "th", "en"), "x") | {"least": 2}]}],
)
def test_a_wrong_file_of_rules_says_what_to_mend(data: dict[str, Any]) -> None:
    with pytest.raises(RiskError, match=r"dropout\.json"):
        parse_risk(data)


ROW, SHARE = RiskRule("row", "row", 2, 0, "ก", "a"), RiskRule("share", "share", 60, 4, "ข", "b")


@pytest.mark.parametrize(
    ("marks", "hit"),
    [([], None), ([False], None), ([False, False], "row"), ([False, False, True], None), ([True, False, False], "row"),
     ([True, False, True, False], "share"), ([True, False, True], None), ([True, True, True, False, True], None)],
)  # fmt: skip
def test_when_a_rule_hits(marks: list[bool], hit: str | None) -> None:
    found = first_hit((ROW, SHARE), marks)
    assert (found.code if found else None) == hit


def tasks(school: School) -> list[Any]:
    return [task for task in TASKS["learning"](school.city.worker) if task.key.startswith("dropout:")]


def test_a_worker_is_asked_to_call_until_somebody_has(school: School) -> None:
    Person.objects.filter(pk=school.city.person.pk).update(responsible=school.city.worker)
    first, second, third, _last = school.sessions
    with clock.at(FIRST + DAY + DAY / 2):
        actions.mark(session=first, present=[], by=school.teacher)
        assert tasks(school) == []
        actions.mark(session=second, present=[], by=school.teacher)
        (task,) = tasks(school)
        assert "ขาดสองครั้งติดกัน" in task.title
        assert str(school.city.person.pk) in task.url
        page = client_of(school.teacher).get(f"/learning/{school.course.pk}/").content.decode()
        assert "ขาดสองครั้งติดกัน" in page
    with clock.at(FIRST + DAY + DAY * 0.6):
        people.record_visit(
            person=school.city.person, kind=VisitKind.PHONE, partner=school.city.town, by=school.city.worker
        )
        assert tasks(school) == []
    with clock.at(FIRST + 2.5 * DAY):
        actions.mark(session=third, present=[], by=school.teacher)
        assert len(tasks(school)) == 1
        other = school.city.pin("อีกคน")
        placed(school.city, school.course, other)
        Person.objects.filter(pk=other.pk).update(responsible=school.city.worker)
        assert len(tasks(school)) == 1  # the second has missed nothing yet


def test_a_make_up_takes_the_missed_one_from_the_row(school: School) -> None:
    with clock.at(AFTER):
        first, second = school.sessions[:2]
        for session in (first, second):
            actions.mark(session=session, present=[], by=school.teacher)
        assert after.at_risk([school.place])[school.place.pk].code == "row"
        day = (AFTER + 2 * DAY).date()
        made = actions.plan_make_up(
            missed=second, day=day, start=DURING.time(), end=DURING.time().replace(hour=5), by=school.teacher
        )
    with clock.at(AFTER + 4 * DAY):
        actions.mark(session=made, present=[school.place.pk], by=school.teacher)
        assert after.at_risk([school.place]) == {}
