"""A place from a round, the case that it opened and what that led to are in one state, by whatever door it ends; while
the round's lists run whoever waits gets it, and afterwards nobody, as the page says."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client
from django.urls import reverse
from tests.rounds.conftest import DRAWN, City, make_member
from tests.rounds.test_rounds_between import taken

from okat.city.accounts.models import User
from okat.city.cases import actions as cases
from okat.city.cases.models import Case
from okat.city.cases.rules import Verb
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.jobs.models import Hire
from okat.city.learning import actions as learning
from okat.city.learning.models import Enrolment
from okat.city.learning.rules import LearningError
from okat.city.partners import actions as partners
from okat.city.partners.rules import Role
from okat.city.people.actions import ConsentRow, record_consent, set_status, withdraw_consent
from okat.city.people.models import Consent, Person
from okat.city.people.rules import How, Purpose
from okat.city.people.rules import Status as PersonStatus
from okat.city.rounds import actions, queries
from okat.city.rounds.models import Application, Result, Round
from okat.city.rounds.rules import Answer, RoundError, Status
from okat.city.rounds.rules.policy import Policy
from okat.city.rounds.tasks import tick

DAYS = dt.timedelta(days=1)
KINDS = ("occupation", "job", "service")
OVER = {"left", "returned", "closed"}


@dataclass
class Placed:
    """One place: `row` has it and `waits` stands next; the case is the school's, `begun` or not."""

    city: City
    offer: Opportunity
    round: Round
    row: Application
    waits: Application
    user: User

    @property
    def case(self) -> Case:
        return Case.objects.select_related("person").get(reference=self.row.pk)

    @property
    def person(self) -> Person:
        assert self.row.person is not None
        return Person.objects.get(pk=self.row.person.pk)

    def many(self, verb: Verb, reason: str = "") -> None:
        cases.move_many(cases=[self.case], verb=verb, reason=reason, by=self.city.system)

    def begin(self) -> None:
        for verb in (Verb.REFER, Verb.RECEIVE, Verb.START):
            self.many(verb)

    def begin_at_team(self) -> None:
        """Passed on to another office with the person's consent, and begun there."""
        given = ConsentRow(Purpose.REFER, self.city.team, How.VERBAL)
        record_consent(person=self.person, given=given, by=self.city.system)
        helper = make_member(self.city.team, Role.OFFICER, "helper")
        cases.refer(case=self.case, to=self.city.team, by=self.city.officer)
        cases.receive(case=self.case, by=helper)
        cases.start(case=self.case, by=helper)

    def answer(self, row: Application) -> Answer:
        return Result.objects.get(application=row).stands


def made(city: City, kind: str) -> Placed:
    family = {"occupation": "learn", "job": "work", "service": "help"}[kind]
    (offer,) = city.offers({"title_th": "ทอผ้า", "kind": kind, "capacity": 1})
    row = city.opened([offer], Policy(), family=family)
    city.applied(row, {person: [offer] for person in city.pin(2)})
    city.published(row)
    mine = Application.objects.select_related("person").get(round=row, result__answer=Answer.OFFERED)
    assert mine.person is not None
    other = Application.objects.exclude(pk=mine.pk).get(round=row)
    with clock.at(DRAWN):
        actions.accept_place(application=mine, by=city.system)
    return Placed(city, offer, row, mine, other, city.account(mine.person, "me"))


Door = Callable[[Placed], None]


def person_leaves(p: Placed) -> None:
    cases.leave(case=p.case, reason="family", by=p.user)


def person_leaves_what_began(p: Placed) -> None:
    p.begin()
    cases.leave(case=p.case, reason="family", by=p.user)


def office_leaves_for_many(p: Placed) -> None:
    p.begin()
    p.many(Verb.LEAVE, "work")


def page_of_the_round(p: Placed) -> None:
    p.begin()
    actions.decline_place(application=p.row, by=p.user)


def page_of_the_round_and_then_the_case(p: Placed) -> None:
    p.begin()
    actions.decline_place(application=p.row, by=p.user)
    cases.leave(case=p.case, reason="family", by=p.user)
    with pytest.raises(RoundError):
        actions.take_back(application=p.row, by=p.user)


