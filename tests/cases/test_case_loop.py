"""The closed loop through the actions: consent at every hand-over, access that ends, races, partners that leave."""

import datetime as dt
from collections.abc import Callable
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from tests.cases.conftest import NOON, City, asked_after
from tests.post_office import opened
from tests.signing import make_user

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.cases import actions, queries
from okat.city.cases.models import Case, FollowUp, Transition
from okat.city.cases.rules import CaseError, GoalStatus, LateError, Sector, State
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock, registries
from okat.city.core.models import Letter
from okat.city.notices.models import Notice
from okat.city.partners import actions as partners
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.models import Consent
from okat.city.people.queries import has_grant, visible_to
from okat.city.people.rules import Status

pytestmark = pytest.mark.django_db
Refused = Callable[..., str]


def refused(do: Callable[[], object]) -> str:
    with pytest.raises(CaseError) as caught, transaction.atomic():
        do()
    assert str(caught.value)
    return caught.value.code


def later(days: int) -> dt.datetime:
    return NOON + dt.timedelta(days=days)


def test_the_whole_loop(city: City, django_capture_on_commit_callbacks: Callable[..., object]) -> None:
    with clock.at(NOON):
        with django_capture_on_commit_callbacks(execute=True):  # type: ignore[attr-defined]
            case = city.active()
        assert has_grant(city.person, city.school)
        assert case.due_on == clock.today() + dt.timedelta(days=90)
        case = actions.complete(case=case, by=city.officer)
        assert not has_grant(city.person, city.school)
        assert refused(lambda: actions.close(case=case, by=city.worker)) == "not_now"
        assert refused(lambda: actions.record_follow_up(case=case, outcome="working", by=city.worker)) == "too_early"
    for days in (30, 90, 180):
        with clock.at(asked_after(days)):
            assert refused(lambda: actions.close(case=case, by=city.worker)) in {"not_now", "outcome_first"}
            actions.record_follow_up(case=case, outcome="working", note="ขายผักได้", by=city.worker)
    with clock.at(later(190)):
        assert actions.close(case=case, by=city.worker).stage is State.CLOSED
    verbs = [row.verb for row in queries.transitions_of(case)]
    assert verbs == ["propose", "accept", "refer", "receive", "start", "complete", *["follow_up"] * 3, "close"]
    assert all(queries.sentence(row, case) for row in queries.transitions_of(case))
    told = set(Notice.objects.values_list("user__login", "kind"))
    assert {("resident", "cases.offered"), ("worker", "cases.accepted"), ("officer", "cases.referred")} <= told
    assert "stranger" not in {login for login, _kind in told}


def test_no_referral_without_consent_and_the_error_says_which(city: City) -> None:
    case = city.accepted()
    assert refused(lambda: actions.refer(case=case, to=city.school, by=city.worker)) == "consent"
    assert refused(lambda: actions.hand_over(case=case, to=city.school, by=city.worker)) == "consent"
    with pytest.raises(CaseError, match=city.school.th):
        actions.refer(case=case, to=city.school, by=city.worker)
    assert not has_grant(city.person, city.school)


def test_consent_withdrawn_midway_brings_the_case_back(city: City) -> None:
    case = city.active()
    consent = city.person.consents.get(purpose="refer")
    people.withdraw_consent(consent=consent, by=city.worker)
    case.refresh_from_db()
    assert (case.stage, case.receiver, case.acts_next) == (State.RETURNED, None, city.town)
    assert not visible_to(city.officer).filter(pk=city.person.pk).exists()
    with pytest.raises(Http404):
        queries.case_for(city.officer, case.pk)
    assert refused(lambda: actions.refer(case=case, to=city.school, by=city.worker)) == "consent"


@pytest.mark.parametrize("purpose", ["refer", "care"])
def test_what_is_said_before_a_consent_is_withdrawn_is_what_follows(city: City, purpose: str) -> None:
    """Passed on by it, the case comes back; kept by it, the case ends: named before, seen after."""
    case = city.active() if purpose == "refer" else city.accepted()
    consent = city.person.consents.get(purpose=purpose)
    (said,) = queries.consent_follows(consent, False)
    assert ("จะกลับจาก" in said) == (purpose == "refer")
    assert str(city.town) in said or city.town.th in said
    people.withdraw_consent(consent=consent, by=city.worker)
    case.refresh_from_db()
    assert case.stage is (State.RETURNED if purpose == "refer" else State.CLOSED)
    assert list(queries.consent_follows(consent, False)) == []


def test_returned_with_a_reason_ends_access_and_may_go_elsewhere(city: City) -> None:
    case = city.referred()
    assert refused(lambda: actions.return_referral(case=case, reason="because", by=city.officer)) == "reason"
    assert refused(lambda: actions.return_referral(case=case, reason="consent", by=city.officer)) == "reason"
    case = actions.return_referral(case=case, reason="full", note="ที่นั่งเต็ม", by=city.officer)
    assert case.stage is State.RETURNED
    assert not has_grant(city.person, city.school)
    back = queries.last_return(case)
    assert back is not None
    assert queries.opened(case, back.note_sealed) == "ที่นั่งเต็ม"
    assert "ที่นั่งเต็ม" not in "".join(queries.sentence(row, case) for row in queries.transitions_of(case))
    city.consent(city.hospital)
    again = actions.refer(case=case, to=city.hospital, by=city.worker)
    assert again.receiver == city.hospital
    assert actions.recall(case=case, by=city.worker).stage is State.ACCEPTED
    assert not has_grant(city.person, city.hospital)


