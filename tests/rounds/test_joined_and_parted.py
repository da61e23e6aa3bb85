"""Two records are joined, something ends, and they are parted again: what ended does not come back."""

import random

import pytest
from django.db import transaction
from tests.amounts import amounts
from tests.merging import check, open_merges, root_of
from tests.rounds.conftest import AFTER, DURING, City
from tests.rounds.test_rounds_between import joined

from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.core.models import AuditEntry
from okat.city.people.actions import ConsentRow, merge, propose_merge, set_status, undo_merge, withdraw_consent
from okat.city.people.models import Consent, MergeProposal, Person
from okat.city.people.rules import LIVING, How, Purpose
from okat.city.people.rules import Status as PersonStatus
from okat.city.rounds import actions
from okat.city.rounds.models import Application, Round
from okat.city.rounds.queries.reviews import agreed_to
from okat.city.rounds.rules import RoundError

STEPS = 10


def agreement(person: Person) -> Consent:
    return Consent.objects.get(person=person, purpose=Purpose.ROUND, withdrawn_at=None)


def standing(made: Round) -> list[Application]:
    return list(Application.objects.filter(round=made, withdrawn_at=None).select_related("person"))


def test_an_application_whose_consent_was_withdrawn_while_joined_stays_withdrawn(city: City) -> None:
    offers = city.offers({"capacity": 5})
    made = city.opened(offers)
    one, two, third = city.pin(3)
    city.applied(made, dict.fromkeys((one, two, third), offers))
    with clock.at(DURING):
        done = joined(city, one, two)
        withdraw_consent(consent=agreement(one), by=city.system)
        undo_merge(merge=done, by=city.system)
    assert not Consent.objects.filter(person__in=(one, two), purpose=Purpose.ROUND, withdrawn_at=None).exists()
    assert [row.person for row in standing(made)] == [third]
    assert set(Application.objects.exclude(person=third).values_list("withdrawn_why", flat=True)) == {"consent"}
    assert city.decided(made).figures["applicants"] == 1


def test_where_nobody_leaves_a_place_nothing_is_written_of_one(city: City) -> None:
    one, two = city.pin(2)
    undo_merge(merge=joined(city, one, two), by=city.system)
    assert AuditEntry.objects.filter(verb="people.undo_merge").exists()
    assert not AuditEntry.objects.filter(verb="rounds.leave_place").exists()


def test_who_applied_anew_meanwhile_has_that_application_alone(city: City) -> None:
    offers = city.offers({"capacity": 5})
    made = city.opened(offers)
    one, two = city.pin(2)
    city.applied(made, dict.fromkeys((one, two), offers))
    with clock.at(DURING):
        for keep, gone in ((one, two), (two, one)):
            done = joined(city, keep, gone)
            withdraw_consent(consent=agreement(keep), by=city.system)
            given = ConsentRow(Purpose.ROUND, city.team, How.VERBAL)
            wish = [offers[0].pk]
            fresh = actions.apply(round=made, person=keep, opportunities=wish, consent=given, by=city.system)
            undo_merge(merge=done, by=city.system)
            assert standing(made) == [fresh]


def test_a_closing_round_counts_nobody_who_does_not_agree(city: City) -> None:
    offers = city.offers({"capacity": 5})
    made = city.opened(offers)
    one, two = city.pin(2)
    city.applied(made, dict.fromkeys((one, two), offers))
    Consent.objects.filter(person=one, purpose=Purpose.ROUND).update(withdrawn_at=DURING)  # past every listener
    with clock.at(AFTER):
        actions.close_round(round=made, by=city.system)
    assert [row.person for row in standing(made)] == [two]
    Consent.objects.filter(person=two, purpose=Purpose.ROUND).update(withdrawn_at=DURING)
    assert Application.objects.filter(round=made, withdrawn_at=None).exists()
    with pytest.raises(RoundError):
        city.decided(made)


def _join(city: City, dice: random.Random) -> None:
    there = list(Person.objects.filter(status__in=(PersonStatus.ACTIVE, PersonStatus.MOVED)).order_by("pk"))
    if len(there) > 1:
        keep, gone = dice.sample(there, 2)
        left, right = sorted((keep.pk, gone.pk))
        asked = MergeProposal.objects.filter(left=left, right=right).exclude(status="merged").first()
        merge(proposal=asked or propose_merge(one=keep, other=gone, by=city.system), keep=keep, by=city.system)


def _part(city: City, dice: random.Random) -> None:
    done = dice.choice(open_merges())
    if Person.objects.get(pk=done.kept_id).status != PersonStatus.MERGED:
        undo_merge(merge=done, by=city.system)


def _meanwhile(city: City, made: Round, offers: list[Opportunity], dice: random.Random) -> None:
    person = root_of(dice.choice(city.people))
    what = dice.randrange(5)
    if what < 2:
        for consent in Consent.objects.filter(person=person, withdrawn_at=None, purpose=Purpose.ROUND):
            withdraw_consent(consent=consent, by=city.system)
    elif what == 2:
        set_status(person=person, status=PersonStatus.DIED, by=city.system)
    elif what == 3 and person.status in LIVING:
        set_status(person=person, status=PersonStatus.MOVED, by=city.system)
    elif person.status in LIVING:
        given = ConsentRow(Purpose.ROUND, city.team, How.VERBAL)
        actions.apply(round=made, person=person, opportunities=[offers[0].pk], consent=given, by=city.system)


def _sound(made: Round) -> None:
    check()
    rows = standing(made)
    assert len({row.person_id for row in rows}) == len(rows)
    for row in rows:
        assert row.person is not None
        assert row.person.status in LIVING
        assert agreed_to(made).filter(person=row.person).exists()


@amounts("seeds", 3, 12)
def test_whatever_ends_between_joining_and_parting_stays_ended(seeds: int, city: City) -> None:
    offers = city.offers({"capacity": 5})
    made = city.opened(offers)
    city.applied(made, dict.fromkeys(city.pin(4), offers))
    for seed in range(seeds):
        dice = random.Random(seed)
        with transaction.atomic(), clock.at(DURING):
            for _step in range(STEPS):
                _meanwhile(city, made, offers, dice)
                if not open_merges() or dice.random() < 0.6:
                    _join(city, dice)
                else:
                    _part(city, dice)
                _sound(made)
            while open_merges():
                _part(city, dice)
                _sound(made)
            transaction.set_rollback(True)
