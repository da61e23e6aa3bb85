"""What happens between the steps: places taken and given back, people merged or erased, opportunities cancelled."""

from pathlib import Path

import pytest
from tests.rounds.conftest import DRAWN, DURING, City

from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.core.registries import ERASE
from okat.city.people.actions import merge, propose_merge, set_status, settle_merge, undo_merge
from okat.city.people.models import Merge, Person, Slip
from okat.city.people.rules import Status as PersonStatus
from okat.city.rounds import actions, queries
from okat.city.rounds.models import Application, Result, Round
from okat.city.rounds.rules import Answer, Status
from okat.files.verify import verify_bundle


def taken(offer: Opportunity) -> int:
    return Opportunity.objects.get(pk=offer.pk).seats_taken


def proven(made: Round, tmp_path: Path) -> bool:
    decision = queries.latest(made)
    assert decision is not None
    path = tmp_path / "audit.zip"
    path.write_bytes(bytes.fromhex(made.key.unseal(decision.audit_sealed)))
    report = verify_bundle(path, seed=made.seed)
    assert report.proven, report.findings
    return True


def holder_of(offer: Opportunity) -> Application:
    return Result.objects.get(place__opportunity=offer).application


def test_taken_places_follow_what_is_accepted_and_given_back(city: City, tmp_path: Path) -> None:
    (a,) = city.offers({"capacity": 1})
    made = city.opened([a])
    city.applied(made, {person: [a] for person in city.pin(3)})
    city.published(made)
    first = holder_of(a)
    with clock.at(DRAWN):
        for _ in range(2):
            actions.accept_place(application=first, by=city.system)
        assert taken(a) == 1
        for _ in range(2):
            actions.decline_place(application=first, by=city.system)
        assert taken(a) == 0
        actions.accept_place(application=holder_of(a), by=city.system)
        assert taken(a) == 1
        actions.decline_place(application=holder_of(a), by=city.system)
    assert taken(a) == 0
    assert proven(made, tmp_path)


def test_a_lowered_number_of_places_does_not_stop_an_answer(city: City) -> None:
    (a,) = city.offers({"capacity": 2})
    made = city.opened([a])
    rows = city.applied(made, {person: [a] for person in city.pin(2)})
    city.published(made)
    Opportunity.objects.filter(pk=a.pk).update(capacity=1)
    with clock.at(DRAWN):
        for row in rows:
            assert actions.accept_place(application=row, by=city.system).answer == Answer.ACCEPTED
    assert taken(a) == 1


@pytest.mark.parametrize("how", ["erased", "died"])
def test_nobody_who_is_gone_is_offered_a_freed_place(city: City, tmp_path: Path, how: str) -> None:
    (a,) = city.offers({"capacity": 1})
    made = city.opened([a])
    rows = city.applied(made, {person: [a] for person in city.pin(3)})
    city.published(made)
    first = holder_of(a)
    waiting = [row for row in rows if row != first]
    gone, stays = waiting
    assert gone.person is not None
    with clock.at(DRAWN):
        if how == "erased":
            actions.release_erased(person=gone.person.pk, by=city.system)
        else:
            set_status(person=gone.person, status=PersonStatus.DIED, by=city.system)
        actions.decline_place(application=first, by=city.system)
    assert Result.objects.get(application=gone).answer == Answer.LEFT
    assert Result.objects.get(application=stays).answer == Answer.OFFERED
    assert proven(made, tmp_path)


def test_who_died_between_deciding_and_publishing_is_offered_nothing(city: City, tmp_path: Path) -> None:
    (a,) = city.offers({"capacity": 1})
    made = city.opened([a])
    rows = city.applied(made, {person: [a] for person in city.pin(2)})
    city.decided(made)
    first = holder_of(a)
    assert first.person is not None
    set_status(person=first.person, status=PersonStatus.DIED, by=city.system)
    with clock.at(DRAWN):
        actions.publish_round(round=made, by=city.lead)
    made.refresh_from_db()
    assert holder_of(a) == next(row for row in rows if row != first)
    assert proven(made, tmp_path)


@pytest.mark.parametrize("status", [PersonStatus.DIED, PersonStatus.MOVED])
def test_who_leaves_before_the_results_are_out_leaves_at_once_and_the_next_hears_once(
    city: City, tmp_path: Path, status: PersonStatus
) -> None:
    (a,) = city.offers({"capacity": 1})
    made = city.opened([a])
    rows = city.applied(made, {person: [a] for person in city.pin(2)})
    city.decided(made)
    first = holder_of(a)
    (second,) = [row for row in rows if row != first]
    assert first.person is not None
    with clock.at(DRAWN):
        set_status(person=first.person, status=status, by=city.system)
        assert holder_of(a) == second
        assert Result.objects.get(application=first).answer == Answer.LEFT
        made.refresh_from_db()
        assert made.stage is Status.DECIDED
        assert Slip.objects.count() == 0  # nobody hears of a result before all do
        actions.publish_round(round=made, by=city.lead)
    (slip,) = Slip.objects.all()
    assert (slip.person, slip.kind) == (second.person, "rounds.offered")
    with clock.at(DRAWN):
        actions.accept_place(application=second, by=city.system)
    assert [each.version for each in queries.roots_of(made)] == [1, 2]
    assert proven(made, tmp_path)


