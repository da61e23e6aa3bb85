"""No seat stays taken where nobody can speak of it: every way in which a record closes, with every kind of place."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from tests.rounds.conftest import DRAWN, City, make_member
from tests.signing import sign_in_fully

from okat.city.accounts.models import User
from okat.city.cases import actions as cases
from okat.city.cases.models import Case
from okat.city.cases.queries import left_behind
from okat.city.cases.rules import State
from okat.city.cases.tasks import remind
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.core.ending import CONSENT_FOLLOWS
from okat.city.core.registries import ERASE
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.models import Basis
from okat.city.people.rules import Law, Purpose
from okat.city.people.rules import Status as PersonStatus
from okat.city.rounds import actions, queries
from okat.city.rounds.models import Application, Result, Round
from okat.city.rounds.rules import HELD, Answer, Status
from okat.city.rounds.rules.policy import Policy
from okat.city.rounds.tasks import tick

HOUR = dt.timedelta(hours=1)


class Seat:
    """A course of one place in a round with a day of grace; one has it, another waits for it."""

    def __init__(self, city: City) -> None:
        self.city = city
        (self.offer,) = city.offers({"title_th": "ทอผ้า", "capacity": 1})
        self.round: Round = city.opened([self.offer], Policy())
        self.rows = city.applied(self.round, {person: [self.offer] for person in city.pin(2)})
        self.worker = make_member(city.school, Role.MANAGER, "worker")
        city.published(self.round)
        self.row = Application.objects.get(round=self.round, result__answer=Answer.OFFERED)
        assert self.row.person is not None
        self.person = self.row.person
        (self.next,) = [row for row in self.rows if row != self.row]

    def taken(self) -> int:
        return Opportunity.objects.get(pk=self.offer.pk).seats_taken

    @property
    def result(self) -> Result:
        return Result.objects.get(application=self.row)

    @property
    def case(self) -> Case:
        return Case.objects.get(reference=self.row.pk)

    def withdraw(self) -> None:
        people.withdraw_consent(consent=self.person.consents.get(purpose=Purpose.CARE), by=self.worker)

    def keep_by_law(self) -> Basis:
        day = clock.today() + dt.timedelta(days=1)
        return people.keep_by_law(
            person=self.person, partner=self.city.school, law=Law.TASK, until=day, why="ทะเบียนนักเรียน", by=self.worker
        )


@pytest.fixture
def seat(city: City) -> Seat:
    return Seat(city)


def offered(_seat: Seat) -> None:
    pass


def accepted(seat: Seat) -> None:
    actions.accept_place(application=seat.row, by=seat.worker)


def begun(seat: Seat) -> None:
    accepted(seat)
    cases.refer(case=seat.case, to=seat.city.school, by=seat.worker)
    cases.receive(case=seat.case, by=seat.worker)
    cases.start(case=seat.case, by=seat.worker)


def held(seat: Seat) -> None:
    accepted(seat)
    actions.decline_place(application=seat.row, by=seat.worker)


def begun_and_held(seat: Seat) -> None:
    begun(seat)
    actions.decline_place(application=seat.row, by=seat.worker)


KINDS = (offered, accepted, begun, held, begun_and_held)


def withdrawn(seat: Seat) -> None:
    seat.withdraw()


def withdrawn_after_a_law(seat: Seat) -> None:
    basis = seat.keep_by_law()
    seat.withdraw()
    tick(0)
    assert seat.result.place is not None  # the office may keep the record: somebody speaks
    people.end_by_law(person=seat.person, basis=basis, by=seat.worker)


def law_that_ran_out(seat: Seat) -> None:
    basis = seat.keep_by_law()
    seat.withdraw()
    Basis.objects.filter(pk=basis.pk).update(until=clock.now() - HOUR)


def parted_from_the_account(seat: Seat) -> None:
    seat.city.account(seat.person, "me")
    seat.withdraw()
    tick(0)
    if seat.result.answer in HELD:
        assert seat.result.place is not None  # they speak for themselves
    parted(seat)


def parted(seat: Seat) -> None:
    seat.person.refresh_from_db()
    people.unlink_account(person=seat.person, by=seat.worker)


def erased(seat: Seat) -> None:
    people.hold_with_others(seat.person.pk)
    for _app, erase in ERASE:
        erase(seat.person.pk)


def died(seat: Seat) -> None:
    people.set_status(person=seat.person, status=PersonStatus.DIED, by=seat.worker)


WAYS: tuple[Callable[[Seat], None], ...] = (
    withdrawn, withdrawn_after_a_law, law_that_ran_out, parted_from_the_account, erased, died,
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", WAYS)
def test_it_goes_on_to_whoever_waits(seat: Seat, way: Callable[[Seat], None], kind: Callable[[Seat], None]) -> None:
    with clock.at(DRAWN):
        kind(seat)
        way(seat)
        tick(0)
    assert seat.result.place is None
    assert Result.objects.get(application=seat.next).answer == Answer.OFFERED
    assert seat.taken() == 0


@pytest.mark.parametrize("kind", [accepted, begun])
@pytest.mark.parametrize("way", WAYS)
def test_in_a_finished_round_it_is_free_again(
    seat: Seat, way: Callable[[Seat], None], kind: Callable[[Seat], None]
) -> None:
    """Nobody moves up there, and the course has a place for anybody."""
    with clock.at(DRAWN):
        kind(seat)
        assert seat.taken() == 1
        Round.objects.update(status=Status.FINISHED)
        way(seat)
        remind(0)
    assert seat.taken() == 0


@pytest.mark.parametrize("way", [erased, died, parted])
def test_nor_does_one_stay_taken_that_an_account_spoke_for(seat: Seat, way: Callable[[Seat], None]) -> None:
    """The case closed while they spoke for themselves; after that the record is gone from the case, too."""
    with clock.at(DRAWN):
        me = seat.city.account(seat.person, "me")
        accepted(seat)
        Round.objects.update(status=Status.FINISHED)
        people.withdraw_consent(consent=seat.person.consents.get(purpose=Purpose.CARE), by=me)
        remind(0)
        assert (seat.case.state, seat.taken()) == (State.CLOSED, 1)
        way(seat)
        remind(0)
        assert seat.taken() == 0
        assert not left_behind().exists()


def test_what_was_completed_stays_taken_after_erasing(seat: Seat) -> None:
    with clock.at(DRAWN):
        begun(seat)
        cases.complete(case=seat.case, by=seat.worker)
        Round.objects.update(status=Status.FINISHED)
        erased(seat)
        remind(0)
    assert seat.taken() == 1


def test_who_waits_without_a_voice_leaves_the_list(seat: Seat) -> None:
    with clock.at(DRAWN):
        assert seat.next.person is not None
        people.withdraw_consent(consent=seat.next.person.consents.get(purpose=Purpose.CARE), by=seat.worker)
        tick(0)
        assert Result.objects.get(application=seat.next).answer == Answer.LEFT
        assert seat.result.answer == Answer.OFFERED  # of whom somebody speaks
        version = queries.latest(seat.round)
        tick(0)
        assert queries.latest(seat.round) == version


def follows(seat: Seat, by: User, url: str) -> str:
    client = Client()
    sign_in_fully(client, by)
    return re.sub("<[^>]+>", "", client.post(url, {}).content.decode())


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_says_it_before(seat: Seat, kind: Callable[[Seat], None]) -> None:
    with clock.at(DRAWN):
        kind(seat)
        consent = seat.person.consents.get(purpose=Purpose.CARE)
        url = reverse("people:withdraw", args=[seat.person.pk, consent.pk])
        page = follows(seat, seat.worker, url)
    assert "ที่ใน “รอบที่เรียน พ.ย. 2569” จึงหมดไปทันที" in page
    assert "ที่จะไปถึง" in page or "คนถัดไป" in page


@pytest.mark.parametrize(
    ("kind", "said", "answer"),
    [
        (offered, "", Answer.OFFERED),
        (accepted, "ยังอยู่เหมือนเดิม", Answer.ACCEPTED),
        (held, "ยังขอกลับได้", Answer.RETURNING),
        (begun, "จบไปด้วย", Answer.STOPPED),
        (begun_and_held, "ขอกลับไม่ได้อีก", Answer.STOPPED),
    ],
)
def test_who_speaks_for_themselves_keeps_what_the_page_says(
    seat: Seat, kind: Callable[[Seat], None], said: str, answer: Answer
) -> None:
    with clock.at(DRAWN):
        me = seat.city.account(seat.person, "me")
        kind(seat)
        consent = seat.person.consents.get(purpose=Purpose.CARE)
        sentences = " ".join(str(one) for _app, says in CONSENT_FOLLOWS for one in says(consent, True))
        assert said in sentences, sentences
        people.withdraw_consent(consent=consent, by=me)
        assert seat.result.stands == answer
        if answer is Answer.RETURNING:
            actions.take_back(application=seat.row, by=me)
