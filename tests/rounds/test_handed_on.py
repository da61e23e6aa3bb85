"""What was agreed to for the office that ran a round holds in that round at whoever runs it by now, however many
offices it went through and whichever way, and in no other round of theirs; withdrawn, it ends there."""

import importlib
import random
from collections.abc import Iterator, Sequence
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.rounds.conftest import AT_ONCE, BEFORE, DURING, OPENS, City, make_member

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.partners import actions as partners
from okat.city.partners.models import Partner
from okat.city.partners.rules import Role
from okat.city.people.actions import ConsentRow, merge, propose_merge, record_consent, withdraw_consent
from okat.city.people.models import Consent, Person
from okat.city.people.rules import Purpose
from okat.city.rounds import actions, queries
from okat.city.rounds.models import Application, Round
from okat.city.rounds.queries.reviews import agreed, agreed_to, ran_for
from okat.city.rounds.solve.staying import consent_follows


@pytest.fixture(autouse=True)
def _during() -> Iterator[None]:
    with clock.at(DURING):
        yield


def office(city: City, code: str) -> Partner:
    """One that can take over: somebody answers for everything, and somebody runs rounds."""
    made = Partner.objects.create(code=code, th=f"สำนัก {code}", en=code, kind="provincial", area=city.team.area)
    make_member(made, Role.MANAGER, f"manager-{code}")
    make_member(made, Role.COORDINATOR, f"team-{code}")
    partners.add_member(partner=made, user=city.lead, role=Role.COORDINATOR, by=city.system)
    city.lead = User.objects.get(pk=city.lead.pk)
    return made


def leave(city: City, partner: Partner, to: Partner | None) -> None:
    row = Partner.objects.get(pk=partner.pk)
    partners.leave_network(partner=row, reason="wish", successor=to, by=city.system)


def hand(city: City, partner: Partner, to: Partner) -> None:
    """The rounds alone."""
    row = Partner.objects.get(pk=partner.pk)
    partners.settle(partner=row, key="70 rounds.round", to=to, by=city.system)


def said_to(person: Person, to: Partner) -> Consent:
    return Consent.objects.get(person=person, purpose=Purpose.ROUND, recipient=to, withdrawn_at=None)


def stands(person: Person, made: Round) -> bool:
    return Application.objects.filter(person=person, round=made, withdrawn_at=None).exists()


@pytest.mark.parametrize("alone", [False, True])
def test_two_offices_on_the_word_still_holds_and_withdrawn_ends(city: City, alone: bool) -> None:
    offers = city.offers({"capacity": 1})
    made, person = city.opened(offers), city.pin(1)[0]
    city.applied(made, {person: offers})
    second, third, last = office(city, "second"), office(city, "third"), office(city, "last")
    for one, to in ((city.team, second), (second, third), (third, last)):
        if alone:  # the office goes without anybody who follows it, or stays
            hand(city, one, to)
        if one != third:
            leave(city, one, None if alone and one == second else to)
    made = Round.objects.get(pk=made.pk)
    assert made.partner == (last if alone else third)
    assert agreed(person, made) == said_to(person, city.team)
    assert len(queries.data_of(made)) == 1
    consent = said_to(person, city.team)
    assert made.title_th in " ".join(consent_follows(consent, False))
    withdraw_consent(consent=consent, by=city.system)
    assert agreed(person, made) is None
    assert not stands(person, made)


def test_a_round_of_the_successors_own_is_none_of_it(city: City) -> None:
    """The word for the office that left neither keeps an application there nor ends one."""
    heir = office(city, "heir")
    offers = city.offers({"capacity": 1})
    person = city.pin(1)[0]
    record_consent(person=person, given=ConsentRow(Purpose.ROUND, heir), by=city.system)
    own = city.opened(offers, partner=heir)
    city.applied(own, {person: offers})
    leave(city, city.team, heir)
    assert agreed(person, own) == said_to(person, heir)
    withdraw_consent(consent=said_to(person, city.team), by=city.system)
    assert stands(person, own)
    withdraw_consent(consent=said_to(person, heir), by=city.system)
    assert not stands(person, own)


