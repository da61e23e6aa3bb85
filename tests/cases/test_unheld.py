"""A case that nobody may move any more does not stay open on nobody's list."""

import datetime as dt

import pytest
from django.test import Client
from tests.cases.conftest import City
from tests.signing import make_user, sign_in_fully

from okat.city.accounts.queries import system_user
from okat.city.cases import actions, queries
from okat.city.cases.actions._owner import to_new_owner
from okat.city.cases.models import Case, FollowUp
from okat.city.cases.rules import UNHELD, CaseError, State
from okat.city.cases.tasks import remind
from okat.city.core import clock
from okat.city.notices.models import Notice
from okat.city.partners import actions as partners
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.models import Basis, Grant, Slip
from okat.city.people.rules import HIDDEN_TITLE, How, Law, Purpose
from okat.city.taxonomy.models import Term


def withdraw(city: City, purpose: Purpose = Purpose.CARE) -> None:
    people.withdraw_consent(consent=city.person.consents.get(purpose=purpose, withdrawn_at=None), by=city.resident)


def now(case: Case) -> Case:
    case.refresh_from_db()
    return case


@pytest.mark.parametrize("stage", ["offered", "accepted"])
def test_who_takes_back_that_a_record_is_kept_ends_its_cases(city: City, stage: str) -> None:
    case = getattr(city, stage)()
    withdraw(city)
    assert now(case).stage is State.CLOSED
    assert FollowUp.objects.get(case=case).outcome == UNHELD
    told = set(Notice.objects.filter(kind="cases.unheld").values_list("user__login", flat=True))
    assert {"worker", "manager"} <= told
    assert not told & {"officer", "nurse", "stranger", "resident"}  # the resident did it
    assert not queries.queue(city.worker, waits=False).exists()


def test_the_page_of_such_a_case_says_why_and_names_nobody(city: City) -> None:
    case = city.accepted()
    withdraw(city)
    client = Client()
    sign_in_fully(client, city.worker)
    page = client.get(queries.page_of(case)).content.decode()
    assert "หน่วยงานเก็บข้อมูลต่อไม่ได้แล้ว" in page
    assert "สมหญิง" not in page


def test_what_another_office_holds_goes_on_until_it_comes_back(city: City) -> None:
    case = city.active()
    withdraw(city)
    assert now(case).stage is State.ACTIVE  # the school has a consent of its own
    actions.complete(case=case, by=city.officer)
    assert now(case).stage is State.COMPLETED
    remind(timestamp=0)
    assert now(case).stage is State.CLOSED
    assert not FollowUp.objects.filter(case=case, recorded_at=None).exists()


def test_what_comes_back_to_an_office_that_may_not_keep_the_record_is_closed_at_once(city: City) -> None:
    case = city.active()
    withdraw(city)
    withdraw(city, Purpose.REFER)
    assert now(case).stage is State.CLOSED
    assert not Grant.objects.in_force().filter(person=city.person).exists()


def test_another_right_to_keep_the_record_keeps_the_case(city: City) -> None:
    case = city.accepted()
    basis = people.record_basis(partner=city.town, law=Law.TASK, source="task:1", by=city.manager)
    people.grant(
        person=city.person, partner=city.town, reason="import", source="task:1", rests_on=basis, by=city.manager
    )
    withdraw(city)
    assert now(case).stage is State.ACCEPTED
    Basis.objects.update(until=clock.now() - dt.timedelta(days=1))  # time passes
    remind(timestamp=0)
    assert now(case).stage is State.CLOSED
    assert "resident" in set(Notice.objects.filter(kind="cases.unheld").values_list("user__login", flat=True))


def test_only_the_cases_of_the_partner_whose_consent_it_was(city: City) -> None:
    city.consent(city.hospital)
    handed = actions.hand_over(case=city.accepted(), to=city.hospital, by=city.worker)
    withdraw(city)
    assert now(handed).stage is State.ACCEPTED
    withdraw(city, Purpose.REFER)
    assert now(handed).stage is State.CLOSED


def test_the_city_teams_own_wait_for_another_partner(city: City) -> None:
    case = city.offered()
    partners.add_member(partner=city.hospital, user=city.nurse, role=Role.COORDINATOR, by=system_user())
    to_new_owner(case, city.hospital, "partner_left", system_user())
    remind(timestamp=0)
    assert now(case).stage is State.OFFERED


def test_an_offer_whose_office_leaves_stays_the_persons_offer(city: City) -> None:
    """Whom no channel reaches has it on paper, with its last day."""
    city.person, silent = city.pin("สมใจ"), make_user("silent", email="")
    people.link_account(person=city.person, user=silent, by=city.worker)
    case = city.offered()
    lying = Slip.objects.filter(person=city.person, told_at=None).values_list("kind", "until")
    assert list(lying) == [("cases.offered", case.due_on)]
    to_new_owner(case, city.hospital, "partner_left", system_user())
    assert list(lying.all()) == [("cases.offered", case.due_on)]
    assert not Notice.objects.filter(kind="cases.handed_over", user=silent).exists()