def dies(p: Placed) -> None:
    p.begin()
    set_status(person=p.person, status=PersonStatus.DIED, by=p.city.system)


def leaves_the_city_with_all(p: Placed) -> None:
    p.begin()
    set_status(person=p.person, status=PersonStatus.MOVED, by=p.city.system)


def consent_ends(p: Placed) -> None:
    p.begin_at_team()
    consent = Consent.objects.get(person=p.person, purpose=Purpose.REFER, withdrawn_at=None)
    withdraw_consent(consent=consent, by=p.user)


def office_gives_its_cases_up_and_then_the_page_of_the_round(p: Placed) -> None:
    """What has begun goes on then, and is the person's to give back."""
    p.begin_at_team()
    partners.settle(partner=p.city.team, key="51 cases.held", to=None, by=p.city.lead)
    assert p.answer(p.row) is Answer.ACCEPTED
    actions.decline_place(application=p.row, by=p.user)


def office_gives_its_cases_up_and_then_the_page_of_the_course(p: Placed) -> None:
    p.begin_at_team()
    partners.settle(partner=p.city.team, key="51 cases.held", to=None, by=p.city.lead)
    held = Enrolment.objects.get(person=p.person)
    assert held.standing == "active"
    learning.leave_course(enrolment=held, by=p.user)


DOORS: tuple[Door, ...] = (
    person_leaves, person_leaves_what_began, office_leaves_for_many, page_of_the_round,
    page_of_the_round_and_then_the_case, dies, leaves_the_city_with_all, consent_ends,
    office_gives_its_cases_up_and_then_the_page_of_the_round,
    office_gives_its_cases_up_and_then_the_page_of_the_course,
)  # fmt: skip
NOT = {(consent_ends, "job"), (DOORS[-1], "job"), (DOORS[-1], "service")}  # work goes on; and these have no such page


def sound(p: Placed, *, passed_on: bool) -> None:
    """Nobody has it by any of the three; who waits has the place, or nobody."""
    assert p.answer(p.row) in {Answer.STOPPED, Answer.DECLINED, Answer.LEFT}
    assert p.case.state in OVER
    assert not Enrolment.objects.filter(person=p.person, standing="active").exists()
    assert not Hire.objects.filter(person=p.person, ended_on=None).exists()
    assert taken(p.offer) == 0
    assert p.answer(p.waits) is (Answer.OFFERED if passed_on else Answer.WAITING)
    with pytest.raises(RoundError):
        actions.take_back(application=p.row, by=p.city.system)


@pytest.mark.parametrize(
    ("door", "kind"), [(door, kind) for door in DOORS for kind in KINDS if (door, kind) not in NOT]
)
def test_whichever_door_it_ends_by_the_next_gets_it(city: City, door: Door, kind: str) -> None:
    placed = made(city, kind)
    with clock.at(DRAWN):
        door(placed)
    with clock.at(DRAWN + DAYS):
        tick(0)
        sound(placed, passed_on=True)
        tick(0)
        sound(placed, passed_on=True)


def test_work_goes_on_without_the_consent_to_pass_the_case_on_and_so_does_its_place(city: City) -> None:
    placed = made(city, "job")
    with clock.at(DRAWN):
        consent_ends(placed)
        tick(0)
    assert placed.case.state == "returned"
    assert Hire.objects.filter(person=placed.person, ended_on=None).exists()
    assert (placed.answer(placed.row), placed.answer(placed.waits)) == (Answer.ACCEPTED, Answer.WAITING)


@pytest.mark.parametrize("door", DOORS[:4])
def test_when_the_lists_have_ended_it_goes_to_nobody(city: City, door: Door) -> None:
    placed = made(city, "occupation")
    with clock.at(DRAWN):
        actions.finish_round(round=placed.round, by=city.lead)
        door(placed)
        tick(0)
        sound(placed, passed_on=False)
    placed.round.refresh_from_db()
    assert placed.round.stage is Status.FINISHED


