"""What has a day by which the person is to answer is told with that day, and reaches who wants no letters, too."""

import ast
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from tests.people.conftest import City
from tests.signing import make_user

from okat.city.accounts.models import Address, User
from okat.city.accounts.rules import Channel, How
from okat.city.core import clock
from okat.city.notices.actions import set_preference
from okat.city.notices.models import Notice
from okat.city.notices.rules import KINDS, MailWish
from okat.city.people import actions
from okat.city.people.actions import merge, propose_merge, undo_merge
from okat.city.people.models import Person, Slip

SOURCE = Path(__file__).resolve().parents[2] / "src" / "okat" / "city"
NOW = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
DAY, LATER = dt.date(2026, 12, 5), dt.date(2026, 12, 9)
# Something is lost that is not answered by a day.
ANSWER = {
    "cases.offered", "learning.turn_offered", "people.grown", "people.parted_asked", "people.parted_place",
    "rounds.cancelled_instead", "rounds.moved_up", "rounds.offered", "rounds.place_out",
    "rounds.place_out_last",
}  # fmt: skip
# Who does not hear of it goes in vain, or stays at home in vain; there is nothing to answer.
IN_VAIN = {
    "cases.called_off", "learning.called_off", "learning.course_cancelled", "learning.moved", "learning.reinstated",
    "learning.taken_out", "learning.turn_cancelled", "people.parted_way",
}  # fmt: skip
# Nothing is lost where it is read late, or it is told to whoever works for a partner and stands on their Today.
NEWS = {
    "account": "email email_asked email_gone line line_asked line_gone password recovery_codes role role_changed"
    " role_ended second_factor second_factor_gone sms sms_asked sms_gone",
    "cases": "accepted active cancelled closed completed declined given_back handed_over late left outcome received"
    " referred returned stopped unheld",
    "catalogue": "found pledge_accepted pledge_declined pledged", "jobs": "answered candidates hired talk",
    "learning": "called_off_for course_cancelled_for handed_over handed_over_for issued line_closed make_up moved_for"
    " pass_on place_ended planned recognised reinstated_for request_handed_over revoked taken_out_for turn_expired"
    " turn_over turn_unfit",
    "partners": "left",
    "people": "by_law emergency handed_over joined link_asked link_no link_yes linked not_justified parted unlinked"
    " unlinked_by_owner",
    "rounds": "appeal_answered cancelled_back cancelled_ends cancelled_waits expired place_gone place_gone_last"
    " waiting",
}  # fmt: skip


def test_of_each_kind_of_notice_somebody_has_said_whether_it_binds() -> None:
    news = {f"{app}.{name}" for app, names in NEWS.items() for name in names.split()}
    assert {name for name, _kind in KINDS} == ANSWER | IN_VAIN | news
    assert {name for name, kind in KINDS if kind.binding} == ANSWER | IN_VAIN


