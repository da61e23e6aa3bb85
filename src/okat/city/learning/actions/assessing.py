"""Assessments are entered by the teacher, who may correct them until the certificate is issued."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.learning.models import Assessment, Enrolment
from okat.city.learning.rules import LearningError, Standing
from okat.city.learning.rules.assessing import USE, When
from okat.city.people.actions import hold_whose
from okat.city.people.models import Questionnaire
from okat.city.people.rules import questionnaire


@action
def assess(
    *, enrolment: Enrolment, instrument: Questionnaire, moment: When, answers: Mapping[str, Any], by: User
) -> Assessment:
    """Keep the answers, sealed, and the points that follow. Raises LearningError for somebody who does not take part
    (any more), an answer that no question has, and a page without any answer."""
    hold_whose(enrolment)
    row = (
        Enrolment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("person__key")
        .get(pk=enrolment.pk)
    )
    if row.standing != Standing.ACTIVE or row.person is None or row.person.key is None:
        raise LearningError("learner", _("Only somebody who takes part now can be assessed."))
    if instrument.data.get("use") != USE:
        raise LearningError("instrument", _("This is not an assessment."))
    try:
        kept = questionnaire.clean(instrument.data, answers)
    except ValueError as error:
        raise LearningError("answer", _("An answer does not fit its question. Look at the page again.")) from error
    if not kept:
        raise LearningError("empty", _("Answer at least one question."))
    points = questionnaire.score(instrument.data, kept).value
    values = {"points": points, "sealed": row.person.key.seal(kept), "by": by, "at": clock.now()}
    made, _fresh = Assessment.objects.update_or_create(
        enrolment=row, instrument=instrument, moment=moment, defaults=values
    )
    code = row.opportunity.provider.code
    audit.record(by=by, verb="learning.assess", subject=row, fields=["points", "sealed"], reason=moment, partner=code)
    return made
