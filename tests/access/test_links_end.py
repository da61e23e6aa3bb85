"""What an account or an office made for a record, by which others get at it without being asked, ends with the right to
the record: when the link to the account is ended, two records part, or the person dies or is erased."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.apps import apps
from django.db import models
from django.test import Client
from django.urls import reverse
from tests import small_city
from tests.learning.making import course_of, resident_of
from tests.read_aloud import shown
from tests.signing import make_user, sign_in_fully
from tests.small_city import SmallCity

from okat.city.accounts.models import User
from okat.city.learning import actions as learning
from okat.city.learning.models import PassportLink
from okat.city.learning.queries.proofs import learning_of
from okat.city.learning.rules import LearningError
from okat.city.partners.rules import Role
from okat.city.people import actions as people
from okat.city.people.actions import ConsentRow, PinRow
from okat.city.people.actions._erase import erase as erase_people
from okat.city.people.models import Merge, Person
from okat.city.people.rules import How, Purpose, Status
from okat.thai.partial import PartialDate

# Every row that holds a secret by which something opens, and every row that ties an account to a record: what ends it.
OPENS = {
    "learning.PassportLink": "here",
    "people.CodeSlip": "tests/rounds/test_rounds_slip.py: its days, the round, death, erasing, parting, a newer one",
    "people.PhoneCheck": "a code that the person reads out to an officer; it confirms the record's own number alone",
    "people.Person": "the link itself, and a hash by which an identity number is found",
    "people.LinkRequest": "asks; the answer needs name and birth date of the record (tests/people/test_linking.py)",
    "people.BreakGlass": "three hours, and with the role (tests/people/test_scope.py)",
    "people.Evidence": "a file that is served by pages that ask for the right to the record",
    "catalogue.Lookout": "tells whoever may still act for the person (tests/catalogue: lookouts_of)",
    "accounts.Address": "the account's own",
    "core.OnceToken": "opens nothing: a sending that was done",
    "core.Letter": "goes once, to a confirmed address, and names nobody (tests/people/test_link_ended.py)",
    "rounds.Application": "a pseudonym and a receipt that show no name",
    "rounds.Round": "digest of its rules",
    "rounds.RoundEvent": "as Round",
    "rounds.Decision": "digests of what is published",
    "people.ImportBatch": "digest of a file",
}
SECRET = re.compile(r"(digest|hash|proof|token|receipt|pseudonym)$")
NAME = "สมหญิง"


def secret(model: type[models.Model]) -> bool:
    """Whether a row of it says of a person or an account what only somebody who was told knows."""
    fields = model._meta.get_fields()
    near = any(field.related_model in (Person, User) for field in fields if getattr(field, "many_to_one", False))
    return near and any(SECRET.search(getattr(field, "name", "")) for field in fields)


def ties(model: type[models.Model]) -> bool:
    """Whether a row says of a record whose account it is, or who looks."""
    ends = {field.name: field.related_model for field in model._meta.get_fields() if getattr(field, "many_to_one", 0)}
    return ends.get("user") is User and Person in ends.values()


def test_every_row_that_opens_something_is_known_here() -> None:
    found = {model._meta.label for model in apps.get_models() if secret(model) or ties(model)}
    assert found == OPENS.keys()


@dataclass
class Shown:
    """A passport that the resident's account shows by a link."""

    city: SmallCity
    person: Person
    user: User
    address: str

    @property
    def opens(self) -> bool:
        answer = Client().post(self.address)
        assert answer.status_code in (200, 404)
        assert (NAME in answer.content.decode()) is (answer.status_code == 200)
        return answer.status_code == 200


def share(person: Person, user: User) -> str:
    _row, token = learning.share_passport(person=person, days=90, by=user)
    return reverse("learning:passport", args=[token])


@pytest.fixture
def made(db: None) -> Shown:
    city = small_city.build()
    course_of(city)
    person = resident_of(city)
    return Shown(city, person, city.resident, share(person, city.resident))


def unlinked(made: Shown) -> None:
    people.unlink_account(person=made.person, by=made.city.users[Role.OFFICER], partner=made.city.here)


def unlinked_by_owner(made: Shown) -> None:
    people.unlink_account(person=made.person, by=made.user)


def another_account(made: Shown) -> None:
    unlinked(made)
    people.link_account(person=made.person, user=make_user("other", name="คนอื่น"), by=made.city.users[Role.OFFICER])


def linked_again(made: Shown) -> None:
    """What ended stays ended."""
    unlinked(made)
    people.link_account(person=made.person, user=made.user, by=made.city.users[Role.OFFICER])


