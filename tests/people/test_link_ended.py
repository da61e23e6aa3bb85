"""When a record is not an account's any more, nothing of what the account was told of it stays there: no message, no
letter. What waits for an answer reaches the person another way."""

import datetime as dt
import importlib
import re
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db.models import OuterRef
from django.test import Client
from django.urls import reverse
from tests.people.conftest import City, member
from tests.signing import make_user, sign_in_fully

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.core.models import Letter
from okat.city.notices import letters
from okat.city.notices.actions import notify
from okat.city.notices.models import Notice
from okat.city.notices.queries import unread, unread_of
from okat.city.notices.rules import KINDS, NEW
from okat.city.partners.rules import Role
from okat.city.people import actions
from okat.city.people.actions import merge, propose_merge, undo_merge
from okat.city.people.actions._erase import erase
from okat.city.people.models import LinkRequest, Merge, Person, Slip
from okat.city.people.rules import Law
from okat.city.people.rules.told import BINDING, JOINED, PLAINLY, UNLINKED

MARK = "ZQTITLE"
NOW = dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC)
DAY = dt.date(2026, 12, 5)
OFFERED = "rounds.offered"


@pytest.fixture
def owner(db: None) -> User:
    return make_user("owner", name="สมหญิง ใจดี")


@pytest.fixture
def person(city: City, owner: User) -> Person:
    return actions.link_account(person=city.pin(), user=owner, by=city.teacher)


def tell(person: Person, kind: str, *, until: dt.date | None = DAY) -> str:
    """With the mark wherever the kind says something of its own; what it is about."""
    about = uuid4()
    names = re.findall(r"%\((\w+)\)", str(KINDS[kind].text))
    fresh = Person.objects.select_related("user").get(pk=person.pk)
    actions.tell(
        people=[fresh], kind=kind, params=dict.fromkeys(names, MARK), url=f"/{MARK}/", until=until, about=about,
        paper=False, by=None,
    )  # fmt: skip
    return str(about)


def kinds() -> list[str]:
    """All that a person may be told of the own record."""
    return [name for name, _kind in KINDS if not name.startswith("account.")]


def page(user: User) -> str:
    client = Client()
    sign_in_fully(client, user)
    return client.get(reverse("notices:list")).content.decode()


def unlinked(city: City, person: Person, _owner: User) -> None:
    actions.unlink_account(person=person, by=city.officer, partner=city.education)


def unlinked_by_owner(_city: City, person: Person, owner: User) -> None:
    actions.unlink_account(person=person, by=owner)


def erased(_city: City, person: Person, _owner: User) -> None:
    erase(person.pk)


ENDS = [unlinked, unlinked_by_owner, erased]


@pytest.mark.parametrize("end", ENDS)
def test_of_all_kinds_nothing_stays_in_the_account(city: City, person: Person, owner: User, end: object) -> None:
    with clock.at(NOW):
        for kind in kinds():
            tell(person, kind)
        read = Notice.objects.filter(user=owner, kind=OFFERED)
        read.update(read_at=NOW)  # read or not
        assert MARK in page(owner)
        waiting = Letter.objects.get(user=owner, kind=NEW)
        notify(users=[owner], kind="people.link_asked", params={"partner_th": "ก", "partner_en": "k"})
        end(city, person, owner)  # type: ignore[operator]
        assert MARK not in page(owner)
        left = set(Notice.objects.filter(user=owner).values_list("kind", flat=True))
    assert left <= {"people.link_asked", "people.unlinked", *(f"people.{name}" for name in PLAINLY)}
    Notice.objects.filter(user=owner, record=None).delete()
    Notice.objects.filter(kind__startswith="people.").delete()
    assert letters.new(waiting) is None  # the letter that waits speaks of nothing


def test_the_owner_of_work_keeps_the_messages_of_work(city: City) -> None:
    worker = member(city.education, Role.FIELD_WORKER, "also", city.ban_ped)
    person = actions.link_account(person=city.pin(), user=worker, by=city.teacher)
    tell(person, OFFERED)
    notify(users=[worker], kind=OFFERED, params={"title": "งาน"})
    actions.unlink_account(person=person, by=city.officer)
    assert [row.record for row in Notice.objects.filter(user=worker, kind=OFFERED)] == [None]


@pytest.mark.parametrize(
    ("until", "read", "waits"),
    [(DAY, False, True), (DAY, True, True), (dt.date(2026, 11, 29), False, False), (None, False, True),
     (None, True, False)],
)  # fmt: skip
def test_an_offer_that_waits_reaches_the_person_another_way(
    city: City, person: Person, owner: User, until: dt.date | None, read: bool, waits: bool
) -> None:
    with clock.at(NOW):
        about = tell(person, OFFERED, until=until)
        tell(person, "cases.returned")  # nothing to answer
        if read:
            Notice.objects.filter(user=owner).update(read_at=NOW)
        Slip.objects.all().delete()
        unlinked(city, person, owner)
    slips = [(slip.kind, slip.about, slip.until) for slip in Slip.objects.filter(person=person)]
    assert slips == ([(OFFERED, about, until)] if waits else [])