def test_a_case_that_led_to_it_and_lasts_is_still_the_office_s_to_end(city: City) -> None:
    placed = made(city, "occupation")
    with clock.at(DRAWN):
        placed.begin()
        with pytest.raises(LearningError):
            learning.leave_course(enrolment=Enrolment.objects.get(person=placed.person), by=placed.user)
    assert placed.answer(placed.row) is Answer.ACCEPTED


def read_by_the_placed(city: City, client: Client) -> Placed:
    """Whoever got a place on a course reads the pages in English."""
    placed = made(city, "occupation")
    client.force_login(placed.user, backend="okat.city.partners.queries.Accounts")
    client.cookies["okat_language"] = "en"
    return placed


def test_the_pages_say_before_what_follows_and_nothing_can_be_taken_back(city: City, client: Client) -> None:
    placed = read_by_the_placed(city, client)
    why = reverse("rounds:why", args=[placed.row.pk])
    with clock.at(DRAWN):
        placed.begin()
        own = reverse("cases:own", args=[placed.case.pk])
        assert "whoever is next on the waiting list of “Learning round”" in client.get(own).content.decode()
        person_leaves(placed)
        page = client.get(why).content.decode()
        assert "<h1>Left early" in page.replace("\n", "")
        assert 'name="answer"' not in page
    with clock.at(DRAWN + DAYS):
        tick(0)
        assert "Left early" in client.get(why).content.decode()


def test_the_page_of_a_finished_round_does_not_promise_the_place_to_others(city: City, client: Client) -> None:
    placed = read_by_the_placed(city, client)
    with clock.at(DRAWN):
        placed.begin()
        actions.finish_round(round=placed.round, by=city.lead)
        page = client.get(reverse("cases:own", args=[placed.case.pk])).content.decode()
        assert "Nobody moves up for it" in page
        url = reverse("rounds:answer", args=[placed.row.pk])
        assert "goes to nobody any more" in client.post(url, {"answer": "decline"}).content.decode()


def test_the_page_of_a_course_says_that_the_round_passes_it_on(city: City, client: Client) -> None:
    placed = read_by_the_placed(city, client)
    url = reverse("learning:place", args=[placed.offer.pk])
    with clock.at(DRAWN):
        placed.begin_at_team()
        partners.settle(partner=city.team, key="51 cases.held", to=None, by=city.lead)
        page = client.post(url, {"do": "leave"}).content.decode()
        assert "whoever is next on the waiting list of “Learning round”" in page
        assert "asks anew" not in page
        client.post(url, {"do": "leave", "sure": "1"})
        assert placed.answer(placed.row) is Answer.STOPPED


def test_what_was_left_early_counts_as_that_and_whoever_ends_the_round_reads_why_it_cannot_end_yet(city: City) -> None:
    placed = made(city, "occupation")
    with clock.at(DRAWN):
        placed.begin()
        person_leaves(placed)
        rows = Result.objects.filter(application__round=placed.round)
        assert queries.answers(placed.round) == Counter(row.stands for row in rows)
        assert queries.answers(placed.round)[Answer.STOPPED] == 1
        with pytest.raises(RoundError) as error:
            actions.finish_round(round=placed.round, by=city.lead)
        assert error.value.code == "passing"
        held = queries.export(placed.person.pk)["applications"]
        assert [one["result"] for one in held] == [Answer.STOPPED]
        tick(0)
        actions.accept_place(application=placed.waits, by=city.system)
        actions.finish_round(round=placed.round, by=city.lead)


def test_a_place_whose_time_is_over_is_not_said_to_be_held(city: City) -> None:
    placed = made(city, "occupation")
    with clock.at(DRAWN):
        actions.decline_place(application=placed.row, by=placed.user)
    for later, code in ((dt.timedelta(), "returning"), (DAYS, "passing")):
        with clock.at(DRAWN + later), pytest.raises(RoundError) as error:
            actions.finish_round(round=placed.round, by=city.lead)
        assert error.value.code == code
