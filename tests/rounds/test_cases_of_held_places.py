"""While a place from a round is being given back, its case says so and does not go on, whoever tries and wherever."""

import datetime as dt
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from tests.rounds.conftest import DRAWN, City, make_member
from tests.signing import sign_in_fully

from okat.city.accounts.models import User
from okat.city.cases import actions as cases
from okat.city.cases import queries as reading
from okat.city.cases.models import Case
from okat.city.cases.rules import FORWARD, TABLE, CaseError, State, Verb, edges
from okat.city.core import clock
from okat.city.learning.models import Enrolment
from okat.city.learning.rules import Standing
from okat.city.notices.models import Notice
from okat.city.partners.models import Partner
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.actions import ConsentRow
from okat.city.people.rules import How, Purpose
from okat.city.rounds import actions
from okat.city.rounds.models import Application
from okat.city.rounds.rules.policy import Policy
from okat.city.rounds.tasks import tick

UNTIL = r"18 พ\.ย\. 2569"
HOUR = dt.timedelta(hours=1)


class Place:
    """An accepted place in a round whose grace is a day, its case, who works on it, and whose it is."""

    def __init__(self, city: City) -> None:
        self.city = city
        (self.offer,) = city.offers({"title_th": "ทอผ้า", "capacity": 1})
        self.round = city.opened([self.offer], Policy())
        self.person = city.pin(1)[0]
        (self.row,) = city.applied(self.round, {self.person: [self.offer]})
        self.me: User = city.account(self.person, "me")
        self.worker = make_member(city.school, Role.MANAGER, "worker")
        self.other = Partner.objects.create(code="other", th="ศูนย์ฝึก", en="Centre", kind="provincial", area=city.area)
        self.helper = make_member(self.other, Role.MANAGER, "helper")
        city.published(self.round)
        with clock.at(DRAWN):
            people.record_consent(
                person=self.person, given=ConsentRow(Purpose.REFER, self.other, How.SIGNATURE), by=self.worker
            )
            actions.accept_place(application=self.row, by=self.me)

    @property
    def case(self) -> Case:
        return Case.objects.get(reference=self.row.pk)

    def come_to(self, state: State) -> None:
        steps = {State.REFERRED: 1, State.RECEIVED: 2, State.ACTIVE: 3}
        for step in range(steps.get(state, 0)):
            if step == 0:
                cases.refer(case=self.case, to=self.other, by=self.worker)
            elif step == 1:
                cases.receive(case=self.case, by=self.helper)
            else:
                cases.start(case=self.case, by=self.helper)
        assert self.case.stage is state

    def give_back(self) -> None:
        actions.decline_place(application=Application.objects.get(pk=self.row.pk), by=self.me)


@pytest.fixture
def place(city: City) -> Iterator[Place]:
    made = Place(city)
    with clock.at(DRAWN):
        yield made


FROM_HERE = [
    state for state, verb, _edge in edges() if verb in FORWARD and state not in (State.OFFERED, State.RETURNED)
]
PLACED = (State.ACCEPTED, State.REFERRED, State.RECEIVED, State.ACTIVE)


@pytest.mark.parametrize("state", FROM_HERE)
def test_it_does_not_go_on_and_says_until_when(place: Place, state: State) -> None:
    place.come_to(state)
    place.give_back()
    who = place.worker if state is State.ACCEPTED else place.helper
    verb = next(verb for verb in TABLE[state].allows if verb in FORWARD)
    wishes = {Verb.REFER: {"to": place.other}}
    with pytest.raises(CaseError, match=UNTIL):
        getattr(cases, verb.value)(case=place.case, by=who, **wishes.get(verb, {}))
    assert place.case.stage is state
    found = reading.possible(who, reading.case_for(who, place.case.pk))
    assert not FORWARD & {each for each, _edge, _who in found}
    assert reading.primary(reading.case_for(who, place.case.pk), found) is None


def test_nor_in_a_list_of_many(place: Place) -> None:
    place.give_back()
    with pytest.raises(CaseError, match=UNTIL):
        cases.move_many(cases=[place.case], verb=Verb.REFER, by=place.worker)