def test_erasing_takes_what_waits_along(city: City, person: Person) -> None:
    with clock.at(NOW):
        tell(person, OFFERED)
        erase(person.pk)
    assert not Slip.objects.exists()
    assert not Notice.objects.exclude(record=None).exists()


@pytest.mark.parametrize("kept", [True, False])
def test_when_two_are_two_again_the_account_keeps_only_what_came_before(
    city: City, person: Person, owner: User, kept: bool
) -> None:
    """Whether the account was of the record that was kept or goes back to the other: while both were one nobody can say
    of whom a message spoke."""
    other = city.pin("สมหญิง", "ใจดีย์")
    keep = person if kept else other
    with clock.at(NOW):
        tell(person, "catalogue.found")
        before = set(Notice.objects.filter(user=owner).values_list("pk", flat=True))
    with clock.at(NOW + dt.timedelta(hours=1)):
        done = merge(proposal=propose_merge(one=person, other=other, by=city.officer), keep=keep, by=city.teacher)
    with clock.at(NOW + dt.timedelta(hours=2)):
        tell(keep, OFFERED)
        tell(keep, "cases.offered" if "cases.offered" in KINDS else "rounds.moved_up")
    with clock.at(NOW + dt.timedelta(hours=3)):
        undo_merge(merge=done, by=city.teacher)
        titled = Notice.objects.filter(user=owner, params__title=MARK)
        assert {row.pk for row in titled} == before
        assert Person.objects.get(user=owner) == person
    told = set(Notice.objects.filter(user=owner).values_list("kind", flat=True))
    assert {"people.parted", "people.parted_place"} <= told
    assert {"people.parted", "people.parted_place"} <= set(
        Slip.objects.filter(person=other).values_list("kind", flat=True)
    )


def test_what_was_told_before_the_merge_goes_with_the_link_too(city: City, person: Person, owner: User) -> None:
    """The record that was joined into another is the same person."""
    other = city.pin("สมหญิง", "ใจดีย์")
    tell(person, "catalogue.found")
    merge(proposal=propose_merge(one=person, other=other, by=city.officer), keep=other, by=city.teacher)
    actions.unlink_account(person=Person.objects.get(pk=other.pk), by=city.officer)
    assert MARK not in page(owner)


def test_of_what_was_told_before_only_the_persons_own_is_marked(city: City) -> None:
    """A worker with a record of their own was told of work by the same kinds, without what each was about."""
    worker = member(city.education, Role.FIELD_WORKER, "also", city.ban_ped)
    person = actions.link_account(person=city.pin(), user=worker, by=city.teacher)
    early = ("cases.offered", "rounds.waiting")  # before anything said what it was about
    with clock.at(NOW - dt.timedelta(days=300)):
        for kind in early:
            notify(users=[worker], kind=kind, params={"title": "งาน"})
    own = ("rounds.offered", "learning.turn_offered", "learning.issued", "catalogue.found")
    for kind in own:
        tell(person, kind)
    notify(users=[worker], kind="cases.late", params={"title": "งาน"}, url=f"/cases/mine/{uuid4()}/")
    notify(users=[worker], kind="cases.late", params={"title": "งาน"}, url=f"/cases/{uuid4()}/")
    notify(users=[worker], kind="cases.offered", params={"title": "งาน", "about": str(uuid4())})
    for kind in ("cases.referred", "cases.offered", "rounds.offered", "learning.turn_offered", "learning.pass_on"):
        notify(users=[worker], kind=kind, params={"title": "งาน"})
    Notice.objects.update(record=None)
    for name, run in (("0017_notices_of_a_record", "say_of_whom"), ("0019_notices_of_work", "leave_work_alone")):
        getattr(importlib.import_module(f"okat.city.people.migrations.{name}"), run)(apps, None)
    marked = Notice.objects.filter(record=person.pk).values_list("kind", flat=True)
    assert sorted(marked) == sorted([*own, *early, "cases.late", "cases.offered"])


def answered(asked: LinkRequest, owner: User, how: str, city: City) -> None:
    if how == "recalled":
        actions.recall_link(asked=asked, by=city.teacher)
    elif how == "asked anew":
        actions.ask_link(person=asked.person, user=None, partner=city.education, by=city.teacher)
    elif how == "joined":
        joined_into_another(city, asked.person)
    elif how == "erased":
        erase(asked.person_id)
    else:
        birth = {"yes": dt.date(1960, 5, 17), "differs": dt.date(1999, 1, 1)}.get(how)
        actions.answer_link(asked=asked, yes=how != "no", birth=birth, by=owner)


