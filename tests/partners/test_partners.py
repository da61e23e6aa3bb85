"""The network: who may bring whom in, what ends when a partner leaves, and what is shared and used."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from tests import small_city
from tests.signing import make_user, sign_in_fully
from tests.small_city import SmallCity

from okat.city.accounts.models import User
from okat.city.core import permissions, registries
from okat.city.core.models import AuditEntry
from okat.city.notices.models import Notice
from okat.city.partners import actions, queries
from okat.city.partners.models import Contribution, Membership, Memorandum, Partner, Venue
from okat.city.partners.rules import PERMISSIONS, Role, check_member, parse_hours, say_hours
from okat.city.places.models import Area
from okat.city.taxonomy.models import Term

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> SmallCity:
    return small_city.build()


def entered(client: Client, user: User) -> Client:
    sign_in_fully(client, user)
    client.cookies["okat_language"] = "en"
    return client


@pytest.mark.parametrize("giver", list(Role))
@pytest.mark.parametrize("role", list(Role))
def test_who_may_give_which_role(giver: Role, role: Role) -> None:
    team = giver is Role.COORDINATOR
    allowed = team or (giver is Role.MANAGER and role not in {Role.COORDINATOR, Role.AUDITOR})
    assert (check_member(role, PERMISSIONS[giver], left=False, inside=True) == "") is allowed
    assert check_member(role, PERMISSIONS[giver], left=True, inside=True) == "left"
    assert check_member(role, PERMISSIONS[Role.COORDINATOR], left=False, inside=False) == "areas"


def test_a_manager_cannot_raise_anyone_above_himself(city: SmallCity, client: Client) -> None:
    manager = entered(client, city.users[Role.MANAGER])
    page = manager.post(
        "/partners/mine/members/invite/", {"name": "x", "email": "x@example.org", "role": "coordinator"}
    )
    assert page.status_code == 200
    with pytest.raises(actions.MembershipRefusedError):
        actions.add_member(
            partner=city.here,
            user=city.resident,
            role=Role.AUDITOR,
            by=User.objects.get(pk=city.users[Role.MANAGER].pk),
        )
    above = Membership.objects.get(user=city.users[Role.COORDINATOR])
    manager.post(f"/partners/mine/members/{above.pk}/reset/")
    manager.post(f"/partners/mine/members/{above.pk}/end/", {"sure": "1"})
    above.refresh_from_db()
    assert above.ended_on is None


def test_areas_of_a_member_lie_in_the_partner(city: SmallCity) -> None:
    with pytest.raises(actions.MembershipRefusedError, match="areas"):
        actions.add_member(
            partner=city.here,
            user=city.resident,
            role=Role.OFFICER,
            areas=[city.there.area],
            by=city.users[Role.COORDINATOR],
        )
    assert not Membership.objects.filter(user=city.resident).exists()


def test_the_last_manager_stays_until_another_is_named(city: SmallCity) -> None:
    manager = Membership.objects.get(user=city.users[Role.MANAGER])
    with pytest.raises(actions.MembershipRefusedError, match="last_manager"):
        actions.end_membership(membership=manager, by=city.users[Role.COORDINATOR])
    client = entered(Client(), city.users[Role.MANAGER])
    page = client.post(f"/partners/mine/members/{manager.pk}/end/", follow=True)
    assert page.redirect_chain == [("/partners/mine/members/", 302)]  # said at once, before what would follow
    assert "name another manager first" in page.content.decode()
    actions.add_member(partner=city.here, user=city.resident, role=Role.MANAGER, by=city.users[Role.COORDINATOR])
    actions.end_membership(membership=manager, by=city.users[Role.COORDINATOR])
    assert permissions.of(User.objects.get(pk=city.users[Role.MANAGER].pk)) == frozenset()


def test_ending_a_role_ends_the_sessions(city: SmallCity, client: Client) -> None:
    officer = entered(client, city.users[Role.OFFICER])
    assert officer.get("/accounts/").status_code == 200
    actions.end_membership(
        membership=Membership.objects.get(user=city.users[Role.OFFICER]), by=city.users[Role.COORDINATOR]
    )
    assert officer.get("/accounts/").status_code == 302


@pytest.fixture
def heard() -> Iterator[list[Partner]]:
    partners: list[Partner] = []

    def listen(*, partner: Partner, by: User) -> None:
        partners.append(partner)

    registries.HANDLERS.register("partner.left/test", listen)
    yield partners
    registries.HANDLERS._items.pop("partner.left/test")


def test_a_partner_that_leaves(city: SmallCity, client: Client, heard: list[Partner]) -> None:
    team = entered(client, city.users[Role.COORDINATOR])
    assert team.post("/partners/there/leave/", {"reason": "wish", "code": "wrong"}).status_code == 200
    assert team.post("/partners/there/leave/", {"reason": "wish", "code": "there"}).status_code == 302
    assert [p.code for p in heard] == ["there"]
    assert permissions.of(User.objects.get(pk=city.stranger.pk)) == frozenset()
    assert Notice.objects.filter(kind="partners.left", user=city.users[Role.COORDINATOR]).count() == 1
    assert AuditEntry.objects.filter(verb="partners.leave", reason_code="wish").count() == 1
    assert actions.leave_network(partner=city.there, reason="wish", by=city.users[Role.COORDINATOR]) == 0
    assert len(heard) == 1
    with pytest.raises(actions.MembershipRefusedError, match="left"):
        actions.add_member(
            partner=Partner.objects.get(code="there"),
            user=city.resident,
            role=Role.OFFICER,
            by=city.users[Role.COORDINATOR],
        )
    assert Client().get("/partners/there/").status_code == 200  # its past stays readable
    assert team.get("/partners/there/leave/").status_code == 404


def test_when_a_listener_fails_the_partner_stays(city: SmallCity) -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("cases could not be handed over")

    registries.HANDLERS.register("partner.left/test", fail)
    try:
        with pytest.raises(RuntimeError):
            actions.leave_network(partner=city.there, reason="wish", by=city.users[Role.COORDINATOR])
    finally:
        registries.HANDLERS._items.pop("partner.left/test")
    assert Partner.objects.get(code="there").left_on is None
    assert Membership.objects.filter(partner=city.there, ended_on=None).exists()


def test_venues_with_hours_and_accessibility(city: SmallCity, client: Client) -> None:
    for code, en in (("wheelchair", "Wheelchair access"), ("lift", "Lift")):
        Term(vocabulary="format", code=code, th=code, en=en, stages=["venue"]).save()
    Term(vocabulary="format", code="captions", th="คำบรรยาย", en="Captions", stages=["session"]).save()
    manager = entered(client, city.users[Role.MANAGER])
    wish = {
        "th": "ห้องสมุด", "kind": "library", "area": city.here.area_id, "capacity": "๔๐",
        "open_mon": "08.30-12.00, 13:00–16:30",
        "access_wheelchair": "yes", "access_lift": "no", "access_captions": "yes",
    }  # fmt: skip
    assert manager.post("/partners/mine/venues/new/", {**wish, "open_tue": "25:00-26:00"}).status_code == 200
    token = {"once": "01939c3e-0000-7000-8000-000000000001"}
    for _ in range(2):  # sent twice, made once
        assert manager.post("/partners/mine/venues/new/", {**wish, **token}).status_code == 302
    venue = Venue.objects.get()
    assert venue.capacity == 40
    assert venue.opening == {"mon": [["08:30", "12:00"], ["13:00", "16:30"]]}
    assert venue.accessibility == {"wheelchair": "yes", "lift": "no"}
    seen = Client().get("/partners/here/?lang=en").content.decode()
    assert "08:30-12:00, 13:00-16:30" in seen
    assert "Wheelchair access: yes" in seen
    assert (
        manager.get(f"/partners/mine/venues/{venue.pk}/").context["form"]["open_mon"].initial
        == "08:30-12:00, 13:00-16:30"
    )


def test_contributions_planned_used_and_looked_for(city: SmallCity, client: Client) -> None:
    manager = entered(client, city.users[Role.MANAGER])
    room = Term.objects.get(code="room")
    wish = {"direction": "gives", "resource": room.pk, "title": "ห้องว่างบ่าย", "planned": "120", "unit": "hour"}
    backwards = {**wish, "starts_on": "6 ธ.ค. 2569", "ends_on": "5 ธ.ค. 2569"}
    assert manager.post("/partners/mine/sharing/new/", backwards).status_code == 200
    assert manager.post("/partners/mine/sharing/new/", wish).status_code == 302
    given = Contribution.objects.get()
    assert manager.post(f"/partners/mine/sharing/{given.pk}/use/", {"amount": "30.5"}).status_code == 302
    assert manager.post(f"/partners/mine/sharing/{given.pk}/use/", {"amount": "-40"}).status_code == 200
    given.refresh_from_db()
    assert given.used == Decimal("30.50")
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.record_use(contribution=given, amount=Decimal(-31), by=city.users[Role.MANAGER])
    assert queries.use_by_resource()[0]["used_sum"] == Decimal("30.50")
    actions.keep_contribution(
        partner=city.there, by=city.stranger,
        values={"direction": "seeks", "resource": room, "title": "หาห้องสอน", "planned": Decimal(3), "unit": "day"},
    )  # fmt: skip
    assert "หาห้องสอน" in manager.get("/partners/mine/").content.decode()
    assert "หาห้องสอน" in Client().get("/partners/").content.decode()


def test_what_is_anothers_is_not_found(city: SmallCity, client: Client) -> None:
    room = Term.objects.get(code="room")
    values = {"direction": "gives", "resource": room, "title": "ห้อง", "planned": Decimal(3), "unit": "day"}
    given = actions.keep_contribution(partner=city.there, by=city.stranger, values=values)
    venue = actions.keep_venue(partner=city.there, by=city.stranger, values={"th": "ศาลา", "area": city.there.area})
    member = Membership.objects.get(user=city.stranger)
    manager = entered(client, city.users[Role.MANAGER])
    for address in (
        f"venues/{venue.pk}/",
        f"sharing/{given.pk}/",
        f"sharing/{given.pk}/use/",
        f"members/{member.pk}/areas/",
    ):
        assert manager.get(f"/partners/mine/{address}").status_code == 404
    assert manager.post(f"/partners/mine/members/{member.pk}/end/").status_code == 404


def test_one_acts_for_the_partner_one_chose(city: SmallCity, client: Client) -> None:
    user = city.users[Role.MANAGER]
    actions.add_member(partner=city.there, user=user, role=Role.MANAGER, by=city.users[Role.COORDINATOR])
    manager = entered(client, user)
    assert manager.get("/partners/mine/").context["partner"].code == "here"
    assert manager.post("/partners/choose/", {"partner": "there", "next": "//evil.example/"})["Location"] == "/"
    assert manager.get("/partners/mine/").context["partner"].code == "there"
    other = entered(Client(), make_user("nobody"))
    assert other.post("/partners/choose/", {"partner": "there"}).status_code == 404


def test_the_city_team_adds_partners_and_memoranda(city: SmallCity, client: Client) -> None:
    team = entered(client, city.users[Role.COORDINATOR])
    wish = {"code": "temple", "th": "วัดป่า", "en": "Forest temple", "kind": "community", "area": city.here.area_id}
    assert team.post("/partners/join/", wish)["Location"] == "/partners/temple/"
    assert team.post("/partners/join/", wish).status_code == 200  # the code is taken
    paper = {"title": "บันทึกข้อตกลง", "partners": [city.here.pk, city.there.pk], "signed_on": "๒๕/๑๐/๒๕๖๕"}
    assert team.post("/partners/memoranda/new/", paper).status_code == 302
    assert Memorandum.objects.get().signed_on == dt.date(2022, 10, 25)
    page = Client().get("/partners/?lang=en").content.decode()
    assert "บันทึกข้อตกลง" in page
    assert "Forest temple" in page


def test_the_network_page_costs_the_same_for_many(
    city: SmallCity, client: Client, django_assert_max_num_queries: object
) -> None:
    area = Area.objects.get(code="400101")
    for n in range(20):
        actions.add_partner(code=f"p{n}", th=f"ที่ {n}", en=f"No {n}", kind="school", area=area, by=city.resident)
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        client.get("/partners/")


@pytest.mark.parametrize("text", ["", "08:30-16:30", "08:00-12:00, 13:00-16:00"])
def test_hours_round_trip(text: str) -> None:
    assert say_hours(parse_hours(text)) == text


@settings(deadline=None, max_examples=300)
@given(st.text(alphabet="0123456789:.-–, ชม", max_size=20))
def test_hours_are_read_or_refused_never_guessed(text: str) -> None:
    try:
        spans = parse_hours(text)
    except ValueError:
        return
    flat = [moment for span in spans for moment in span]
    assert flat == sorted(flat)