def test_of_two_officers_at_once_the_second_sees_what_happened(city: City) -> None:
    case = city.referred()
    seen = case.version
    actions.receive(case=case, by=city.officer, version=seen)
    with pytest.raises(LateError) as caught:
        actions.return_referral(case=case, reason="full", by=city.officer, version=seen)
    assert caught.value.state is State.RECEIVED
    assert Transition.objects.filter(case=case, verb="return").count() == 0


def test_only_those_whose_turn_it_is(city: City) -> None:
    case = city.referred()
    for user in (city.worker, city.nurse, city.stranger, city.resident):
        assert refused(lambda user=user: actions.receive(case=case, by=user)) in {"not_yours", "not_now"}  # type: ignore[misc]
    case = actions.receive(case=case, by=city.officer)
    assert refused(lambda: actions.close(case=case, by=city.officer)) in {"not_now", "not_yours"}


def test_strangers_see_nothing(city: City) -> None:
    case = city.referred()
    for user in (city.stranger, city.nurse, make_user("nobody")):
        assert not queries.queue(user, waits=False).exists()
        assert list(queries.tasks(user)) == []
        assert list(queries.found(user, "เรียนต่อ")) == []
        with pytest.raises(Http404):
            queries.case_for(user, case.pk)
    assert queries.case_for(city.resident, case.pk) == case
    assert [c.pk for c in queries.queue(city.officer)] == [case.pk]
    assert len(list(queries.found(city.officer, "เรียนต่อ"))) == 1


def test_a_refusal_closes_only_with_a_final_outcome(city: City) -> None:
    case = actions.decline(case=city.offered(), reason="far", by=city.resident)
    assert refused(lambda: actions.record_follow_up(case=case, outcome="same", by=city.worker)) == "not_final"
    actions.record_follow_up(case=case, outcome="not_wanted", by=city.worker)
    assert actions.close(case=case, by=city.worker).stage is State.CLOSED


def test_handing_over_moves_access_with_the_responsibility(city: City) -> None:
    case = city.accepted()
    city.consent(city.school)
    case = actions.hand_over(case=case, to=city.school, by=city.worker)
    assert (case.owner, case.acts_next) == (city.school, city.school)
    assert has_grant(city.person, city.school)
    city.consent(city.hospital)
    actions.hand_over(case=case, to=city.hospital, by=city.officer)
    assert not has_grant(city.person, city.school)
    assert refused(lambda: actions.hand_over(case=case, to=city.school, by=city.worker)) == "not_yours"


def test_a_partner_that_leaves_gives_its_cases_back(city: City) -> None:
    held = city.active()
    other = city.pin("สมปอง")
    owned = actions.propose(person=other, partner=city.town, need=city.need, by=city.worker)
    system = system_user()
    partners.add_member(partner=city.hospital, user=make_user("head"), role=Role.MANAGER, by=system)
    with pytest.raises(partners.LeavingError, match="held"):
        partners.leave_network(partner=city.school, reason="ended", by=system)
    partners.settle(partner=city.school, key="51 cases.held", to=None, by=system)
    held.refresh_from_db()
    assert (held.stage, held.owner, held.acts_next) == (State.RETURNED, city.town, city.town)
    partners.leave_network(partner=city.school, reason="ended", by=system)
    partners.leave_network(partner=city.town, reason="ended", successor=city.hospital, by=system)
    held.refresh_from_db()
    owned.refresh_from_db()
    assert (held.owner, owned.owner) == (city.hospital, city.hospital)
    nurse = User.objects.get(pk=city.nurse.pk)
    found = list(queries.queue(nurse, waits=False))
    assert {c.pk for c in found} == {held.pk, owned.pk}
    assert all(case.may_open for case in found)  # type: ignore[attr-defined]  # nothing is out of everybody's sight
    last = queries.transitions_of(held)[-1]
    assert (last.verb, last.reason) == ("hand_over", "partner_left")


def test_proposing_twice_opens_one_case_and_needs_the_person_in_scope(city: City) -> None:
    assert city.offered() == city.offered()
    assert Case.objects.count() == 1
    propose = lambda: actions.propose(person=city.person, partner=city.school, need=city.need, by=city.officer)  # noqa: E731
    assert refused(propose) == "scope"


def test_the_timeline_cannot_be_changed(city: City) -> None:
    case = city.offered()
    with pytest.raises(DatabaseError), transaction.atomic():
        Transition.objects.filter(case=case).update(reason="x")
    with pytest.raises(DatabaseError), transaction.atomic():
        Transition.objects.filter(case=case).delete()


