"""When a course is completed: conditions as data, and what is missing."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from tests.learning.conftest import AFTER, FIRST, HOURS, School
from tests.learning.test_assessing import assessed, instruments
from tests.signing import sign_in_fully

from okat.city.core import clock
from okat.city.learning import actions
from okat.city.learning.queries import courses, proofs
from okat.city.learning.rules import LearningError, Progress
from okat.city.learning.rules.completing import CONDITIONS, LACKS, MEASURES, Rule, both, lacking, narrative, sentences

FULL = Rule(75, 9, frozenset({1, 2}), "literacy", ("อ่านเขียน", "Reading"))
DONE = Progress(3, 4, 4, 540, frozenset({1, 2, 3}), frozenset({"literacy"}))


@pytest.mark.parametrize(
    ("done", "missing"),
    [
        (DONE, []),
        (Progress(3, 4, 4, 539, DONE.present, DONE.assessed), [("hours", 8, 9)]),
        (Progress(3, 4, 4, 540, frozenset({2, 3, 4}), DONE.assessed), [("required", 1, 2)]),
        (Progress(3, 4, 4, 540, DONE.present, frozenset({"numeracy"})), [("assessment", 0, 1)]),
        (Progress(2, 3, 4, 360, frozenset({1, 2}), frozenset()),
         [("held", 3, 4), ("share", 2, 3), ("hours", 6, 9), ("assessment", 0, 1)]),
        (Progress(0, 0, 0), [("held", 0, 1), ("hours", 0, 9), ("required", 0, 2), ("assessment", 0, 1)]),
    ],
)  # fmt: skip
def test_each_condition_says_what_is_missing(done: Progress, missing: list[tuple[str, int, int]]) -> None:
    assert [(lack.code, lack.have, lack.want) for lack in lacking(FULL, done)] == missing


def test_every_condition_has_its_sentences_in_both_languages() -> None:
    assert MEASURES.keys() == CONDITIONS.keys() == LACKS.keys()
    assert sentences(FULL, "th")[1] == "เข้าเรียนไม่น้อยกว่าร้อยละ 75 ของครั้งที่จัด"
    assert sentences(FULL, "en")[1:3] == [
        "at least 75% of the sessions were attended", "at least 9 hours were spent in sessions",
    ]  # fmt: skip
    assert len(sentences(Rule(), "th")) == 2  # what is not asked is not said
    thai, english = both(narrative(FULL))
    assert "“อ่านเขียน” หลังเรียน" in thai
    assert english.startswith("At least 75%")
    assert "“Reading”" in english
    assert both("เข้าเรียนไม่น้อยกว่าร้อยละ 80 ของครั้งที่จัด")[1] == ""


@pytest.fixture
def teacher(school: School) -> Client:
    client = Client()
    sign_in_fully(client, school.teacher)
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


@pytest.mark.django_db
def test_a_provider_sets_all_conditions_and_the_learner_reads_what_is_missing(school: School, teacher: Client) -> None:
    instruments()
    learner, where = Client(), reverse("learning:rule", args=[school.course.pk])
    learner.force_login(school.learner, backend="okat.city.partners.queries.Accounts")
    first = school.sessions[0]
    said = {"share": "๗๕", "hours": "๙", "required": [str(first.pk)], "assessment": "literacy", "months": ""}
    assert teacher.post(where, said).status_code == 302
    page = text(teacher.get(where))
    assert "ทำแบบประเมิน “การอ่านเขียนภาษาไทย” หลังเรียน" in page
    assert f'value="{first.pk}" checked' in " ".join(page.split()).replace(' id="id_required_0"', "")
    own = reverse("learning:progress", args=[school.place.pk])
    assert own in text(learner.get("/learning/mine/"))
    with clock.at(AFTER):
        for session in school.sessions[1:]:
            actions.mark(session=session, present=[school.place.pk], by=school.teacher)
        page = text(learner.get(own))
        assert "ยังขาดอีก 2 อย่าง" in page
        assert "มาเรียนครั้งที่ทุกคนต้องมาอีก 1 ครั้ง" in page
        with pytest.raises(LearningError, match="ยังไม่มี"):
            actions.issue(opportunity=school.course, by=school.teacher)
        actions.mark(session=first, present=[school.place.pk], by=school.teacher)
        assessed(school.place, school, "after", words=5)
        assert "ครูออกใบรับรองให้ได้เลย" in text(learner.get(own))
        made = actions.issue(opportunity=school.course, by=school.teacher)
        document = proofs.document_of(made[0])
        assert document is not None
        assert "At least 75%" in document["credentialSubject"]["achievement"]["criteria"]["narrative"]
        assert teacher.post(where, said).status_code == 200  # certificates were issued by this rule


@pytest.mark.django_db
def test_what_nobody_may_miss_and_was_called_off_is_asked_of_nobody(school: School) -> None:
    first = school.sessions[0]
    actions.set_rule(opportunity=school.course, share=50, months=None, required=[first], by=school.teacher)
    actions.cancel_session(session=first, reason="น้ำท่วม", by=school.teacher)
    assert courses.rule_of(courses.completion_of(school.course)).required == frozenset()


@pytest.mark.django_db
def test_a_rule_that_nobody_can_reach_is_refused_beside_its_field(school: School, teacher: Client) -> None:
    where = reverse("learning:rule", args=[school.course.pk])
    page = text(teacher.post(where, {"share": "80", "hours": "13"}))
    assert "ตารางเรียนมีแค่ 12 ชั่วโมง" in page
    assert 'value="13"' in page
    assert teacher.post(where, {"share": "80", "assessment": "made-up"}).status_code == 200
    assert teacher.post(where, {"share": "80", "required": ["999999999"]}).status_code == 200
    with clock.at(FIRST - HOURS), pytest.raises(LearningError) as refused:
        actions.set_rule(opportunity=school.course, share=80, months=None, assessment="made-up", by=school.teacher)
    assert refused.value.code == "assessment"
    assert not hasattr(school.course, "completion")
