"""What was asked when somebody began to wait is asked again when the place comes."""

import datetime as dt

import pytest
from django.test import Client
from tests.learning.conftest import DAY, FIRST, HOURS
from tests.learning.test_line import EARLY, Shop, agreed, ask, course_of, shop, taken
from tests.signing import sign_in_fully

from okat.city.accounts.queries import system_user
from okat.city.catalogue import actions as catalogue
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.core.registries import TASKS
from okat.city.learning import actions, tasks
from okat.city.learning.models import Enrolment, Turn
from okat.city.learning.queries import line
from okat.city.learning.rules import LearningError
from okat.city.notices.models import Notice
from okat.city.partners.models import Partner
from okat.city.people import actions as people
from okat.city.people.models import Person, Slip
from okat.thai.partial import PartialDate

__all__ = ["shop"]


def waiting(found: Shop) -> tuple[Enrolment, Turn]:
    """One holds the only place, two waits for it."""
    school, course, (one, two, _three) = found
    held, turn = ask(school, course, one), ask(school, course, two)
    assert isinstance(held, Enrolment)
    assert isinstance(turn, Turn)
    return held, turn


def state(turn: Turn) -> str:
    return Turn.objects.values_list("state", flat=True).get(pk=turn.pk)


def test_a_place_that_comes_free_on_the_last_morning_is_offered_to_nobody(shop: Shop) -> None:
    held, turn = waiting(shop)
    school, course, _people = shop
    with clock.at(FIRST + DAY - HOURS):  # the only session is in three hours
        actions.leave_course(enrolment=held, by=school.city.worker)
        assert (state(turn), taken(course)) == ("waiting", 0)
    with clock.at(FIRST + 2 * DAY):
        tasks.tend(0)
        assert state(turn) == "over"


def test_nobody_is_enrolled_in_a_course_that_is_over(shop: Shop) -> None:
    held, turn = waiting(shop)
    school, course, _people = shop
    actions.leave_course(enrolment=held, by=school.city.worker)
    assert state(turn) == "offered"
    course.sessions.update(start=EARLY + HOURS, end=EARLY + 2 * HOURS)  # brought forward
    with clock.at(EARLY + DAY), pytest.raises(LearningError) as refused:
        actions.accept_turn(turn=turn, by=school.city.worker)
    assert refused.value.code == "closed"
    assert "หลักสูตรอื่น" in str(refused.value)


@pytest.mark.parametrize("when", ["before it was read", "after it was read"])
def test_nobody_is_enrolled_with_a_provider_that_left_since_the_offer(shop: Shop, when: str) -> None:
    held, turn = waiting(shop)
    school, course, _people = shop
    actions.leave_course(enrolment=held, by=school.city.worker)
    assert state(turn) == "offered"
    read = Turn.objects.select_related("opportunity__provider", "person").get(pk=turn.pk)
    Partner.objects.filter(pk=course.provider_id).update(left_on=clock.today())
    if when == "before it was read":
        read = Turn.objects.get(pk=turn.pk)
    with pytest.raises(LearningError) as refused:
        actions.accept_turn(turn=read, by=school.city.worker)
    assert refused.value.code == "closed"
    assert "ผู้จัด" in str(refused.value)
    assert (state(turn), Enrolment.objects.filter(person=turn.person, standing="active").count()) == ("offered", 0)
    assert taken(course) == 1  # still held for the offer; the sweep ends it


SOURCE = {"text": "ข้อกำหนดของผู้จัด", "ref": "ประกาศรับสมัคร", "verified": True}


def young(found: Shop) -> Person:
    """Two turns 26 five days from now; the course takes people up to 25."""
    school, course, (one, two, three) = found
    for other in (one, three):
        changes = {"birth": PartialDate(2004, 5, 1)}
        people.update_person(person=other, version=other.version, changes=changes, by=school.city.worker)
    catalogue.set_rule(
        opportunity=course,
        rule={"age": "birth_date", "op": "<=", "years": 25, "source": SOURCE},
        note="",
        by=school.teacher,
        version=course.version,
    )
    day = (EARLY + 5 * DAY).date()
    born = PartialDate(day.year - 26, day.month, day.day)
    return people.update_person(person=two, version=two.version, changes={"birth": born}, by=school.city.worker)


