"""What is cancelled, or ends for the person who had it, is offered to nobody on the way: whoever had given it back or
left early keeps what was said then, and nobody else moves."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

import pytest
from tests.rounds.conftest import DRAWN, City
from tests.rounds.test_rounds_between import proven
from tests.rounds.test_rounds_cancelled import cancel, held

from okat.city.cases import actions as cases
from okat.city.cases.models import Case
from okat.city.cases.rules import Verb
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.notices.models import Notice
from okat.city.people.actions import come_back, set_status
from okat.city.people.models import Person, Slip
from okat.city.people.rules import Status as PersonStatus
from okat.city.rounds import actions, queries
from okat.city.rounds.models import Application, Place, Result, Round
from okat.city.rounds.rules import Answer, Status
from okat.city.rounds.rules.policy import Policy
from okat.city.rounds.tasks import tick

WAITING = (None, Answer.WAITING)


@dataclass
class Two:
    """`first` has the one place at `plain`, `waits` stands next and had nothing; `lucky` has `dear`, which both want
    more. `low` has a free place, which `first` wants least."""

    city: City
    plain: Opportunity
    dear: Opportunity
    low: Opportunity
    round: Round
    first: Application
    waits: Application
    lucky: Application

    def leave(self) -> None:
        cases.leave(case=Case.objects.get(reference=self.first.pk), reason="family", by=self.city.officer)

    def finish(self) -> None:
        actions.finish_round(round=self.round, by=self.city.lead)

    def over(self) -> None:
        """So that what is given back there goes to nobody."""
        Opportunity.objects.filter(pk=self.plain.pk).update(ends_on=clock.today() - dt.timedelta(days=1))

    def dear_comes_free(self) -> None:
        actions.decline_place(application=self.lucky, by=self.city.system)

    def dies(self, row: Application) -> None:
        assert row.person is not None
        set_status(person=Person.objects.get(pk=row.person.pk), status=PersonStatus.DIED, by=self.city.system)


def made(city: City, *, keep: bool = False, policy: Policy | None = None, accepted: bool = True) -> Two:
    kept = ({"group": "older", "seats": 1},)  # so that the lottery does not say who of the three has it
    plain, dear, low = city.offers(
        {"title_th": "ทอผ้า", "capacity": 1, "reserves": kept},
        {"title_th": "ขนมไทย", "capacity": 1},
        {"title_th": "ปั้นดิน", "capacity": 1},
    )
    round_ = city.opened([plain, dear, low], policy)
    one, two, third = city.pin(3)
    city.older(one, two)
    rows = city.applied(round_, {one: [dear, plain, low], two: [dear, plain, low], third: [plain]})
    city.published(round_)
    by_place = {held(row)[0]: row for row in rows}
    with clock.at(DRAWN):
        if accepted:
            actions.accept_place(application=by_place[plain], by=city.system, keep_waiting=keep)
        actions.accept_place(application=by_place[dear], by=city.system)
    assert held(rows[2]) == WAITING
    Slip.objects.all().delete()  # what was told so far
    return Two(city, plain, dear, low, round_, by_place[plain], rows[2], by_place[dear])


def told() -> set[str]:
    """What rounds said since, on a screen or on paper."""
    rows = (Notice.objects, Slip.objects)
    return {kind for some in rows for kind in some.filter(kind__startswith="rounds.").values_list("kind", flat=True)}


def test_what_was_left_early_goes_to_nobody_when_the_round_is_over_and_it_is_cancelled(
    city: City, tmp_path: Path
) -> None:
    two = made(city)
    with clock.at(DRAWN):
        two.finish()
        two.leave()
    assert held(two.first) == (two.plain, Answer.STOPPED)
    cancel(city, two.plain)
    two.round.refresh_from_db()
    assert two.round.stage is Status.FINISHED
    assert held(two.waits) == WAITING
    assert held(two.first) == (None, Answer.STOPPED)
    assert held(two.lucky) == (two.dear, Answer.ACCEPTED)
    stands = Application.objects.get(pk=two.first.pk)
    assert (stands.withdrawn_at, stands.withdrawn_why) == (None, "")
    assert told() == set()
    assert proven(two.round, tmp_path)


def test_who_left_early_keeps_the_turn_for_what_they_wanted_more(city: City, tmp_path: Path) -> None:
    two = made(city, keep=True)
    with clock.at(DRAWN):
        two.leave()  # and the provider cancels before it is passed on
    cancel(city, two.plain)
    assert held(two.first) == (None, Answer.STOPPED)
    assert held(two.waits) == WAITING
    assert told() == set()
    with clock.at(DRAWN):
        tick(0)
        two.dear_comes_free()
    assert held(two.first) == (two.dear, Answer.OFFERED)
    assert proven(two.round, tmp_path)


def test_who_left_early_what_is_over_keeps_the_turn_too(city: City, tmp_path: Path) -> None:
    two = made(city, keep=True)
    with clock.at(DRAWN):
        two.over()
        two.leave()
        assert held(two.first) == (two.plain, Answer.STOPPED)
        actions.end_places(places=Place.objects.filter(opportunity=two.plain), by=city.lead)
        two.dear_comes_free()
    assert held(two.first) == (two.dear, Answer.OFFERED)
    assert held(two.waits) == WAITING
    assert proven(two.round, tmp_path)


@pytest.mark.parametrize("keep", [False, True])
def test_who_had_given_it_back_is_told_and_offered_nothing_wanted_less(city: City, tmp_path: Path, keep: bool) -> None:
    two = made(city, keep=keep, policy=Policy())
    assert two.first.person is not None
    city.account(two.first.person, "first")
    with clock.at(DRAWN):
        actions.decline_place(application=two.first, by=city.system)
    assert held(two.first) == (two.plain, Answer.RETURNING)
    cancel(city, two.plain)
    assert held(two.first) == (None, Answer.DECLINED)
    assert held(two.waits) == WAITING
    assert told() == {"rounds.cancelled_back"}
    assert Result.objects.get(application=two.first).lost == Place.objects.get(opportunity=two.plain)
    assert Case.objects.get(reference=two.first.pk).state == "returned"
    with clock.at(DRAWN):
        two.dear_comes_free()
        with clock.at(DRAWN + dt.timedelta(days=2)):
            tick(0)
    assert held(two.first) == ((two.dear, Answer.OFFERED) if keep else (None, Answer.DECLINED))
    assert proven(two.round, tmp_path)


def test_who_died_in_a_finished_round_is_replaced_by_nobody(city: City, tmp_path: Path) -> None:
    two = made(city)
    with clock.at(DRAWN):
        two.finish()
        two.dies(two.first)
        two.dies(two.lucky)
    cancel(city, two.plain)
    two.round.refresh_from_db()
    assert two.round.stage is Status.FINISHED
    assert held(two.waits) == WAITING
    assert held(two.first) == (None, Answer.STOPPED)
    assert held(two.lucky) == (two.dear, Answer.STOPPED)  # elsewhere nothing is passed on: the lists have ended
    assert told() == set()
    assert proven(two.round, tmp_path)


def test_what_ends_together_is_offered_to_nobody_in_place_of_each_other(city: City, tmp_path: Path) -> None:
    two = made(city)
    with clock.at(DRAWN):
        ending = Place.objects.filter(opportunity__in=(two.plain, two.low))
        assert actions.end_places(places=ending, by=city.lead) == 1
    assert held(two.first) == (None, Answer.CANCELLED)
    assert Result.objects.get(application=two.first).lost == Place.objects.get(opportunity=two.plain)
    assert queries.latest(two.round).version == 2  # type: ignore[union-attr]
    assert proven(two.round, tmp_path)


@pytest.mark.parametrize("together", [False, True])
def test_nobody_waits_for_what_they_wanted_less_than_what_they_had(city: City, tmp_path: Path, together: bool) -> None:
    """Also where a third wish of theirs, which they wanted least, ends with it."""
    had, full, low = city.offers({"capacity": 1}, {"capacity": 1}, {"capacity": 1})
    round_ = city.opened([had, full, low])
    one, two = city.pin(2)
    first, second = city.applied(round_, {one: [had, full, low], two: [full]})
    city.published(round_)
    assert (held(first)[0], held(second)[0]) == (had, full)
    city.account(one, "first")
    ending = [had, low] if together else [had]
    with clock.at(DRAWN):
        assert Result.objects.get(application=first).keeps_waiting
        if not together:
            actions.end_places(places=Place.objects.filter(opportunity=low), by=city.lead)
        actions.end_places(places=Place.objects.filter(opportunity__in=ending), by=city.lead)
        assert held(first) == (None, Answer.CANCELLED)
        assert {kind for kind in told() if "cancelled" in kind} == {"rounds.cancelled_ends"}
        actions.decline_place(application=second, by=city.system)
    assert held(first) == (None, Answer.CANCELLED)
    assert proven(round_, tmp_path)


@pytest.mark.parametrize("keep", [False, True])
def test_what_goes_to_nobody_any_more_goes_to_nobody_when_who_had_it_dies(
    city: City, tmp_path: Path, keep: bool
) -> None:
    two = made(city, keep=keep)
    with clock.at(DRAWN):
        two.over()
        two.leave()
        two.dies(two.first)
        two.dear_comes_free()
    assert held(two.first) == (two.plain, Answer.STOPPED)
    assert Application.objects.get(pk=two.first.pk).withdrawn_why == "closed"
    assert held(two.waits) == WAITING
    assert queries.free_of(two.round)[Place.objects.get(opportunity=two.dear).pk] == 1
    assert proven(two.round, tmp_path)


def test_who_waits_for_nothing_after_giving_it_back_is_offered_nothing(city: City, tmp_path: Path) -> None:
    two = made(city)
    with clock.at(DRAWN):
        actions.decline_place(application=two.first, by=city.system)
        assert held(two.waits) == (two.plain, Answer.OFFERED)
        two.dear_comes_free()
    assert held(two.first) == (None, Answer.DECLINED)
    assert proven(two.round, tmp_path)


@pytest.mark.parametrize("status", [PersonStatus.DIED, PersonStatus.MOVED])
def test_what_was_completed_and_is_over_goes_to_nobody_and_is_theirs_when_it_was_a_mistake(
    city: City, tmp_path: Path, status: PersonStatus
) -> None:
    two = made(city)
    assert two.first.person is not None
    with clock.at(DRAWN):
        for verb in (Verb.REFER, Verb.RECEIVE, Verb.START, Verb.COMPLETE):
            cases.move_many(cases=[Case.objects.get(reference=two.first.pk)], verb=verb, reason="", by=city.system)
        two.over()
        set_status(person=Person.objects.get(pk=two.first.person.pk), status=status, by=city.system)
        two.dear_comes_free()
    assert held(two.first) == (two.plain, Answer.ACCEPTED)
    assert held(two.waits) == WAITING
    assert "rounds.moved_up" not in told()
    assert proven(two.round, tmp_path)
    assert Application.objects.get(pk=two.first.pk).withdrawn_why == "closed"
    with clock.at(DRAWN):
        said = come_back(person=Person.objects.get(pk=two.first.person.pk), by=city.system)
    assert not any(two.round.title_th in line for line in said)
    assert Application.objects.get(pk=two.first.pk).withdrawn_at is None
