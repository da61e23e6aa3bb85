"""What a learner could do before and after a course."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.learning.conftest import DURING, School
from tests.signing import sign_in_fully

from okat.city.accounts.queries import system_user
from okat.city.core import clock
from okat.city.core.registries import ERASE
from okat.city.learning import actions
from okat.city.learning.models import Assessment, Enrolment
from okat.city.learning.queries import assessing as queries
from okat.city.learning.queries import proofs
from okat.city.learning.rules import LearningError
from okat.city.learning.rules.assessing import FEWEST, Gain, When, course_gain
from okat.city.people.actions import load_questionnaires
from okat.city.people.models import Questionnaire
from okat.city.people.queries import pages

FOLDER = Path(__file__).parents[2] / "cities" / "khon-kaen" / "assessments"


def instruments() -> list[Questionnaire]:
    return load_questionnaires(folder=FOLDER, by=system_user())


def assessed(place: Enrolment, school: School, moment: str, **answers: Any) -> Assessment:
    literacy = Questionnaire.objects.get(code="literacy")
    return actions.assess(enrolment=place, instrument=literacy, moment=When(moment), answers=answers, by=school.teacher)


@pytest.fixture
def teacher(school: School) -> Client:
    client = Client()
    sign_in_fully(client, school.teacher)
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.django_db
def test_the_city_has_three_instruments_that_are_asked_in_courses_alone(school: School) -> None:
    instruments()
    assert [one.code for one in queries.instruments()] == ["basic-skills", "literacy", "numeracy"]
    assert pages.questionnaires() == []
    for one in queries.instruments():
        most = sum(max(level["points"] for level in part["levels"]) for part in one.data["score"]["parts"])
        assert most == one.data["score"]["max"]


@pytest.mark.django_db
def test_a_teacher_enters_before_and_after_and_the_learner_sees_the_gain(school: School, teacher: Client) -> None:
    instruments()
    where = reverse("learning:learner", args=[school.place.pk])
    assert where in text(teacher.get(reverse("learning:course", args=[school.course.pk])))
    for moment, letters in (("before", "๒"), ("after", "5")):
        page = reverse("learning:assess", args=[school.place.pk, "literacy", moment])
        assert page in text(teacher.get(where))
        once = f"0192f3a4-0000-7000-8000-0000000000{letters == '5':02}"
        for _ in range(2):
            assert teacher.post(page, {"letters": letters, "name": "help", "once": once}).headers["Location"] == where
    assert [(row.moment, row.points) for row in Assessment.objects.order_by("moment")] == [("after", 7), ("before", 4)]
    learner = Client()
    learner.force_login(school.learner, backend="okat.city.partners.queries.Accounts")
    own = text(learner.get(reverse("learning:progress", args=[school.place.pk])))
    assert "4 จาก 30 คะแนน" in own
    assert "+3" in own
    assert "letters" not in str(list(Assessment.objects.values()))  # sealed
    assert teacher.post(page, {"letters": "6"}).status_code == 200  # of five
    assert "ตอบอย่างน้อยหนึ่งข้อ" in text(teacher.post(page, {"letters": ""}))
    strange = Client()
    sign_in_fully(strange, school.city.stranger)
    assert strange.get(page).status_code == 404


@pytest.mark.django_db
def test_a_sensitive_question_waits_for_explicit_consent(school: School, teacher: Client) -> None:
    instruments()
    page = text(teacher.get(reverse("learning:assess", args=[school.place.pk, "literacy", "before"])))
    assert "ไม่ถามคำถามอ่อนไหว" in page
    assert 'name="eyes"' not in page


@pytest.mark.django_db
def test_after_is_asked_by_the_version_that_was_used_before(school: School, tmp_path: Path) -> None:
    instruments()
    assessed(school.place, school, "before", words=1)
    newer = (FOLDER / "literacy.json").read_text(encoding="utf-8").replace('"version": 1', '"version": 2')
    (tmp_path / "literacy.json").write_text(newer, encoding="utf-8")
    load_questionnaires(folder=tmp_path, by=system_user())
    assert queries.instrument_for(school.place, "literacy", When.AFTER).version == 1
    assert queries.instrument_for(school.place, "numeracy", When.AFTER).version == 1


@pytest.mark.django_db
def test_who_does_not_take_part_is_not_assessed_and_erasure_opens_nothing(school: School) -> None:
    instruments()
    assessed(school.place, school, "before", words=2)
    export = proofs.export(school.city.person.pk)
    assert export["courses"][0]["assessments"][0]["answers"] == {"words": 2}
    place = school.place
    dict(ERASE)["learning"](school.city.person.pk)
    assert Assessment.objects.get().sealed is None
    with pytest.raises(LearningError) as refused:
        assessed(place, school, "after", words=2)
    assert refused.value.code == "learner"


def test_of_few_learners_no_figure_is_told() -> None:
    some = [Gain(4, 7, 30)] * (FEWEST - 1)
    assert course_gain(some) is None
    found = course_gain([*some, Gain(9, 8, 30)])
    assert found is not None
    assert (found.learners, found.tenths, found.better, found.most) == (10, 26, 9, 30)
    fallen = course_gain([Gain(9, 8, 30)] * 10)
    assert fallen is not None
    assert fallen.tenths == -10


@pytest.mark.django_db
def test_a_course_s_figure_appears_with_the_tenth_learner(
    school: School, teacher: Client, django_assert_max_num_queries: Any
) -> None:
    instruments()
    where = reverse("learning:course", args=[school.course.pk])
    places = [school.place]
    with clock.at(DURING):
        for number in range(FEWEST - 1):
            person = school.city.pin(f"คน{number}")
            places.append(actions.enrol(person=person, opportunity=school.course, case=None, by=school.teacher))
    for number, place in enumerate(places):
        assert "คะแนน ผู้เรียน" not in text(teacher.get(where))
        assessed(place, school, "before", words=1)
        assessed(place, school, "after", words=1 + number % 3)
    assert "ไม่แสดงตัวเลข" not in text(teacher.get(where))
    with django_assert_max_num_queries(22):
        assert "เฉลี่ย +0.9 จาก 30 คะแนน ผู้เรียน 10 คน" in text(teacher.get(where))


@pytest.mark.django_db
def test_an_assessment_keeps_the_version_whose_page_was_open(school: School, teacher: Client, tmp_path: Path) -> None:
    instruments()
    url = reverse("learning:assess", args=[school.place.pk, "literacy", "before"])
    assert re.search(r'name="asked_version" value="1"', text(teacher.get(url)))
    newer = (FOLDER / "literacy.json").read_text(encoding="utf-8").replace('"version": 1', '"version": 2')
    (tmp_path / "literacy.json").write_text(newer, encoding="utf-8")
    load_questionnaires(folder=tmp_path, by=system_user())
    assert re.search(r'name="asked_version" value="2"', text(teacher.get(url)))
    once = "0192f3a4-0000-7000-8000-0000000000"
    said = {"letters": "2", "name": "help"}
    assert teacher.post(url, {**said, "asked_version": "1", "once": f"{once}01"}).status_code == 302
    assert [row.instrument.version for row in Assessment.objects.all()] == [1]
    # One that is none is answered with what was used before.
    assert teacher.post(url, {**said, "letters": "3", "asked_version": "7", "once": f"{once}02"}).status_code == 302
    assert [row.instrument.version for row in Assessment.objects.all()] == [1]
