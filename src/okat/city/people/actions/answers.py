"""Questionnaires: loading them from the city's folder, answering them, and the score that follows."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.partners.models import Partner
from okat.city.people.actions._answers import answer_records
from okat.city.people.actions._locks import lock_person
from okat.city.people.models import Person, Questionnaire, Score
from okat.city.people.rules import questionnaire


@action
def load_questionnaires(*, folder: Path, by: User) -> list[Questionnaire]:
    """Load each `*.json` of a folder; the newest version of a code is the one in use.

    A version that is there already stays as it is. Raises QuestionnaireError for a file that cannot be used, or one
    whose contents changed under the same version.
    """
    loaded = []
    for path in sorted(folder.glob("*.json")):
        text = path.read_text(encoding="utf-8")
        data = json.loads(text)
        questionnaire.check(data)
        loaded.append(_load(path.name, data))
    audit.record(by=by, verb="people.load_questionnaires", fields=[q.code for q in loaded])
    return loaded


def _load(name: str, data: Mapping[str, Any]) -> Questionnaire:
    digest = hashlib.sha256(json.dumps(data, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    there = Questionnaire.objects.filter(code=data["code"], version=data["version"]).first()
    if there is not None:
        if there.digest != digest:
            raise questionnaire.QuestionnaireError(
                f"{name} changed: give it a new version, answers rest on the old one"
            )
        return there
    newest = not Questionnaire.objects.filter(code=data["code"], version__gt=data["version"]).exists()
    if newest:
        Questionnaire.objects.filter(code=data["code"], active=True).update(active=False)
    return Questionnaire.objects.create(
        code=data["code"], version=data["version"], data=data, digest=digest, active=newest, loaded_at=clock.now()
    )


@action
def answer_questionnaire(
    *, person: Person, form: Questionnaire, answers: Mapping[str, Any], partner: Partner | None, by: User
) -> Score:
    """Keep what was said and the score that follows; earlier answers stay. Raises PeopleError for a value that no
    question has."""
    person = lock_person(person)
    said, score = answer_records(person, form, answers, partner, by)
    Score.objects.filter(person=person, questionnaire__code=form.code, current=True).update(current=False)
    said.save(force_insert=True)
    score.save(force_insert=True)
    audit.record(
        by=by,
        verb="people.answer",
        subject=person,
        fields=["answers", "score"],
        partner=partner.code if partner else "",
    )
    return score