def test_late_cases_are_called_once_a_day_whatever_the_clock_does(city: City) -> None:
    by = system_user()
    called = lambda: sum(actions.remind_overdue(case=case, by=by) for case in queries.overdue(clock.today()))  # noqa: E731
    with clock.at(NOON):
        city.referred()
        assert called() == 0
    with clock.at(later(8)):  # the fifth working day: a weekend and the holiday of 7 December lie between
        assert called() == 0
    with clock.at(later(9)):
        assert (called(), called()) == (1, 0)
    with clock.at(later(2)):
        assert called() == 0
    with clock.at(later(10)):
        assert called() == 1


def test_where_a_morning_does_not_come_to_all_the_next_begins_with_the_others(city: City) -> None:
    with clock.at(NOON):
        case = city.offered()
        other = actions.propose(person=city.pin("มาลี"), partner=city.town, need=city.need, by=city.worker)
    with clock.at(later(20)):
        first = queries.overdue(clock.today())[0]
        actions.remind_overdue(case=first, by=system_user())
    with clock.at(later(21)):
        assert [row.pk for row in queries.overdue(clock.today())] == [
            ({case.pk, other.pk} - {first.pk}).pop(),
            first.pk,
        ]


def answered(city: City, case: Case) -> None:
    actions.accept(case=case, by=city.worker)


def withdrawn(city: City, case: Case) -> None:
    people.withdraw_consent(consent=Consent.objects.get(person=case.person), by=city.worker)


def moved_away(city: City, case: Case) -> None:
    people.set_status(person=case.person, status=Status.MOVED, by=city.worker)


@pytest.mark.parametrize("over", [answered, withdrawn, moved_away])
def test_an_offer_that_does_not_stand_any_more_goes_by_no_sms(city: City, over: Callable[[City, Case], None]) -> None:
    """Made in the evening to somebody without an account, it waits until the morning."""
    person = city.pin("มาลี")
    people.update_person(person=person, changes={"phone": "0812345678"}, by=city.worker, version=person.version)
    people.ring_phone(person=person, by=city.worker)
    with opened(), clock.at(dt.datetime(2026, 12, 1, 15, tzinfo=dt.UTC)):  # ten in the evening here
        case = actions.propose(person=person, partner=city.town, need=city.need, by=city.worker)
        waits = Letter.objects.filter(kind="people.told", params__kind="cases.offered", params__person=str(person.pk))
        assert [letter.state for letter in waits] == ["waiting"]
        over(city, Case.objects.select_related("person").get(pk=case.pk))
    assert not waits.all().exists()
    assert [letter.state for letter in Letter.objects.filter(kind="people.told")].count("dropped") == 1


def test_a_shared_plan_opens_and_ends_access_by_goal(city: City) -> None:
    case = city.offered()
    add = lambda: actions.add_goal(case=case, sector=Sector.CARE, partner=city.hospital, text="พบหมอ", by=city.worker)  # noqa: E731
    assert refused(add) == "consent"
    city.consent(city.hospital)
    goal = add()
    assert queries.case_for(city.nurse, case.pk) == case
    assert has_grant(city.person, city.hospital)
    actions.end_goal(goal=goal, status=GoalStatus.MET, by=city.nurse)
    assert not has_grant(city.person, city.hospital)


def test_cases_for_many_places_cost_the_same_statements(city: City) -> None:
    people_ = [city.pin(f"คน{n}") for n in range(12)]
    goods = [actions.Placed(p, _opportunity(city), uuid4()) for p in people_]
    with CaptureQueriesContext(
        connection,
    ) as few:
        actions.open_cases_for(placed=goods[:2], by=city.worker)
    with CaptureQueriesContext(connection) as many:
        made = actions.open_cases_for(placed=goods, by=city.worker)
    assert (len(made), Case.objects.count()) == (10, 12)
    assert len(many) == len(few)
    assert actions.release_place(reference=goods[0].reference, opportunity=goods[0].opportunity, by=city.worker) == 1


def test_the_queue_asks_a_constant_number_of_questions(city: City) -> None:
    def asked() -> int:
        worker = type(city.worker).objects.get(pk=city.worker.pk)
        with CaptureQueriesContext(connection) as seen:
            rows = list(queries.queue(worker, waits=False))
            assert [queries.title(c) for c in rows]
            queries.names_of(rows)
        return len(seen)

    city.offered()
    one = asked()
    for n in range(8):
        actions.propose(person=city.pin(f"คน{n}"), partner=city.town, need=city.need, by=city.worker)
    assert asked() == one


def test_erased_and_exported(city: City) -> None:
    case = city.referred()
    assert dict(registries.EXPORT["cases"](city.person.pk))["cases"][0]["state"] == "referred"
    assert registries.ERASE["cases"](city.person.pk) == 1
    case.refresh_from_db()
    assert (case.person, case.stage, case.receiver) == (None, State.CLOSED, None)
    assert not FollowUp.objects.filter(case=case).exclude(note_sealed=None).exists()
    assert not has_grant(city.person, city.school)


def _opportunity(city: City) -> Opportunity:
    made, _fresh = Opportunity.objects.get_or_create(
        title_th="อบรมทำขนม", provider=city.school, kind="course", status="published", area=city.school.area
    )
    return made
