"""The records that answers to a questionnaire become."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.core.ids import new_id
from okat.city.partners.models import Partner
from okat.city.people.models import Answers, Person, Questionnaire, Score
from okat.city.people.rules import PeopleError, questionnaire


def answer_records(
    person: Person, form: Questionnaire, answers: Mapping[str, Any], partner: Partner | None, by: User
) -> tuple[Answers, Score]:
    """The unsaved answers and their score."""
    try:
        kept = questionnaire.clean(form.data, answers)
    except ValueError as error:
        raise PeopleError("answer", _("An answer does not fit its question: %(code)s") % {"code": error}) from error
    assert person.key is not None
    result = questionnaire.score(form.data, kept)
    now = clock.now()
    said = Answers(
        id=new_id(), person=person, questionnaire=form, sealed=person.key.seal(kept), partner=partner, by=by, at=now
    )
    parts = [[part.code, part.points, part.known] for part in result.parts]
    score = Score(
        person=person, questionnaire=form, answers=said, value=result.value, parts_sealed=person.key.seal(parts), at=now
    )
    return said, score