def told() -> Iterator[tuple[str, bool]]:
    """Each kind that persons are told by its name, and whether a day goes with it."""
    for path in SOURCE.glob("*/**/*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func).rpartition(".")[2] == "tell":
                given = {keyword.arg: keyword.value for keyword in call.keywords}
                kind = given.get("kind")
                if isinstance(kind, ast.Constant):
                    yield str(kind.value), "until" in given


def test_who_tells_of_a_day_binds_and_who_binds_tells_the_day() -> None:
    found = dict(told())
    assert {kind for kind, day in found.items() if day} == {
        "people.grown",
        "people.parted_asked",
        "people.parted_place",
    }
    assert all(day == (kind in ANSWER) for kind, day in found.items())


@pytest.fixture
def owner(db: None) -> User:
    """Somebody with an account and a confirmed address, who wants no letters."""
    made = make_user("owner", name="สมหญิง ใจดี")
    Address.objects.filter(user=made).delete()
    Address.objects.create(user=made, channel=Channel.EMAIL, value="owner@example.org", confirmed_at=NOW, how=How.CODE)
    set_preference(mail=MailWish.NEVER, quiet_from=None, quiet_until=None, by=made)
    return made


@pytest.fixture
def person(city: City, owner: User) -> Person:
    return actions.link_account(person=city.pin(), user=owner, by=city.teacher)


def tell(person: Person, kind: str, until: dt.date | None) -> None:
    fresh = Person.objects.select_related("user").get(pk=person.pk)
    actions.tell(people=[fresh], kind=kind, params={"title": "งาน"}, until=until, about=uuid4(), by=None)


def slips(person: Person) -> list[tuple[str, dt.date | None]]:
    return [(slip.kind, slip.until) for slip in Slip.objects.filter(person=person, told_at=None)]


@pytest.mark.parametrize("kind", sorted(ANSWER | IN_VAIN))
def test_who_wants_no_letters_reads_on_paper_what_binds(person: Person, kind: str) -> None:
    with clock.at(NOW):
        tell(person, kind, DAY if kind in ANSWER else None)
        tell(person, "learning.planned", None)
    assert slips(person) == [(kind, DAY if kind in ANSWER else None)]


@pytest.mark.parametrize("days", [(LATER, DAY), (None, DAY), (None, None)])
def test_an_offer_that_waits_when_two_are_two_again_reaches_both_with_its_day(
    city: City, person: Person, days: tuple[dt.date | None, ...]
) -> None:
    """The first of several days; and once more where the account is parted from the record before it is answered."""
    other = city.pin("สมหญิง", "ใจดีย์")
    with clock.at(NOW):
        done = merge(proposal=propose_merge(one=person, other=other, by=city.officer), keep=person, by=city.teacher)
    with clock.at(NOW + dt.timedelta(hours=1)):
        for day in days:
            tell(person, "rounds.offered", day)
        Slip.objects.all().delete()
        undo_merge(merge=done, by=city.teacher)
        said = ("people.parted_place", min(filter(None, days), default=None))
        assert said in slips(person)
        assert said in slips(other)
        assert Notice.objects.filter(user=person.user, kind=said[0]).count() == 1
        Slip.objects.all().delete()
        actions.unlink_account(person=Person.objects.get(pk=person.pk), by=city.officer, partner=city.education)
        assert said in slips(person)


OFFER, QUESTION, WAY = "people.parted_place", "people.parted_asked", "people.parted_way"
AGAIN = {
    **dict.fromkeys(ANSWER, OFFER), **dict.fromkeys(IN_VAIN, WAY), "people.grown": QUESTION, QUESTION: QUESTION,
    "rounds.place_out": QUESTION, "rounds.place_out_last": QUESTION,
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(ANSWER | IN_VAIN))
def test_when_two_are_two_again_both_hear_of_what_it_was_and_of_nothing_else(
    city: City, person: Person, kind: str
) -> None:
    """Of a moved meeting as of one, and of no offer that nobody made."""
    other = city.pin("สมหญิง", "ใจดีย์")
    with clock.at(NOW):
        done = merge(proposal=propose_merge(one=person, other=other, by=city.officer), keep=person, by=city.teacher)
    with clock.at(NOW + dt.timedelta(hours=1)):
        tell(person, kind, DAY if kind in ANSWER else None)
        Notice.objects.exclude(kind=kind).delete()
        Slip.objects.all().delete()
        undo_merge(merge=done, by=city.teacher)
    said = (AGAIN[kind], DAY if kind in ANSWER else None)
    for one in (person, other):
        assert [slip for slip in slips(one) if slip[0] != "people.parted"] == [said]
    told = set(Notice.objects.filter(user=person.user).exclude(kind="people.parted").values_list("kind", flat=True))
    assert told - {kind} == {AGAIN[kind]} - {kind}


@pytest.mark.parametrize("kind", sorted(ANSWER))
def test_what_stands_on_somebodys_today_is_brought_on_no_paper(city: City, person: Person, kind: str) -> None:
    """Of a case that was offered, and of being grown, an office asks as soon as there is no account."""
    with clock.at(NOW):
        tell(person, kind, DAY)
        Slip.objects.all().delete()
        actions.unlink_account(person=Person.objects.get(pk=person.pk), by=city.officer, partner=city.education)
    asked = {name for name, known in KINDS if known.asked}
    assert asked == {"cases.offered", "people.grown"}
    assert slips(person) == ([] if kind in asked else [(kind, DAY)])
