"""The provider says when a course counts as completed."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity, Session
from okat.city.core import audit
from okat.city.core.action import action
from okat.city.learning.models import Completion, Credential
from okat.city.learning.queries.assessing import instruments
from okat.city.learning.queries.courses import meetings_of
from okat.city.learning.rules import LearningError


@action
def set_rule(
    *, opportunity: Opportunity, share: int, months: int | None, by: User, hours: int = 0,
    required: Iterable[Session] = (), assessment: str = "",
) -> Completion:  # fmt: skip
    """Raises LearningError for a rule that nobody can reach, and once a certificate was issued by the present one: all
    of one course are earned alike."""
    must = list(required)
    _possible(opportunity, share, hours, must, assessment)
    if Credential.objects.filter(opportunity=opportunity).exists():
        raise LearningError("issued", _("Certificates were issued by this rule, so it stays as it is."))
    values = {"share": share, "months": months, "hours": hours, "assessment": assessment}
    row, _fresh = Completion.objects.update_or_create(opportunity=opportunity, defaults=values)
    row.sessions.set(must)
    code = opportunity.provider.code
    audit.record(by=by, verb="learning.rule", subject=opportunity, fields=[*values, "sessions"], partner=code)
    return row


def _possible(course: Opportunity, share: int, hours: int, must: list[Session], assessment: str) -> None:
    if not 1 <= share <= 100:
        raise LearningError("share", _("Write a share between 1 and 100 percent."))
    worth = {one.root: one.minutes for one in meetings_of(course).values()}
    planned = sum(worth.values()) / 60
    if hours and hours > planned:
        raise LearningError(
            "hours", _("The timetable has %(planned)s hours only; nobody could reach this.") % {"planned": int(planned)}
        )
    if any(session.opportunity_id != course.pk for session in must):
        raise LearningError("required", _("Choose sessions of this course."))
    if assessment and assessment not in {one.code for one in instruments()}:
        raise LearningError("assessment", _("Choose an assessment of the city's list."))