def test_a_birthday_while_one_waits(shop: Shop, django_capture_on_commit_callbacks: object) -> None:
    """Before the offer: the next one is asked. After it: the page says why not."""
    school, course, (one, _two, three) = shop
    two = young(shop)
    course.refresh_from_db()
    held = ask(school, course, one)
    first, second = ask(school, course, two), ask(school, course, three)
    assert isinstance(held, Enrolment)
    assert isinstance(first, Turn)
    assert isinstance(second, Turn)
    with clock.at(EARLY + 6 * DAY):
        actions.leave_course(enrolment=held, by=school.city.worker)
        assert (state(first), state(second)) == ("unfit", "offered")


def test_a_birthday_between_the_offer_and_the_answer(shop: Shop) -> None:
    school, course, (one, *_others) = shop
    two = young(shop)
    course.refresh_from_db()
    held, turn = ask(school, course, one), ask(school, course, two)
    assert isinstance(held, Enrolment)
    assert isinstance(turn, Turn)
    with clock.at(EARLY + 4 * DAY):
        actions.leave_course(enrolment=held, by=school.city.worker)
    with clock.at(EARLY + 6 * DAY), pytest.raises(LearningError) as refused:
        actions.accept_turn(turn=turn, by=school.city.worker)
    assert refused.value.code == "not_eligible"
    assert state(turn) == "offered"  # still theirs to decline


def test_another_course_at_the_same_hours_came_in_between(shop: Shop) -> None:
    held, turn = waiting(shop)
    school, _course, (_one, two, _three) = shop
    other = course_of(school, "จักสาน", start=FIRST + DAY)
    ask(school, other, two)
    actions.leave_course(enrolment=held, by=school.city.worker)
    with pytest.raises(LearningError) as refused:
        actions.accept_turn(turn=turn, by=school.city.worker, despite=True)
    assert refused.value.code == "clash_all"


def test_the_page_says_it_and_the_place_can_be_let_go(shop: Shop, client: Client) -> None:
    held, turn = waiting(shop)
    school, course, (_one, two, _three) = shop
    ask(school, course_of(school, "จักสาน", start=FIRST + DAY), two)
    actions.leave_course(enrolment=held, by=school.city.worker)
    sign_in_fully(client, school.city.worker)
    url = f"/learning/{course.pk}/place/?person={two.pk}"
    page = client.post(url, {"do": "accept", "once": "", "despite": "on"})
    assert page.status_code == 409
    assert two.full_name in page.content.decode()
    assert str(two.pk) not in page.content.decode().replace(f"person={two.pk}", "").replace(f"/people/{two.pk}", "")
    assert client.post(url, {"do": "decline", "once": "", "sure": "1"}).status_code == 302
    assert state(turn) == "declined"


def test_a_course_that_takes_nobody_new_goes_on_with_those_in_line(
    shop: Shop, django_capture_on_commit_callbacks: object
) -> None:
    held, turn = waiting(shop)
    school, course, (_one, _two, three) = shop
    course.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        catalogue.close(opportunity=course, reason="เต็มแล้ว", by=school.teacher, version=course.version)
    assert Notice.objects.filter(kind="learning.line_closed", user=school.city.worker).count() == 1
    assert state(turn) == "waiting"
    with pytest.raises(LearningError):
        ask(school, course, three)
    actions.leave_course(enrolment=held, by=school.city.worker)
    assert state(turn) == "offered"
    actions.accept_turn(turn=turn, by=school.city.worker)
    assert taken(course) == 1


def test_an_offer_stays_on_paper_when_its_course_takes_nobody_new(shop: Shop) -> None:
    """Who has neither account nor telephone knows the last day to answer by that slip alone."""
    held, turn = waiting(shop)
    school, course, (_one, two, three) = shop
    ask(school, course, three)
    actions.leave_course(enrolment=held, by=school.city.worker)
    assert state(turn) == "offered"
    course.refresh_from_db()
    catalogue.close(opportunity=course, reason="เต็มแล้ว", by=school.teacher, version=course.version)
    turn.refresh_from_db()
    lying = Slip.objects.filter(told_at=None, about=str(course.pk)).values_list("person", "kind", "until")
    assert set(lying) == {
        (two.pk, "learning.turn_offered", turn.answer_by), (three.pk, "learning.line_closed", None),
    }  # fmt: skip
    assert turn.answer_by is not None