def died(made: Shown) -> None:
    people.set_status(person=made.person, status=Status.DIED, by=made.city.users[Role.OFFICER])


def died_by_mistake(made: Shown) -> None:
    died(made)
    left = people.come_back(person=made.person, by=made.city.users[Role.OFFICER])
    assert any("ลิงก์" in line for line in left)


def erased(made: Shown) -> None:
    erase_people(made.person.pk)


def account_gone(made: Shown) -> None:
    User.objects.filter(pk=made.user.pk).update(is_active=False)


ENDS = [unlinked, unlinked_by_owner, another_account, linked_again, died, died_by_mistake, erased, account_gone]


@pytest.mark.parametrize("end", ENDS)
def test_a_passport_link_ends_with_the_right_of_the_account_that_made_it(
    made: Shown, end: Callable[[Shown], None]
) -> None:
    assert made.opens
    assert len(learning_of(made.person)[2]) == 1
    end(made)
    assert not made.opens
    assert learning_of(Person.objects.get(pk=made.person.pk))[2] == []  # nor does the person's page say so


def second(city: SmallCity) -> Person:
    """Another human, who was taken for the same."""
    row = PinRow(
        area=city.here.area, given=f"{NAME}คนอื่น", birth=PartialDate(1950, 1, 2),
        consents=(ConsentRow(Purpose.CARE, city.here, How.SIGNATURE),),
    )  # fmt: skip
    return people.pin_person(row=row, partner=city.here, by=city.users[Role.FIELD_WORKER])


def join(made: Shown, keep: Person) -> Merge:
    other = second(made.city) if keep == made.person else made.person
    pair = people.propose_merge(one=keep, other=other, by=made.city.users[Role.OFFICER])
    return people.merge(proposal=pair, keep=keep, by=made.city.users[Role.MANAGER])


@pytest.mark.parametrize("kept", ["stranger", "own"])
def test_a_link_made_while_two_records_were_one_ends_when_they_are_two_again(made: Shown, kept: str) -> None:
    """Also where the account stays with the record on which it was made; what was made before shows its own again."""
    keep = second(made.city) if kept == "stranger" else made.person
    joined = join(made, keep)
    keep.refresh_from_db()
    since = share(keep, made.user)
    assert made.opens
    people.undo_merge(merge=joined, by=made.city.users[Role.MANAGER])
    assert Client().post(since).status_code == 404
    answer = Client().post(made.address).content.decode()
    assert "สมหญิง ใจดี" in answer
    assert "คนอื่น" not in answer


def test_nobody_makes_a_link_for_a_record_that_is_not_the_account_s_own(made: Shown) -> None:
    for user in (made.city.users[Role.OFFICER], made.city.stranger):
        with pytest.raises(LearningError):
            learning.share_passport(person=made.person, days=1, by=user)
    unlinked(made)
    with pytest.raises(LearningError):
        learning.share_passport(person=made.person, days=1, by=made.user)


def test_an_office_with_a_right_to_the_record_sees_and_ends_it_and_no_other(made: Shown) -> None:
    link = PassportLink.objects.get()
    page, end = (
        reverse("learning:links", args=[made.person.pk]),
        reverse("learning:end-link", args=[made.person.pk, link.pk]),
    )
    strange, worker = Client(), Client()
    sign_in_fully(strange, made.city.stranger)
    sign_in_fully(worker, made.city.users[Role.FIELD_WORKER])
    assert {strange.get(page).status_code, strange.post(end, {"sure": "1"}).status_code} <= {403, 404}
    assert page in worker.get(reverse("people:person", args=[made.person.pk])).content.decode()
    listed = shown(worker.get(page).content.decode())
    assert "มี 1 ลิงก์" in listed
    assert made.address.split("/")[-2] not in listed
    assert made.opens
    assert made.opens
    assert "เปิดดูแล้ว 2 ครั้ง" in shown(worker.get(page).content.decode())
    worker.post(end, {"sure": "1"})
    assert not made.opens
    assert worker.post(end, {"sure": "1"}).status_code == 404
    assert page not in worker.get(reverse("people:person", args=[made.person.pk])).content.decode()


def test_the_account_finds_what_it_made_and_nothing_of_who_opened_the_record_before(made: Shown) -> None:
    assert made.opens
    another_account(made)
    other = Client()
    sign_in_fully(other, made.person.__class__.objects.get(pk=made.person.pk).user)
    assert "เปิดดูแล้ว" not in shown(other.get(reverse("learning:share")).content.decode())
    before = Client()
    sign_in_fully(before, made.user)
    assert "เปิดดูแล้ว 1 ครั้ง" in shown(before.get(reverse("learning:share")).content.decode())
