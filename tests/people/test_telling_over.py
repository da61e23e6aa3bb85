"""What does not hold any more is neither sent nor brought; how somebody was told stays written down."""

import datetime as dt
from collections.abc import Callable, Iterator
from uuid import UUID, uuid4

import pytest
from tests.people.conftest import City
from tests.post_office import opened
from tests.signing import make_user

from okat.city.core import clock
from okat.city.core.models import DataKey, Letter
from okat.city.core.outbox import sending
from okat.city.notices.models import Notice
from okat.city.people import actions
from okat.city.people.models import Person, Slip
from okat.city.people.queries import telling
from okat.config.standin import PostOffice

BANGKOK = dt.timezone(dt.timedelta(hours=7))
NIGHT = dt.datetime(2026, 11, 30, 23, tzinfo=BANGKOK)
MORNING = NIGHT + dt.timedelta(hours=12)


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with opened() as found:
        yield found


def tell(person: Person, about: UUID, kind: str = "rounds.offered") -> None:
    actions.tell(people=[person], kind=kind, until=dt.date(2026, 12, 5), about=about, by=None)


def drop(city: City, person: Person, about: UUID) -> None:
    actions.drop_slips(people=[person.pk], app="rounds", about=about, by=city.teacher)


def end(city: City, person: Person, about: UUID) -> None:
    actions.end_slips(people=[person], app="rounds", about=about, by=city.teacher)


def newer(_city: City, person: Person, about: UUID) -> None:
    tell(person, about, "rounds.expired")


@pytest.mark.parametrize(("over", "sent"), [(drop, 0), (end, 0), (newer, 1)])
def test_an_sms_that_does_not_hold_by_the_morning_is_not_sent(
    city: City, office: PostOffice, over: Callable[[City, Person, UUID], None], sent: int
) -> None:
    person, other = (
        city.pin(name, "ใจดี", phone=phone) for name, phone in (("สมหญิง", "0812345678"), ("มาลี", "0812345679"))
    )
    about = uuid4()
    with clock.at(NIGHT):
        for each in (person, other):
            actions.ring_phone(person=each, by=city.teacher)
            tell(each, about)
        tell(person, uuid4())  # of something else
        keys = DataKey.objects.count()
        over(city, person, about)
        assert DataKey.objects.count() == keys - 1 + sent
    with clock.at(MORNING):
        sending.send_due()
    numbers = [number for number, _text in office.sms]
    assert sorted(numbers) == sorted(["66812345678"] * (1 + sent) + ["66812345679"])
    dropped = Letter.objects.get(state="dropped")
    assert (dropped.params, dropped.sealed, dropped.key) == ({}, None, None)
    assert Slip.objects.count() == 0


@pytest.mark.parametrize("answer", ["250 OK", "550 nobody here"])
@pytest.mark.parametrize(("over", "left"), [(drop, 0), (end, 0), (newer, 1)])
def test_a_letter_to_an_account_speaks_only_of_what_holds_and_nothing_else_comes_on_paper(
    city: City, office: PostOffice, over: Callable[[City, Person, UUID], None], left: int, answer: str
) -> None:
    person, other = (
        actions.link_account(person=city.pin(name), user=make_user(login), by=city.teacher)
        for name, login in (("สมหญิง", "somying"), ("มาลี", "mali"))
    )
    about, else_about, office.smtp = uuid4(), uuid4(), answer
    for each in (person, other):
        tell(each, about)
    over(city, person, about)
    ended = Notice.objects.exclude(over_at=None)
    assert [(row.user, row.kind) for row in ended] == [(person.user, "rounds.offered")]
    sending.send_due()
    assert Letter.objects.filter(state="dropped").count() == 1 - left
    if answer.startswith("550"):  # the other's offer is brought, and what followed where it binds
        assert [slip.person for slip in Slip.objects.all()] == [other]
    else:
        assert len(office.mails) == 1 + left
    tell(person, else_about)
    tell(person, else_about)  # said again: of the same kind, the older is over and the newer holds
    again = Notice.objects.filter(user=person.user, params__about=str(else_about)).order_by("pk")
    assert [row.over_at is None for row in again] == [False, True]


@pytest.mark.parametrize("how", [Slip.How.GIVEN, Slip.How.SAID])
@pytest.mark.parametrize("over", [drop, end])
def test_how_somebody_was_told_stays_and_is_not_taken_back(
    city: City, how: Slip.How, over: Callable[[City, Person, UUID], None]
) -> None:
    person, about = city.pin(), uuid4()
    tell(person, about)
    actions.hand_over_slip(slip=Slip.objects.get(), how=how, by=city.teacher)
    assert telling.told_lately().exists()
    over(city, person, about)
    slip = Slip.objects.get()
    assert (slip.how, slip.over_at is not None) == (how, True)
    assert not telling.told_lately().exists()


def test_who_answers_was_told_in_person(city: City) -> None:
    person, about = city.pin(), uuid4()
    tell(person, about)
    end(city, person, about)
    assert Slip.objects.get().how == Slip.How.SAID
    assert not telling.told_lately().exists()