def test_the_own_case_is_called_by_its_name_to_the_person(city: City) -> None:
    """Also where it says something of their health: it is theirs; workers read it on its page."""
    type(city.need).objects.filter(pk=city.need.pk).update(sensitive=True)
    for consent in city.person.consents.filter(withdrawn_at=None):
        people.withdraw_consent(consent=consent, by=city.worker)
    row = people.ConsentRow(Purpose.CARE, city.town, How.SIGNATURE, sensitive=True)
    people.record_consent(person=city.person, given=row, by=city.resident, partner=city.town)
    city.need.refresh_from_db()
    case = city.offered()
    with clock.at(clock.now() + dt.timedelta(days=30)):
        actions.remind_overdue(case=case, by=system_user())
        Grant.objects.filter(person=city.person).update(until=clock.now() - dt.timedelta(days=1))
        actions.end_unheld(case=case, by=system_user())
    assert now(case).stage is State.CLOSED
    for kind in ("cases.late", "cases.unheld"):
        (notice,) = Notice.objects.filter(kind=kind, user=city.resident)
        assert notice.params["title"] == city.need.th
        assert (notice.record, notice.params["about"]) == (city.person.pk, str(case.pk))
    workers = Notice.objects.filter(kind="cases.unheld").exclude(user=city.resident)
    assert {notice.params["title"] for notice in workers} == {HIDDEN_TITLE["th"]}
    people.unlink_account(person=city.person, by=city.worker)  # a wrong account, found out: it reads the title no more
    assert not Notice.objects.filter(user=city.resident, params__title=city.need.th).exists()


def test_whom_no_channel_reaches_hears_by_telephone_or_paper_that_the_case_is_closed(city: City) -> None:
    city.person, silent = city.pin("สมใจ"), make_user("silent", email="")
    people.link_account(person=city.person, user=silent, by=city.worker)
    case = city.offered()
    Grant.objects.filter(person=city.person).update(until=clock.now() - dt.timedelta(days=1))
    actions.end_unheld(case=case, by=system_user())
    assert now(case).stage is State.CLOSED
    assert list(Slip.objects.filter(person=city.person, told_at=None).values_list("kind", flat=True)) == [
        "cases.unheld"
    ]


def test_nobody_chooses_that_outcome(city: City) -> None:
    case = actions.decline(case=city.offered(), reason="far", by=city.resident)
    with pytest.raises(CaseError) as refused:
        actions.record_follow_up(case=case, outcome=UNHELD, by=city.worker)
    assert refused.value.code == "outcome"


def test_whoever_takes_over_a_case_that_was_handed_over_can_go_on_with_it(city: City) -> None:
    """The office that leaves sees the person for this case alone; its successor sees them for it, too."""
    city.consent(city.school)
    case = actions.hand_over(case=city.accepted(), to=city.school, by=city.worker)
    partners.add_member(partner=city.hospital, user=make_user("head"), role=Role.MANAGER, by=system_user())
    partners.leave_network(partner=city.school, reason="ended", successor=city.hospital, by=system_user())
    remind(timestamp=0)
    assert (now(case).owner, now(case).stage) == (city.hospital, State.ACCEPTED)
    nurse = type(city.nurse).objects.get(pk=city.nurse.pk)
    assert actions.leave(case=case, reason="family", by=nurse).stage is State.LEFT


def test_one_case_that_cannot_be_ended_or_called_late_keeps_none_of_the_others_from_their_turn(city: City) -> None:
    """Each by itself: what one of them raises counts at the end of the run, which the next makes good."""
    broken, whole = city.offered(), []
    for given in ("หนึ่ง", "สอง"):
        city.person = city.pin(given)
        whole.append(city.offered())
    Case.objects.filter(pk=broken.pk).update(state="lost")  # as no version ever wrote it
    with clock.at(clock.now() + dt.timedelta(days=30)):
        with pytest.raises(ExceptionGroup):
            remind(timestamp=0)
        assert {now(case).reminded_on for case in whole} == {clock.today()}
        Grant.objects.update(until=clock.now() - dt.timedelta(days=1))
        with pytest.raises(ExceptionGroup):
            remind(timestamp=0)
    assert [now(case).stage for case in whole] == [State.CLOSED, State.CLOSED]


def test_what_is_said_before_a_withdrawal_is_what_follows(city: City) -> None:
    """Also where the receiver may keep the record by another word of the person: the case comes back all the same."""
    case = city.active()
    withdraw(city)  # the town's
    row = people.ConsentRow(Purpose.CARE, city.school, How.SIGNATURE)
    people.record_consent(person=city.person, given=row, by=city.officer, partner=city.school)
    assert now(case).stage is State.ACTIVE
    consent = city.person.consents.get(purpose=Purpose.REFER, withdrawn_at=None)
    said = list(queries.consent_follows(consent, deep=False))
    withdraw(city, Purpose.REFER)
    assert now(case).stage is State.CLOSED
    assert ["กลับ" in said[0], "จะจบ" in said[1]] == [True, True]


def test_a_case_that_goes_on_is_named_with_what_it_goes_on_by(city: City) -> None:
    """Two cases of one office, which keeps the record by another word: both are named before, and each page says it
    after, to the office and to the person."""
    mine = []
    for code in ("first", "second"):
        city.need = Term(vocabulary="need", code=code, th=code, en=code)
        city.need.save()
        mine.append(city.referred())
    for case in mine:
        actions.return_referral(case=case, reason="full", by=city.officer)
        actions.hand_over(case=now(case), to=city.school, by=city.worker)
    row = people.ConsentRow(Purpose.CARE, city.school, How.SIGNATURE)
    people.record_consent(person=city.person, given=row, by=city.officer, partner=city.school)
    consents = city.person.consents.filter(purpose=Purpose.REFER, withdrawn_at=None)
    for consent in consents:
        said = " ".join(queries.consent_follows(consent, deep=False))
        assert said.count("ทำต่อ") == 2
        assert str(Purpose.CARE.label) in said
        people.withdraw_consent(consent=consent, by=city.officer)
    for case in mine:
        assert now(case).stage is State.RETURNED
        for user in (city.officer, city.resident):
            found = queries.page(user, queries.case_for(user, case.pk))
            assert "ทำต่อ" in found.goes_on
            assert str(Purpose.CARE.label) in found.goes_on