def test_where_the_person_agreed_for_the_office_of_today_too_the_application_stays(city: City) -> None:
    """The page before says so, and by whose consent; withdrawn too, the application ends."""
    heir, offers, person = office(city, "heir"), city.offers({"capacity": 1}), city.pin(1)[0]
    made = city.opened(offers)
    city.applied(made, {person: offers})
    hand(city, city.team, heir)
    record_consent(person=person, given=ConsentRow(Purpose.ROUND, heir), by=city.system)
    for consent, other in ((said_to(person, city.team), heir), (said_to(person, heir), None)):
        said = " ".join(consent_follows(consent, False))
        assert ("ยังอยู่" in said, "ถูกถอน" in said) == (other is not None, other is None)
        assert other is None or other.th in said
        withdraw_consent(consent=consent, by=city.system)
        assert stands(person, made) == (other is not None)


def test_of_a_round_that_was_still_planned_nothing_that_was_agreed_to_before_is_part(city: City) -> None:
    """What somebody agreed to for the office that planned it was for other rounds: nobody had applied in this one."""
    heir = office(city, "heir")
    offers, person = city.offers({"capacity": 1}), city.pin(1)[0]
    with clock.at(BEFORE):
        made = city.draft()
        actions.set_rules(round=made, policy=AT_ONCE, by=city.lead)
        actions.add_places(round=made, opportunities=offers, by=city.lead)
        hand(city, city.team, heir)
        made = Round.objects.get(pk=made.pk)
        actions.freeze_round(round=made, by=city.lead)
    with clock.at(OPENS):
        actions.open_round(round=made, by=city.system)
    record_consent(person=person, given=ConsentRow(Purpose.ROUND, heir), by=city.system)
    city.applied(made, {person: offers})
    city.decided(made)
    withdraw_consent(consent=said_to(person, heir), by=city.system)
    assert stands(person, made)
    assert agreed(person, made) is None


def test_many_rounds_are_handed_over_in_as_few_statements_as_one(city: City) -> None:
    offers, counts = city.offers({"capacity": 1}), []
    for number, to in enumerate((office(city, "second"), office(city, "third"))):
        for _ in range(1 + 3 * number):
            city.opened(offers)
        with CaptureQueriesContext(connection) as asked:
            hand(city, city.team, to)
        counts.append(len(asked))
    assert counts[0] == counts[1]


