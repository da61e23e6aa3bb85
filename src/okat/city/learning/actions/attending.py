"""Who attended: by the teacher's list, or by the code in the room; corrections."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.catalogue.models import Session
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.learning.models import Attendance, CalledOff, Enrolment
from okat.city.learning.rules import How, LearningError, Standing
from okat.city.learning.rules.room import EARLY, open_code
from okat.city.people.models import Person


@action
def mark(*, session: Session, present: Iterable[UUID], by: User, seen: Iterable[UUID] = ()) -> int:
    """Note the whole list of a session: who is named was there, every other active learner was not; how many notes
    changed. `seen`: who stood there as present when the list was drawn; whoever scanned the picture since then stays
    present. Raises LearningError for a session that has not begun (a wrong day) or was called off."""
    _may_note(session, early=False)
    learners = Enrolment.objects.filter(opportunity=session.opportunity_id, standing=Standing.ACTIVE)
    here = set(present)
    wanted = {pk: pk in here for pk in learners.values_list("pk", flat=True)}
    if here - wanted.keys():
        raise LearningError("learner", _("Somebody on the list does not take part in this course any more."))
    before = {
        row.enrolment_id: row for row in Attendance.objects.select_for_update(no_key=True).filter(session=session)
    }
    shown = set(seen)
    scanned = {pk for pk, row in before.items() if row.present and row.how == How.CODE and pk not in shown}
    wanted |= dict.fromkeys(scanned & wanted.keys(), True)
    changed = [pk for pk, was in wanted.items() if pk not in before or before[pk].present != was]
    _keep(session, {pk: wanted[pk] for pk in changed}, How.LIST, by)
    verb = "learning.correct" if before else "learning.attend"
    audit.record(
        by=by, verb=verb, subject=session, fields=["present"] if changed else [],
        partner=session.opportunity.provider.code,
    )  # fmt: skip
    return len(changed)


def _keep(session: Session, notes: Mapping[UUID, bool], how: How, by: User) -> None:
    held, now = timezone.localdate(session.start), clock.now()
    rows = [
        Attendance(enrolment_id=pk, session=session, held_on=held, present=was, how=how, by=by, at=now)
        for pk, was in notes.items()
    ]
    Attendance.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["enrolment", "session"],
        update_fields=["present", "how", "by", "at", "held_on"],
    )  # fmt: skip


def _may_note(session: Session, *, early: bool) -> None:
    if CalledOff.objects.filter(session=session).exists():
        raise LearningError("called_off", _("This session was called off. Nobody can have attended it."))
    if clock.now() < session.start - (EARLY if early else EARLY * 0):
        raise LearningError("not_begun", _("This session has not begun. Is it the right day?"))


@action
def move_marks(*, wrong: Session, right: Session, by: User) -> int:
    """The list was noted for the wrong day: it moves as a whole to the right session of the same course. Raises
    LearningError where the right one has a list already, has not begun or was called off; nothing moves then."""
    if wrong.opportunity_id != right.opportunity_id or wrong.pk == right.pk:
        raise LearningError("session", _("Choose another session of the same course."))
    _may_note(right, early=False)
    if Attendance.objects.filter(session=right).exists():
        raise LearningError("taken", _("That session has a list already. Correct each of the two lists instead."))
    held = timezone.localdate(right.start)
    count = Attendance.objects.filter(session=wrong).update(session=right, held_on=held, by=by, at=clock.now())
    code = right.opportunity.provider.code
    audit.record_many(by=by, verb="learning.move", subjects=[wrong, right], fields=["session"], partner=code)
    return count


@action
def sign_in(*, code: str, person: Person, by: User) -> Session:
    """The learner scanned the picture in the room. Raises LearningError for a forged or old code, outside the hours,
    or for somebody who does not take part."""
    number = open_code(code, clock.now())
    session = Session.objects.select_related("opportunity__provider").filter(pk=number).first()
    if session is None:
        raise LearningError("code", _("This code is not one of ours. Scan the picture in the room again."))
    _may_note(session, early=True)
    if clock.now() > session.end:
        raise LearningError("over", _("This session is over. Ask your teacher to note you on the list."))
    active = Enrolment.objects.filter(person=person, opportunity=session.opportunity_id, standing=Standing.ACTIVE)
    row = active.first()
    if row is None:
        raise LearningError("learner", _("You do not take part in this course. Ask your teacher."))
    _keep(session, {row.pk: True}, How.CODE, by)
    audit.record(by=by, verb="learning.sign_in", subject=session, fields=["present"])
    return session
