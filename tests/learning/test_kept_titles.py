"""A notice outlives what its reader may see: whoever looks after somebody reads in none of them of which course it is,
where that alone tells of health or a disability."""

from tests.learning.conftest import DAY, FIRST
from tests.learning.test_line import Shop, shop

from okat.city.accounts.queries import system_user
from okat.city.catalogue import actions as catalogue
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.queries.sessions import Change
from okat.city.learning import actions
from okat.city.learning.models import Enrolment
from okat.city.notices.models import Notice
from okat.city.people.actions import ConsentRow, record_consent
from okat.city.people.rules import HIDDEN_TITLE, How, Purpose

__all__ = ["shop"]


def test_no_notice_to_a_worker_names_a_course_that_tells_of_its_learners(shop: Shop) -> None:
    school, course, (one, two, _three) = shop
    Opportunity.objects.filter(pk=course.pk).update(telling=True)
    course.refresh_from_db()
    worker, by = school.city.worker, system_user()
    given = ConsentRow(Purpose.ENROL, school.city.school, How.SIGNATURE, sensitive=True)
    for person in (one, two):  # to enrol them is to know it; what is told later outlives that
        explicit = ConsentRow(Purpose.CARE, school.city.town, How.SIGNATURE, sensitive=True)
        record_consent(person=person, given=explicit, by=worker)
    held = actions.take_seat(person=one, opportunity=course, by=worker, consent=given)
    actions.take_seat(person=two, opportunity=course, by=worker, consent=given, wait=True)
    assert isinstance(held, Enrolment)
    session = course.sessions.get()
    actions.cancel_session(session=session, reason="ครูป่วย", by=by)
    actions.reinstate_session(session=session, by=by)
    moved: Change = (session, FIRST + 2 * DAY, FIRST + 2 * DAY)
    actions.follow_changes(opportunity=course, moved=[moved], gone=[session], by=by)
    actions.tell_closed(opportunity=course, by=by)
    actions.leave_course(enrolment=held, by=by)  # the place is offered to the next
    kept = Opportunity.objects.get(pk=course.pk)
    catalogue.cancel(opportunity=kept, reason="ครูป่วย", by=by, version=kept.version)
    told = Notice.objects.filter(user__in=[worker, school.city.manager], kind__startswith="learning.")
    assert {notice.kind for notice in told} == {
        "learning.called_off_for", "learning.reinstated_for", "learning.moved_for", "learning.taken_out_for",
        "learning.line_closed", "learning.turn_offered", "learning.turn_cancelled",
    }  # fmt: skip
    assert {notice.params["title"] for notice in told} == {HIDDEN_TITLE["th"]}
    ends = told.get(kind="learning.turn_cancelled")
    assert ends.params["reason"] == "–"  # it stands beside the name in the catalogue
    assert not [notice for notice in told if str(course.pk) in notice.url or course.title_th in str(notice.params)]