class Walk:
    """Rounds that go from office to office in any way, people who agree, withdraw and are found to be one; and beside
    it what must hold, by the ten lines of `check`."""

    def __init__(self, city: City, seed: int) -> None:
        self.city, self.random = city, random.Random(seed)
        make_member(city.team, Role.MANAGER, "manager-team")
        self.offers: list[Opportunity] = city.offers({"capacity": 3})
        self.offices = [city.team, *(office(city, f"office{n}") for n in range(4))]
        self.ran: dict[UUID, set[Partner]] = {}
        for _ in range(2):
            host = self.random.choice(self.offices)
            self.ran[city.opened(self.offers, partner=host).pk] = {host}

    def rounds(self) -> Sequence[Round]:
        return list(Round.objects.filter(pk__in=self.ran).order_by("pk"))

    def people(self) -> list[Person]:
        return [p for p in Person.objects.filter(merged_into=None).order_by("pk") if p.pk in self.whom]

    @property
    def whom(self) -> set[UUID]:
        return {person.pk for person in self.city.people}

    def step(self) -> None:
        self.random.choice([self.join, self.agree, self.agree, self.withdraw, self.hand, self.leave, self.merge])()

    def join(self) -> None:
        made = self.random.choice(self.rounds())
        person = self.city.pin(1, consent=False)[0]
        self.say(person, made.partner)
        self.city.applied(made, {person: self.offers})

    def agree(self) -> None:
        staying = [one for one in self.offices if Partner.objects.get(pk=one.pk).left_on is None]
        if people := self.people():
            self.say(self.random.choice(people), self.random.choice(staying))

    def say(self, person: Person, to: Partner) -> None:
        record_consent(person=person, given=ConsentRow(Purpose.ROUND, to), by=self.city.system)

    def withdraw(self) -> None:
        open_ones = list(Consent.objects.filter(purpose=Purpose.ROUND, withdrawn_at=None).order_by("pk"))
        if not open_ones:
            return
        consent = self.random.choice(open_ones)
        person = Person.objects.get(pk=consent.person.merged_into_id or consent.person_id)
        rest = Consent.objects.filter(person=person, purpose=Purpose.ROUND, withdrawn_at=None)
        others = {other.recipient for other in rest} - {consent.recipient}
        rested = [made for made in self.rounds() if consent.recipient in self.ran[made.pk] and stands(person, made)]
        hit = [made for made in rested if not others & self.ran[made.pk]]
        kept = [made for made in self.rounds() if made not in hit and stands(person, made)]
        told = " ".join(consent_follows(consent, False))
        withdraw_consent(consent=consent, by=self.city.system)
        assert (told.count("ถูกถอน"), told.count("ยังอยู่")) == (len(hit), len(rested) - len(hit))
        assert not any(stands(person, made) for made in hit)
        assert all(stands(person, made) for made in kept)

    def to(self) -> tuple[Partner, Partner] | None:
        staying = [one for one in self.offices if Partner.objects.get(pk=one.pk).left_on is None]
        if len(staying) < 3:
            return None
        one, to = self.random.sample(staying, 2)
        return one, to

    def hand(self) -> None:
        if pair := self.to():
            hand(self.city, *pair)
            self.went(*pair)

    def leave(self) -> None:
        if pair := self.to():
            leave(self.city, *pair)
            self.went(*pair)

    def went(self, one: Partner, to: Partner) -> None:
        for made in self.rounds():
            if made.partner == to and one in self.ran[made.pk]:
                self.ran[made.pk].add(to)

    def merge(self) -> None:
        people = self.people()
        if len(people) > 1:
            keep, gone = self.random.sample(people, 2)
            proposal = propose_merge(one=keep, other=gone, by=self.city.officer)
            merge(proposal=proposal, keep=keep, by=self.city.system)

    def check(self) -> None:
        for made in self.rounds():
            assert made.partner in self.ran[made.pk]
            for person in self.people():
                rows = Consent.objects.filter(purpose=Purpose.ROUND, withdrawn_at=None, recipient__in=self.ran[made.pk])
                said = rows.filter(person=person)
                assert set(agreed_to(made).filter(person=person)) == set(said)
                assert all(made in ran_for(consent) for consent in said)
                assert (agreed(person, made) is not None) == said.exists()
            counted = [p for p in self.people() if stands(p, made) and agreed(p, made) is not None]
            assert len(queries.data_of(made)) == len(counted)


@pytest.mark.parametrize("seed", range(6))
def test_whatever_way_rounds_go_and_people_are_joined(city: City, seed: int) -> None:
    walk = Walk(city, seed)
    for _ in range(4):
        walk.join()
    for _ in range(16):
        walk.step()
        walk.check()


def test_of_rounds_handed_over_before_the_history_tells_who_ran_them(city: City) -> None:
    offers = city.offers({"capacity": 1})
    made, other = city.opened(offers), city.opened(offers)
    second, third = office(city, "second"), office(city, "third")
    hand(city, city.team, second)
    hand(city, second, third)
    Round.ran_before.through._default_manager.all().delete()
    migration = importlib.import_module("okat.city.rounds.migrations.0006_ran_before")
    migration.remember(apps, None)
    for row in (made, other):
        assert set(row.ran_before.all()) == {city.team, second}