@pytest.mark.parametrize("state", PLACED)
def test_every_page_says_so(place: Place, state: State, client: Client) -> None:
    place.come_to(state)
    place.give_back()
    sign_in_fully(client, place.worker)
    pages = {
        "case": reading.page_of(place.case), "sheet": reverse("cases:sheet", args=[place.case.pk]),
        "list": reverse("cases:queue") + "?all=1", "person": reverse("people:person", args=[place.person.pk]),
        "file": reverse("cases:queue") + "?all=1&format=csv",
    }  # fmt: skip
    for name, url in pages.items():
        assert "กำลังคืนที่" in client.get(url).content.decode(), name
    mine = Client()
    sign_in_fully(mine, place.me)
    own = {"own": reading.own_page(place.case), "mine": reverse("cases:mine"), "page": reverse("people:mine")}
    if state is State.ACTIVE:
        assert Enrolment.objects.filter(person=place.person, standing=Standing.ACTIVE).exists()
        page = mine.get(reverse("learning:place", args=[place.offer.pk])).content.decode()
        assert "ที่นี้กำลังคืนอยู่ในรอบ" in page
    for name, url in own.items():
        page = mine.get(url).content.decode()
        assert "กำลังคืนที่" in page, name
    assert reverse("rounds:why", args=[place.row.pk]) in mine.get(own["own"]).content.decode()


def listed(client: Client, late: str) -> bool:
    return "ทอผ้า" in client.get(reverse("cases:queue"), {"late": late}).content.decode()


def test_it_is_late_nowhere_while_it_waits(place: Place, client: Client) -> None:
    """Today, the list, its figures and the letters say the same."""
    place.give_back()
    Case.objects.update(due_on=DRAWN.date() - dt.timedelta(days=1))
    sign_in_fully(client, place.worker)
    assert not reading.overdue(DRAWN.date()).exists()
    assert not any(task.key.startswith("case:") or task.key == "cases:late" for task in reading.tasks(place.worker))
    assert [task.count for task in reading.tasks(place.worker) if task.key == "cases"] == [1]
    assert reading.counts(place.worker) == reading.Counts(1, 1, 0)
    assert (listed(client, "1"), listed(client, "0")) == (False, True)
    actions.take_back(application=place.row, by=place.me)
    assert reading.overdue(DRAWN.date()).exists()
    assert [task.key for task in reading.tasks(place.worker)] == [f"case:{place.case.pk}"]
    assert reading.counts(place.worker) == reading.Counts(1, 1, 1)
    assert (listed(client, "1"), listed(client, "0")) == (True, False)


def test_what_is_done_is_late_though_a_place_is_being_given_back(place: Place) -> None:
    place.come_to(State.ACTIVE)
    place.give_back()
    Case.objects.update(due_on=DRAWN.date() - dt.timedelta(days=1), state=State.COMPLETED, receiver=None)
    assert place.case.given_back is None
    assert reading.overdue(DRAWN.date()).exists()


@pytest.mark.parametrize("state", FROM_HERE)
def test_it_comes_on_when_the_place_is_taken_back(place: Place, state: State) -> None:
    place.come_to(state)
    place.give_back()
    actions.take_back(application=place.row, by=place.me)
    following = {State.ACCEPTED: State.REFERRED, State.REFERRED: State.RECEIVED, State.RECEIVED: State.ACTIVE}
    if state is State.ACCEPTED:
        cases.refer(case=place.case, to=place.other, by=place.worker)
    elif state is State.REFERRED:
        cases.receive(case=place.case, by=place.helper)
    else:
        cases.start(case=place.case, by=place.helper)
    assert place.case.stage is following[state]


@pytest.mark.parametrize("state", PLACED)
def test_it_ends_with_the_time_and_who_works_on_it_is_told(place: Place, state: State) -> None:
    place.come_to(state)
    place.give_back()
    with clock.at(DRAWN + 24 * HOUR):
        tick(0)
        assert place.case.stage is State.LEFT
        told = set(
            Notice.objects.filter(kind__in=("cases.left", "cases.given_back")).values_list("user__login", flat=True)
        )
    assert "worker" in told
    assert ("helper" in told) is (state is not State.ACCEPTED)
    assert not Enrolment.objects.filter(person=place.person, standing=Standing.ACTIVE).exists()