def joined_into_another(city: City, person: Person) -> Merge:
    keep = city.pin("สมหญิง", "ใจดีย์")
    return merge(proposal=propose_merge(one=keep, other=person, by=city.officer), keep=keep, by=city.teacher)


@pytest.mark.parametrize("how", ["yes", "no", "differs", "recalled", "asked anew", "joined", "erased"])
def test_a_question_that_is_answered_stands_as_new_nowhere(city: City, owner: User, how: str) -> None:
    asked = actions.ask_link(person=city.pin(), user=owner, partner=city.education, by=city.teacher)
    assert unread(owner) == 1
    assert '<b class="chip warn">ใหม่</b>' in page(owner)
    answered(asked, owner, how, city)
    assert unread(owner) == 0
    assert '<b class="chip warn">ใหม่</b>' not in page(owner)
    assert User.objects.annotate(n=unread_of(OuterRef("pk"))).get(pk=owner.pk).n == 0  # as the frame counts them


@pytest.mark.parametrize("linked", [False, True])
def test_a_question_that_is_open_again_stands_as_new_again_and_one_that_is_over_nowhere(
    city: City, owner: User, linked: bool
) -> None:
    """Two records that were one are two again; meanwhile the account may have come to open another."""
    asked = actions.ask_link(person=city.pin(), user=owner, partner=city.education, by=city.teacher)
    done = joined_into_another(city, asked.person)
    if linked:
        actions.link_account(person=city.pin("สมหญิง", "ใจดี", birth=None), user=owner, by=city.teacher)
    undo_merge(merge=done, by=city.teacher)
    asked.refresh_from_db()
    assert (asked.answered_at is None) is not linked
    assert Notice.objects.filter(kind="people.link_asked", over_at=None, read_at=None).count() == int(not linked)


def waiting(person: Person, kind: str) -> int:
    """How often somebody is still to bring it, on paper or by SMS."""
    letters = Letter.objects.filter(kind="people.told", params__kind=f"people.{kind}", state="waiting")
    return Slip.objects.filter(person=person, kind=f"people.{kind}", told_at=None).count() + letters.count()


@pytest.mark.parametrize("sms", [False, True])
@pytest.mark.parametrize("end", [unlinked, unlinked_by_owner])
def test_nobody_brings_that_an_account_opens_the_record_when_none_does(
    city: City, owner: User, end: object, sms: bool, settings: Any
) -> None:
    settings.SMS_URL = "http://127.0.0.1:9/sms" if sms else ""
    made = city.pin(phone="0812345678")
    actions.ring_phone(person=made, by=city.teacher, partner=city.education)
    asked = actions.ask_link(person=made, user=owner, partner=city.education, by=city.teacher)
    actions.answer_link(asked=asked, yes=True, birth=dt.date(1960, 5, 17), by=owner)
    assert waiting(made, "linked") == 1
    assert Letter.objects.filter(kind="people.told", state="waiting").count() == int(sms)
    end(city, Person.objects.get(pk=made.pk), owner)  # type: ignore[operator]
    assert waiting(made, "linked") == 0


def test_nobody_brings_that_two_records_are_one_when_they_are_two_or_the_other_way_about(city: City) -> None:
    keep, gone = city.pin(), city.pin("สมหญิง", "ใจดีย์")
    done = merge(proposal=propose_merge(one=keep, other=gone, by=city.officer), keep=keep, by=city.teacher)
    assert waiting(keep, "joined") == 1
    undo_merge(merge=done, by=city.teacher)
    assert [waiting(one, kind) for one in (keep, gone) for kind in ("joined", "parted")] == [0, 1, 0, 1]
    merge(proposal=propose_merge(one=keep, other=gone, by=city.officer), keep=keep, by=city.teacher)
    assert [waiting(one, kind) for one in (keep, gone) for kind in ("joined", "parted")] == [1, 0, 0, 0]


def test_nobody_brings_that_an_office_keeps_the_record_by_a_law_that_it_has_ended(city: City) -> None:
    made = city.pin()
    law = {"law": Law.TASK, "until": clock.today() + dt.timedelta(days=30), "why": "งานทะเบียน", "by": city.officer}
    ended, stands = (
        actions.keep_by_law(person=made, partner=partner, **law)  # type: ignore[arg-type]
        for partner in (city.social, city.education)
    )
    assert waiting(made, "by_law") == 2
    actions.end_by_law(person=made, basis=ended, by=city.officer)
    assert [row.about for row in Slip.objects.filter(person=made, told_at=None)] == [str(stands.pk)]


def test_of_all_that_is_said_plainly_it_is_known_what_makes_it_untrue() -> None:
    about_one_thing = {"joined"}  # goes with what it is about, when that ends
    assert set(PLAINLY) == {*BINDING, *UNLINKED, *JOINED, *about_one_thing}
