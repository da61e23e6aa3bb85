"""Being away is noted by whoever goes or manages them; a partner is never left without somebody who answers for it."""

import datetime as dt

import pytest
from django.test import Client
from tests.signing import sign_in_fully
from tests.small_city import SmallCity, build

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.core.permissions import Permission
from okat.city.partners import actions, queries
from okat.city.partners.models import Absence, Membership, Partner
from okat.city.partners.rules import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> SmallCity:
    return build()


def entered(client: Client, user: User) -> Client:
    sign_in_fully(client, user)
    client.cookies["okat_language"] = "en"
    return client


def days(count: int) -> tuple[dt.date, dt.date]:
    return clock.today(), clock.today() + dt.timedelta(days=count)


def test_who_may_note_it(city: SmallCity) -> None:
    officer, manager = city.users[Role.OFFICER], city.users[Role.MANAGER]
    since, until = days(3)
    for by in (officer, manager, city.users[Role.COORDINATOR]):
        actions.note_absence(user=officer, since=since, until=until, by=by)
    assert Absence.objects.filter(user=officer, ended_at=None).count() == 1
    for by in (city.stranger, city.users[Role.FIELD_WORKER], city.resident):
        with pytest.raises(actions.MembershipRefusedError, match="not_yours"):
            actions.end_absence(user=officer, by=by)
    with pytest.raises(actions.MembershipRefusedError, match="days"):
        actions.note_absence(user=officer, since=until, until=since, by=officer)
    actions.end_absence(user=officer, by=officer)
    assert queries.absence_of(officer) is None


def test_notices_go_to_whoever_is_there_and_to_all_when_nobody_is(city: SmallCity) -> None:
    def told() -> set[str]:
        return {user.login for user in queries.workers(city.here, Permission.ANSWER_REFERRALS)}

    before = told()
    since, until = days(2)
    actions.note_absence(user=city.users[Role.OFFICER], since=since, until=until, by=city.users[Role.OFFICER])
    assert told() == before - {city.users[Role.OFFICER].login}
    for login in before:
        user = User.objects.get(login=login)
        actions.note_absence(user=user, since=since, until=until, by=user)
    assert told() == before
    with clock.at(clock.now() + dt.timedelta(days=3)):
        assert told() == before


def test_the_pages(city: SmallCity, client: Client) -> None:
    manager, officer = city.users[Role.MANAGER], city.users[Role.OFFICER]
    found = Membership.objects.get(user=officer)
    browser = entered(client, manager)
    since, until = days(5)
    sent = {"since": since.isoformat(), "until": until.isoformat()}
    assert browser.post(f"/partners/mine/members/{found.pk}/away/", sent).status_code == 302
    assert "away " in browser.get("/partners/mine/members/", headers={"accept-language": "en"}).content.decode()
    assert browser.post(f"/partners/mine/members/{found.pk}/away/", {"back": "1"}).status_code == 302
    assert queries.absence_of(officer) is None
    assert browser.post("/partners/mine/away/", {**sent, "until": since.isoformat()}).status_code == 302
    assert queries.absence_of(manager) is not None


def test_the_last_who_answers_for_the_whole_stays(city: SmallCity) -> None:
    manager = Membership.objects.get(user=city.users[Role.MANAGER])
    team = city.users[Role.COORDINATOR]
    with pytest.raises(actions.MembershipRefusedError, match="last_manager"):
        actions.change_areas(membership=manager, areas=[city.here.area], by=team)
    second = actions.add_member(partner=city.here, user=city.resident, role=Role.MANAGER, by=team)
    actions.change_areas(membership=manager, areas=[city.here.area], by=team)
    with pytest.raises(actions.MembershipRefusedError, match="last_manager"):
        actions.end_membership(membership=second, by=team)


def test_alone_one_cannot_go_while_the_partner_holds_something(city: SmallCity) -> None:
    alone, team = Membership.objects.get(user=city.stranger), city.users[Role.COORDINATOR]
    actions.keep_venue(partner=city.there, values={"th": "ศาลา", "area": city.there.area, "open_to_all": True}, by=team)
    with pytest.raises(actions.MembershipRefusedError, match="last_manager"):
        actions.end_membership(membership=alone, by=team)
    actions.settle(partner=city.there, key="80 partners.venue", to=None, by=team)
    actions.end_membership(membership=alone, by=team)


def test_a_renamed_partner_keeps_its_code_and_its_old_name(city: SmallCity, client: Client) -> None:
    browser = entered(client, city.users[Role.COORDINATOR])
    assert browser.post("/partners/there/rename/", {"th": "ชื่อใหม่", "en": "New name"}).status_code == 302
    there = Partner.objects.get(code="there")
    assert (there.pk, there.th, there.former[0]["en"]) == (city.there.pk, "ชื่อใหม่", "Elsewhere")
    page = Client().get("/partners/there/").content.decode()
    assert "ชื่อใหม่" in page
    assert "อีกแห่ง" in page


def test_what_is_left_refuses_the_end_until_somebody_takes_it(city: SmallCity, client: Client) -> None:
    team = entered(client, city.users[Role.COORDINATOR])
    actions.keep_venue(
        partner=city.there, values={"th": "ศาลา", "area": city.there.area, "open_to_all": True},
        by=city.users[Role.COORDINATOR],
    )  # fmt: skip
    with pytest.raises(actions.LeavingError, match="held"):
        actions.leave_network(partner=city.there, reason="wish", by=city.users[Role.COORDINATOR])
    page = team.post("/partners/there/leave/", {"reason": "wish", "code": "there"})
    assert page.status_code == 200
    with pytest.raises(actions.LeavingError, match="successor"):
        actions.leave_network(partner=city.there, reason="merged", by=city.users[Role.COORDINATOR])
    sent = {"reason": "merged", "code": "there", "successor": "here"}
    assert team.post("/partners/there/leave/", sent).status_code == 302
    there = Partner.objects.get(code="there")
    assert (there.left_on is not None, there.successor) == (True, city.here)
    assert city.here.venues.count() == 1
    assert "เทศบาล" in Client().get("/partners/there/").content.decode()
