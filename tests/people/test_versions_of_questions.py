"""Answers are answers to the questions that were asked, whatever was loaded meanwhile."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from tests.people.conftest import City
from tests.people.test_person_screens import ONCE, page_of, text
from tests.signing import sign_in_fully

from okat.city.accounts.queries import system_user
from okat.city.people.actions import load_questionnaires
from okat.city.people.models import Answers, Questionnaire

pytestmark = pytest.mark.django_db


def load(folder: Path, version: int, *, swapped: bool) -> Questionnaire:
    (first, *_rest) = sorted((Path(settings.CITY) / "questionnaires").glob("*.json"))
    data = json.loads(first.read_text(encoding="utf-8"))
    data["version"] = version
    if swapped:
        question = next(one for one in data["questions"] if len(one.get("options", ())) > 1)
        one, other = question["options"][:2]
        one["th"], other["th"] = other["th"], one["th"]
    (folder / first.name).write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return load_questionnaires(folder=folder, by=system_user())[0]


def test_answers_keep_the_version_that_was_asked(city: City, client: Client, tmp_path: Path) -> None:
    old = load(tmp_path, 100, swapped=False)
    sign_in_fully(client, city.teacher)
    person = city.pin()
    where = page_of(person, "questions", code=old.code)
    assert 'name="asked_version" value="100"' in text(client, where)
    new = load(tmp_path, 101, swapped=True)
    question = next(one for one in old.data["questions"] if one.get("options") and not one.get("sensitive"))
    code = question["options"][0]["code"]
    said = {question["code"]: code if question["type"] == "choice" else [code]}
    page = text(client, where, {**said, "asked_version": "100", "once": ONCE + "71"})
    assert "คำตอบนี้เก็บไว้กับคำถามชุดเดิม" in page
    assert Answers.objects.get().questionnaire == old
    wrong = text(client, where, {question["code"]: "ไม่มีข้อนี้", "asked_version": "100", "once": ONCE + "72"})
    assert "มีคำถามชุดใหม่แล้ว" in wrong  # drawn again with its own questions, and says so
    text(client, where, {**said, "asked_version": "101", "once": ONCE + "73"})
    assert set(Answers.objects.values_list("questionnaire", flat=True)) == {old.pk, new.pk}
    assert client.post(where, {**said, "asked_version": "7", "once": ONCE + "74"}).status_code == 404
