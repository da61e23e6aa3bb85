"""A death, a move, a household that splits: what follows in every app, and what a wrong word can be mended to."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import resolve
from tests.learning.conftest import DAY, FIRST, School, make, placed
from tests.learning.test_line import EARLY, ask, course_of, taken
from tests.signing import make_user, sign_in_fully

from okat.city.cases import actions as cases
from okat.city.cases.models import Case, FollowUp
from okat.city.cases.rules import CaseError, State
from okat.city.catalogue import actions as catalogue
from okat.city.catalogue.actions.lookouts import Wanted
from okat.city.catalogue.models import Lookout, Opportunity
from okat.city.core import clock
from okat.city.core.registries import LIFE
from okat.city.learning import actions as learning
from okat.city.learning.models import Enrolment, Turn
from okat.city.people import actions
from okat.city.people.models import Household, LifeEvent, Person
from okat.city.people.queries import life, pages, visible_to
from okat.city.people.rules import PeopleError, Status, VisitKind
from okat.city.places.models import Area, Level


@pytest.fixture
def shop(db: None) -> Iterator[tuple[School, Opportunity, list[Person]]]:
    """A course with one place, twenty days before it begins, and three people."""
    with clock.at(EARLY):
        school = make(sessions=1)
        yield school, course_of(school, start=FIRST + DAY), [school.city.pin(n) for n in ("หนึ่ง", "สอง", "สาม")]


Shop = tuple[School, Opportunity, list[Person]]


def busy(shop: Shop) -> tuple[Enrolment, Turn, Case]:
    """One holds the place and has a case and a lookout and a planned visit; two waits for the place."""
    school, course, (one, two, _three) = shop
    held, turn = ask(school, course, one), ask(school, course, two)
    case = cases.propose(person=one, partner=school.city.town, need=school.city.need, by=school.city.worker)
    wanted = Wanted(school.city.need, school.city.town.area)
    catalogue.look_out(wanted=wanted, user=school.city.worker, person=one, by=school.city.worker)
    actions.record_visit(
        person=one, kind=VisitKind.HOME, partner=school.city.town, by=school.city.worker, next_on=clock.today()
    )
    assert isinstance(held, Enrolment)
    assert isinstance(turn, Turn)
    return held, turn, case


def died(shop: Shop) -> None:
    actions.set_status(person=shop[2][0], status=Status.DIED, by=shop[0].city.worker, partner=shop[0].city.town)


def test_who_died_is_waited_for_and_visited_by_nobody(shop: Shop) -> None:
    held, turn, case = busy(shop)
    school, course, (one, *_others) = shop
    assert {line.begun for line in life.going(school.city.worker, one)} == {True, False}
    assert len(life.going(school.city.worker, one)) == 4
    died(shop)
    for row in (held, turn, case):
        row.refresh_from_db()
    assert (held.standing, turn.state, taken(course)) == ("left", "offered", 1)
    assert case.stage is State.CLOSED
    assert FollowUp.objects.get(case=case).outcome == "died"
    assert not Lookout.objects.filter(person=one, ended_at=None).exists()
    assert pages.visits_due(school.city.worker) == []
    assert life.going(school.city.worker, one) == []
    assert visible_to(school.city.worker).filter(pk=one.pk).exists()  # the record is kept and read
    died(shop)
    assert LifeEvent.objects.filter(person=one).count() == 1


def test_a_wrong_death_is_taken_back_as_far_as_it_can_be(shop: Shop) -> None:
    held, turn, case = busy(shop)
    school, _course, (one, *_others) = shop
    died(shop)
    left = actions.come_back(person=Person.objects.get(pk=one.pk), by=school.city.worker)
    held.refresh_from_db()
    assert (Person.objects.get(pk=one.pk).status, held.standing) == ("active", "left")
    case.refresh_from_db()
    assert any("ทำขนม" in line for line in left)  # the place went to the next: the page says so
    assert case.stage is State.CLOSED
    assert Case.objects.get(person=one, state=State.OFFERED).owner == school.city.town
    assert Lookout.objects.filter(person=one, ended_at=None).count() == 1
    assert [visit.person for visit in pages.visits_due(school.city.worker)] == [one]
    assert actions.come_back(person=Person.objects.get(pk=one.pk), by=school.city.worker) == []
    learning.leave_line(turn=turn, by=school.city.worker)


@pytest.mark.parametrize(("status", "left"), [(Status.DIED, 0), (Status.MOVED, 1)])
def test_what_an_account_looks_out_for_by_itself_ends_with_a_death(shop: Shop, status: Status, left: int) -> None:
    """No letter about it comes to the family; who moved away goes on looking as they like."""
    school, _course, (one, *_others) = shop
    account = make_user("alone", name=one.full_name)
    actions.link_account(person=one, user=account, by=account)
    wanted = Wanted(school.city.need, school.city.town.area)
    catalogue.look_out(wanted=wanted, user=account, by=account)
    fresh = Person.objects.get(pk=one.pk)
    actions.set_status(person=fresh, status=status, by=school.city.worker, partner=school.city.town)
    assert Lookout.objects.filter(user=account, ended_at=None).count() == left
    actions.come_back(person=Person.objects.get(pk=one.pk), by=school.city.worker)
    assert Lookout.objects.filter(user=account, ended_at=None).count() == 1


def test_a_place_that_nobody_has_taken_is_given_back_with_what_was_attended(shop: Shop) -> None:
    school, course, (one, *_others) = shop
    held = ask(school, course, one)
    died(shop)
    assert taken(course) == 0
    assert actions.come_back(person=Person.objects.get(pk=one.pk), by=school.city.worker) == []
    held.refresh_from_db()
    assert isinstance(held, Enrolment)
    assert (held.standing, taken(course)) == ("active", 1)
    assert visible_to(school.teacher).filter(pk=one.pk).exists()


def test_a_turn_stands_where_it_stood(shop: Shop) -> None:
    school, course, (one, two, three) = shop
    ask(school, course, one)
    first, second = ask(school, course, two), ask(school, course, three)
    assert isinstance(first, Turn)
    assert isinstance(second, Turn)
    actions.set_status(person=two, status=Status.DIED, by=school.city.worker)
    actions.come_back(person=Person.objects.get(pk=two.pk), by=school.city.worker)
    states = dict(Turn.objects.values_list("pk", "state"))
    assert (states[first.pk], states[second.pk]) == ("waiting", "waiting")
    assert first.pk < second.pk


def test_who_left_the_city_may_go_on_with_what_they_have_begun(shop: Shop) -> None:
    held, _turn, case = busy(shop)
    school, course, (one, two, _three) = shop
    actions.set_status(person=one, status=Status.MOVED, begun=False, by=school.city.worker)
    held.refresh_from_db()
    case.refresh_from_db()
    assert (held.standing, case.stage, taken(course)) == ("active", State.CLOSED, 1)
    actions.set_status(person=two, status=Status.MOVED, begun=True, by=school.city.worker)
    assert not Turn.objects.filter(person=two, ended_at=None).exists()


def test_an_outcome_that_was_wrong_is_put_right(shop: Shop) -> None:
    school, _course, (one, *_others) = shop
    city = school.city
    case = cases.propose(person=one, partner=city.town, need=city.need, by=city.worker)
    case = cases.decline(case=case, reason="far", by=city.worker)
    cases.record_follow_up(case=case, outcome="died", by=city.worker)
    cases.record_follow_up(case=case, outcome="same", by=city.worker)
    with pytest.raises(CaseError):
        cases.record_follow_up(case=case, outcome="better", by=city.worker)
    case.refresh_from_db()
    row = catalogue_row(school)
    assert cases.propose_again(case=case, opportunity=row, by=city.worker).stage is State.OFFERED


def test_an_outcome_that_says_it_asks_for_the_record_too_and_offers_wait_on_somebodys_today(
    shop: Shop, client: Client
) -> None:
    school, _course, (one, *_others) = shop
    city = school.city
    case = cases.propose(person=one, partner=city.town, need=city.need, by=city.worker)
    assert case.acts_next == city.town  # one has no account: somebody has to ask
    own = cases.propose(person=city.person, partner=city.town, need=city.need, by=city.worker)
    assert own.acts_next is None
    case = cases.decline(case=case, reason="far", by=city.worker)
    sign_in_fully(client, city.worker)
    sent = {"outcome": "died", "note": "", "version": str(case.version), "once": ""}
    answer = client.post(f"/cases/{case.pk}/follow_up/", sent)
    assert answer.headers["Location"] == f"/people/{one.pk}/changed/?kind=died"


def catalogue_row(school: School) -> Opportunity:
    return Opportunity.objects.filter(provider=school.city.school).order_by("id")[0]


def place(code: str, above: Area) -> Area:
    made = Area(code=code, level=Level.DISTRICT, th=code, en=code, parent=above, lat=16.4, lon=102.8)
    made.save()
    return made


def test_a_move_takes_the_house_along_or_leaves_it(shop: Shop) -> None:
    school, _course, (one, two, three) = shop
    worker, there = school.city.worker, place("4001", school.city.town.area)
    home = actions.change_household(people=[one, two], living=actions.Living(house="บ้านเลขที่ 5"), by=worker)
    assert home is not None
    actions.change_household(people=[three], living=actions.Living(beside=one), roles={three.pk: "child"}, by=worker)
    assert set(home.members.all()) == {one, two, three}
    actions.move_people(people=[one, two], area=there, house="หลังใหม่", by=worker)
    one, two, three = (Person.objects.get(pk=each.pk) for each in (one, two, three))
    assert one.area == two.area == there
    assert one.household == two.household != three.household == home
    actions.move_people(people=[three], area=there, by=worker)
    home.refresh_from_db()
    assert (Person.objects.get(pk=three.pk).household, home.area) == (home, there)
    actions.change_household(people=[three], living=actions.Living(), by=worker)
    assert Person.objects.get(pk=three.pk).household is None
    assert Household.objects.filter(pk=home.pk).exists()


def test_nobody_moves_out_of_everybodys_sight(shop: Shop) -> None:
    school, _course, (one, *_others) = shop
    far = Area(code="41", level=Level.PROVINCE, th="อุดรธานี", en="Udon Thani", lat=17.4, lon=102.8)
    far.save()
    with pytest.raises(PeopleError, match=r"Udon|อุดร"):
        actions.move_people(people=[one], area=far, by=school.city.worker)
    assert Person.objects.get(pk=one.pk).area == school.city.town.area


def test_households_of_two_areas_do_not_join_by_a_slip(shop: Shop) -> None:
    school, _course, (one, two, _three) = shop
    there = place("4001", school.city.town.area)
    actions.move_people(people=[two], area=there, by=school.city.worker)
    with pytest.raises(PeopleError) as refused:
        actions.change_household(people=[one], living=actions.Living(beside=two), by=school.city.worker)
    assert refused.value.code == "elsewhere"


def test_the_page_says_what_ends_before_it_does_it(shop: Shop, client: Client) -> None:
    held, _turn, _case = busy(shop)
    school, _course, (one, two, _three) = shop
    sign_in_fully(client, school.city.worker)
    url = f"/people/{one.pk}/changed/"
    page = client.get(url).content.decode()
    assert "ทำขนม" in page
    assert client.post(url, {"do": "died"}).status_code == 200
    assert Person.objects.get(pk=one.pk).status == "active"
    assert client.post(url, {"do": "died", "sure": "on"}).status_code == 302
    held.refresh_from_db()
    assert held.standing == "left"
    page = client.get(f"/people/{one.pk}/").content.decode()
    assert url in page
    answer = client.post(url, {"do": "back"}, follow=True).content.decode()
    assert "ทำขนม" in answer
    assert Person.objects.get(pk=one.pk).status == "active"
    found = client.get(url, {"q": two.given, "kind": "home"}).content.decode()
    assert str(two.pk) in found
    sent = {"do": "home", "how": "beside", "beside": str(two.pk), "q": two.given, "role": "child"}
    assert client.post(url, sent).status_code == 302
    assert Person.objects.get(pk=one.pk).household == Person.objects.get(pk=two.pk).household
    sent = {"do": "move", "where": school.city.town.area.code, "house": "", "along_with": [str(two.pk)]}
    assert client.post(url, sent).status_code == 302
    assert client.post(url, {"do": "away", "goes_on": "on"}).status_code == 302
    assert Person.objects.get(pk=one.pk).status == "moved"


# An app with a column that points to a person keeps something going for them, or says here why not.
NOTHING_GOES_ON: dict[str, str] = {}


def test_every_app_that_knows_people_says_what_goes_on_for_them() -> None:
    from django.apps import apps

    known = {
        model._meta.app_label
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if getattr(field, "concrete", False) and field.related_model is Person and "event" not in model.__name__.lower()
    }
    assert known - {name for name, _life in LIFE} == set(NOTHING_GOES_ON)


# What a record of somebody who has died still needs, and what was recorded before.
STILL = {
    "people:search", "people:changed", "people:change", "people:same", "people:trail", "people:person",
    "people:withdraw", "people:evidence", "people:slips", "people:keep-by-law", "cases:case", "rounds:why",
}  # fmt: skip


def offered(client: Client, person: Person) -> dict[str, str]:
    """What the page of a person leads to, by the name of the address."""
    text = client.get(f"/people/{person.pk}/").content.decode()
    main = text[text.index("<main") : text.index("</main")]
    urls = [url.replace("&amp;", "&") for url in re.findall(r'(?:href|action)="(/[^"]*)"', main)]
    return {resolve(url.partition("?")[0].partition("#")[0]).view_name: url for url in urls}


def test_nothing_is_offered_to_somebody_who_has_died(shop: Shop) -> None:
    school, _course, (one, *_others) = shop
    worker = school.city.worker
    client = Client()
    sign_in_fully(client, worker)
    alive = offered(client, one)
    assert {"cases:refer", "people:visit", "people:consent"} <= set(alive)
    actions.set_status(person=one, status=Status.DIED, by=worker, partner=school.city.town)
    dead = offered(client, one)
    assert set(dead) <= STILL, set(dead) - STILL
    for name in set(alive) - STILL - {"catalogue:fits-of", "jobs:of-person"}:  # what would fit begins nothing
        page = client.get(alive[name])
        page = client.post(alive[name]) if page.status_code == 405 else page
        assert page.status_code == 403, name
        assert "เสียชีวิต" in page.content.decode(), name


def test_taking_a_death_back_says_one_thing_of_what_a_case_had_led_to(shop: Shop) -> None:
    """A course that was completed comes back with its certificate to come; one that was under way comes with the case,
    where that is proposed again. No two lines say different things, and nobody reads on that the person died."""
    school, course, (one, two, _three) = shop
    done, begun = placed(school.city, course, one), placed(school.city, course, two)
    cases.complete(case=done, by=school.teacher)
    for person in (one, two):
        actions.set_status(person=person, status=Status.DIED, by=school.city.worker, partner=school.city.town)
    (stays,) = actions.come_back(person=Person.objects.get(pk=one.pk), by=school.city.worker)
    again = actions.come_back(person=Person.objects.get(pk=two.pk), by=school.city.worker)
    assert "ไม่มีใครตามถาม" in stays
    assert ["ใหม่" in line for line in again] == [True, True]
    standing = dict(Enrolment.objects.filter(person__in=(one, two)).values_list("case", "standing"))
    assert standing == {done.pk: "active", begun.pk: "left"}
    assert Case.objects.filter(person=two, opportunity=course, state=State.OFFERED).count() == 1


def test_no_page_says_of_the_living_that_they_died(shop: Shop, client: Client) -> None:
    school, _course, (one, *_others) = shop
    city = school.city
    asked = cases.propose(person=one, partner=city.town, need=city.need, by=city.worker)
    asked = cases.decline(case=asked, reason="far", by=city.worker)
    cases.record_follow_up(case=asked, outcome="died", by=city.worker)  # somebody said it, and it was believed
    case = cases.propose(person=one, partner=city.town, need=city.need, by=city.worker)
    died(shop)
    actions.come_back(person=Person.objects.get(pk=one.pk), by=city.worker)
    sign_in_fully(client, city.worker)
    for each in (asked, case):
        for page in (f"/cases/{each.pk}/", f"/cases/{each.pk}/sheet/"):
            text = client.get(page).content.decode()
            said = [text[at.start() : at.end() + 40] for at in re.finditer("เสียชีวิต", text)]
            assert said, page
            assert all("บันทึกผิด" in line for line in said), said
    rows = FollowUp.objects.filter(case__person=one)
    assert {row.taken_back_at is not None for row in rows if row.outcome == "died"} == {True}
    assert all(row["taken_back"] for one_case in cases_of(one) for row in one_case["outcomes"] if row["outcome"])


def test_a_word_that_was_not_so_is_asked_again(shop: Shop, client: Client) -> None:
    school, _course, (one, *_others) = shop
    city = school.city
    case = cases.propose(person=one, partner=city.town, need=city.need, by=city.worker)
    case = cases.decline(case=case, reason="far", by=city.worker)
    cases.record_follow_up(case=case, outcome="died", by=city.worker)
    actions.not_so(person=one, by=city.worker)
    actions.not_so(person=one, by=city.worker)
    case.refresh_from_db()
    with pytest.raises(CaseError):
        cases.close(case=case, by=city.worker)
    sign_in_fully(client, city.worker)
    page = client.get(f"/cases/{case.pk}/").content.decode()
    assert 'value="same"' in page
    cases.record_follow_up(case=case, outcome="same", by=city.worker)
    assert cases.close(case=case, by=city.worker).stage is State.CLOSED
    assert sorted(FollowUp.objects.filter(case=case).values_list("outcome", flat=True)) == ["died", "same"]


def cases_of(person: Person) -> list[dict[str, object]]:
    from okat.city.cases.queries import export

    return list(export(person.pk)["cases"])
