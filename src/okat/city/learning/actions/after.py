"""Materials, and what learners say after a course."""

from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity, Session
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.learning.models import Answered, Enrolment, Feedback, Material
from okat.city.learning.queries.after import may_answer
from okat.city.learning.rules import LearningError
from okat.city.learning.rules.after import QUESTIONS, Made
from okat.city.people.actions import hold_whose


@action
def add_material(
    *, opportunity: Opportunity, title: str, made: Made, by: User, url: str = "", text: str = "",
    session: Session | None = None,
) -> Material:  # fmt: skip
    """Raises LearningError for neither a link nor a text, or a session of another course."""
    if not (url or text):
        raise LearningError("nothing", _("Give a link or write a text."))
    if session is not None and session.opportunity_id != opportunity.pk:
        raise LearningError("session", _("Choose another session of the same course."))
    row = Material.objects.create(
        opportunity=opportunity, session=session, title=title, url=url, text=text, made=made, at=clock.now()
    )
    audit.record(by=by, verb="learning.material", subject=row, fields=["title"], partner=opportunity.provider.code)
    return row


@action
def remove_material(*, material: Material, by: User) -> None:
    audit.record(by=by, verb="learning.remove_material", subject=material)
    material.delete()


@action
def give_feedback(*, enrolment: Enrolment, points: dict[str, int], by: User) -> None:
    """Once for each learner. The answers stand by themselves; the audit trail names the learner and no answer.
    Raises LearningError before the end of the course, for a second time, and for points outside 1 to 5."""
    hold_whose(enrolment)
    row = (
        Enrolment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("opportunity__provider")
        .get(pk=enrolment.pk)
    )
    if not may_answer(row):
        raise LearningError("answered", _("You have answered already, or the course is not over yet."))
    if set(points) != set(QUESTIONS) or any(not 1 <= value <= 5 for value in points.values()):
        raise LearningError("points", _("Choose one answer for each question."))
    Feedback.objects.create(opportunity=row.opportunity, **points)
    Answered.objects.create(enrolment=row)
    audit.record(by=by, verb="learning.feedback", subject=row, partner=row.opportunity.provider.code)