def test_a_place_that_comes_free_as_its_course_closes_is_offered_on_paper(shop: Shop) -> None:
    """What nobody answered in time goes on in the same moment."""
    held, turn = waiting(shop)
    school, course, (_one, two, three) = shop
    ask(school, course, three)
    actions.leave_course(enrolment=held, by=school.city.worker)
    turn.refresh_from_db()
    assert turn.answer_by is not None
    with clock.at(EARLY + (turn.answer_by - EARLY.date() + dt.timedelta(days=1))):
        actions.tell_closed(opportunity=course, by=school.city.worker)
        lying = set(Slip.objects.filter(told_at=None).values_list("person", "kind"))
    assert lying == {(two.pk, "learning.turn_expired"), (three.pk, "learning.turn_offered")}


def test_places_that_are_added_are_offered_at_once(shop: Shop) -> None:
    from okat.city.catalogue.rules.rows import OpportunityRow, SessionRow

    _held, turn = waiting(shop)
    school, course, _people = shop
    course.refresh_from_db()
    row = OpportunityRow(
        provider=school.city.school.code, area=school.city.school.area.code, kind="interest", title_th="ทำขนม",
        title_en="Sweets", capacity=4, sessions=(SessionRow(FIRST + DAY, FIRST + DAY + HOURS),),
    )  # fmt: skip
    catalogue.write(row=row, opportunity=course, version=course.version, by=school.teacher)
    assert (state(turn), taken(course)) == ("offered", 2)


def today(user: object) -> list[str]:
    return [task.key for task in TASKS["learning"](user)]


def test_an_offer_falls_to_the_team_when_whoever_entered_it_leaves_or_is_away(shop: Shop) -> None:
    from tests.signing import make_user

    from okat.city.partners import actions as partners
    from okat.city.partners.models import Membership
    from okat.city.partners.rules import Role

    held, turn = waiting(shop)
    school, _course, _people = shop
    worker, town = school.city.worker, school.city.town
    colleague, manager = make_user("colleague"), make_user("head")
    for user, role in ((colleague, Role.FIELD_WORKER), (manager, Role.MANAGER)):
        partners.add_member(partner=town, user=user, role=role, by=system_user())
    actions.leave_course(enrolment=held, by=worker)
    assert today(worker) == [f"turn:{turn.pk}"]
    assert today(colleague) == today(manager) == []
    day = clock.today()
    partners.note_absence(user=worker, since=day, until=day + dt.timedelta(days=2), by=worker)
    assert today(worker) == today(colleague) == today(manager) == [f"turn:{turn.pk}"]
    partners.end_absence(user=worker, by=manager)
    assert today(colleague) == []
    partners.end_membership(membership=Membership.objects.get(user=worker), by=manager)
    worker.__dict__.pop("_memberships", None)
    assert today(worker) == []
    assert today(colleague) == today(manager) == [f"turn:{turn.pk}"]


def test_many_offers_are_one_line_that_leads_to_their_list(shop: Shop, client: Client) -> None:
    school, _course, _people = shop
    made = [school.city.pin(f"คน{n}") for n in range(5)]
    wide = course_of(school, "ทอเสื่อ", places=5, start=FIRST + DAY)
    first = [ask(school, wide, school.city.pin(f"ก่อน{n}")) for n in range(5)]
    for person in made:
        ask(school, wide, person)
    for row in first:
        assert isinstance(row, Enrolment)
        actions.leave_course(enrolment=row, by=school.city.worker)
    (task,) = [task for task in TASKS["learning"](school.city.worker) if task.key == "turns"]
    assert task.count == 5
    sign_in_fully(client, school.city.worker)
    page = client.get(task.url).content.decode()
    assert all(person.full_name in page for person in made)
    assert line.offers_to_tell(school.city.worker).count() == 5
    assert agreed(school).recipient == school.city.school
    assert Opportunity.objects.get(pk=wide.pk).seats_taken == 5