def test_who_is_erased_before_the_results_are_out_leaves_at_once(city: City, tmp_path: Path) -> None:
    (a,) = city.offers({"capacity": 1})
    made = city.opened([a])
    rows = city.applied(made, {person: [a] for person in city.pin(2)})
    city.decided(made)
    first = holder_of(a)
    with clock.at(DRAWN):
        ERASE["rounds"](first.person_id)
    assert holder_of(a) == next(row for row in rows if row != first)
    made.refresh_from_db()
    assert proven(made, tmp_path)


def test_merged_people_hold_one_application_that_still_reads(city: City, tmp_path: Path) -> None:
    offers = city.offers({"capacity": 1, "reserves": ({"group": "older", "seats": 1},)})
    made = city.opened(offers)
    people = city.pin(4)
    city.older(people[1])
    rows = city.applied(made, dict.fromkeys(people[1:], offers))
    with clock.at(DURING):
        proposal = propose_merge(one=people[0], other=people[1], by=city.system)
        done = merge(proposal=proposal, keep=people[0], by=city.system)
    moved = Application.objects.get(pk=rows[0].pk)
    assert moved.person_id == people[0].pk
    city.published(made)
    assert holder_of(offers[0]) == moved  # the groups of the time of applying still read, under the older key
    choices = queries.choices_of(moved)
    assert choices[0].parts
    undo_merge(merge=done, by=city.system)
    assert Application.objects.get(pk=moved.pk).person_id == people[1].pk
    assert proven(made, tmp_path)


def test_two_records_that_both_applied_and_are_one_person_count_once(city: City) -> None:
    offers = city.offers({"capacity": 5})
    made = city.opened(offers)
    people = city.pin(2)
    city.applied(made, dict.fromkeys(people, offers))
    with clock.at(DURING):
        proposal = propose_merge(one=people[0], other=people[1], by=city.system)
        merge(proposal=proposal, keep=people[0], by=city.system)
    assert city.decided(made).figures["applicants"] == 1


def test_of_two_results_of_one_person_one_counts_and_the_other_goes_on_when_settled(city: City, tmp_path: Path) -> None:
    (a,) = city.offers({"capacity": 2})
    made = city.opened([a])
    people = city.pin(3)
    city.applied(made, {person: [a] for person in people})
    city.published(made)
    holders = [row.application for row in Result.objects.filter(answer=Answer.OFFERED).select_related("application")]
    third = Application.objects.exclude(pk__in=[row.pk for row in holders]).get()
    keep, gone = (row.person for row in holders)
    assert keep is not None
    assert gone is not None
    with clock.at(DRAWN):
        actions.accept_place(application=holders[1], by=city.system)
        done = joined(city, keep, gone)
        assert Application.objects.get(person=keep, withdrawn_at=None) == holders[1]  # what was accepted counts
        actions.release_closed(round=made, by=city.system)
        assert Result.objects.get(application=third).answer == Answer.WAITING
        undo_merge(merge=done, by=city.system)
        assert [Application.objects.get(pk=row.pk).person for row in holders] == [keep, gone]
        assert [Result.objects.get(application=row).answer for row in holders] == [Answer.OFFERED, Answer.ACCEPTED]
        done = joined(city, keep, gone)
        settle_merge(merge=done, by=city.system)
        assert Result.objects.get(application=third).answer == Answer.OFFERED
        assert Result.objects.get(application=holders[0]).answer == Answer.LEFT
        assert Result.objects.get(application=holders[1]).answer == Answer.ACCEPTED
    assert taken(a) == 1
    assert proven(made, tmp_path)


def test_an_undone_merge_brings_no_application_into_a_round_that_is_decided(city: City) -> None:
    offers = city.offers({"capacity": 5})
    made = city.opened(offers)
    people = city.pin(3)
    rows = city.applied(made, dict.fromkeys(people, offers))
    earlier = min(rows[:2], key=lambda row: (row.at, row.pk))  # both came in one moment
    with clock.at(DURING):
        done = joined(city, people[1], people[0])
        undo_merge(merge=done, by=city.system)
        assert not Application.objects.exclude(withdrawn_at=None).exists()
        done = joined(city, people[1], people[0])
        assert Application.objects.get(person=people[1], withdrawn_at=None) == earlier
    city.decided(made)
    undo_merge(merge=done, by=city.system)
    assert {row.pk for row in Application.objects.filter(withdrawn_at=None)} == {earlier.pk, rows[2].pk}
    assert Application.objects.get(pk=earlier.pk).person == earlier.person


def joined(city: City, keep: Person, gone: Person) -> Merge:
    return merge(proposal=propose_merge(one=keep, other=gone, by=city.system), keep=keep, by=city.system)
