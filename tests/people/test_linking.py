"""A record opens for an account once the account's owner has said that it is theirs, and only then."""

import datetime as dt
import re
import threading
import time

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from tests.people.conftest import City, member
from tests.signing import make_user, sign_in_fully

from okat.city.accounts import actions as accounts
from okat.city.accounts.models import User
from okat.city.accounts.queries import reachable, system_user
from okat.city.accounts.rules import Channel
from okat.city.core.models import AuditEntry
from okat.city.notices.models import Notice
from okat.city.partners.models import Membership
from okat.city.partners.rules import Role
from okat.city.people import actions
from okat.city.people.models import LinkRequest, Person, Slip
from okat.city.people.queries import visible_to
from okat.city.people.rules import LinkAnswer, PeopleError, same_name
from okat.thai.partial import PartialDate

pytestmark = pytest.mark.django_db
MINE = "/people/mine/links/"
PHONE = "0899990001"
BORN = dt.date(1960, 5, 17)  # as the city's person
BIRTH = "17/5/2503"


def entered(user: User) -> Client:
    client = Client()
    sign_in_fully(client, user)
    client.cookies["okat_language"] = "en"
    return client


@pytest.fixture
def owner() -> User:
    return make_user("owner", name="สมหญิง ใจดี", phone=PHONE)


def asked(city: City, person: Person, user: User) -> LinkRequest:
    return actions.ask_link(person=person, user=user, partner=city.education, by=city.teacher)


def page_of(person: Person) -> str:
    return reverse("people:link", args=[person.pk])


def test_the_owner_is_asked_and_says_yes(city: City, owner: User) -> None:
    person, worker, resident = city.pin(), entered(city.teacher), entered(owner)
    assert worker.post(page_of(person), {"login": "089-999-0001"}).status_code == 302
    assert not visible_to(owner).filter(pk=person.pk).exists()
    assert resident.get("/people/mine/data.json").status_code == 404
    told = Notice.objects.get(user=owner, kind="people.link_asked")
    assert told.url == MINE
    page = resident.get(MINE).content.decode()
    assert "สมหญิง" not in page.partition("<main")[2].partition("</main")[0]  # nothing of the record
    assert MINE in resident.get("/people/mine/").content.decode()
    question = LinkRequest.objects.get()
    assert resident.post(MINE, {"asked": question.pk}).status_code == 200  # the birth date is missing
    assert resident.post(MINE, {"asked": question.pk, "birth": BIRTH}).status_code == 302
    assert visible_to(owner).filter(pk=person.pk).exists()
    assert Notice.objects.filter(user=city.teacher, kind="people.link_yes").count() == 1


def refusal(question: LinkRequest, user: User) -> str:
    """Why a yes is not taken."""
    with pytest.raises(PeopleError) as refused:
        actions.answer_link(asked=question, yes=True, birth=BORN, by=user)
    return refused.value.code


def test_no_links_nothing(city: City, owner: User) -> None:
    person = city.pin()
    question = asked(city, person, owner)
    assert entered(owner).post(MINE, {"asked": question.pk, "no": "1"}).status_code == 302
    question.refresh_from_db()
    assert question.answer == LinkAnswer.NO
    assert Person.objects.get(pk=person.pk).user is None
    assert refusal(question, owner) == "answered"


def test_a_telephone_that_was_only_typed_finds_no_account(city: City) -> None:
    thief = make_user("thief", phone=PHONE, confirmed=None)
    person = city.pin()
    page = entered(city.teacher).post(page_of(person), {"login": PHONE})
    assert page.status_code == 302
    assert LinkRequest.objects.get().user is None  # asked, and reaches nobody
    assert not Notice.objects.filter(user=thief, kind="people.link_asked").exists()
    assert not visible_to(thief).exists()


def test_another_account_cannot_answer(city: City, owner: User) -> None:
    question, other = asked(city, city.pin(), owner), make_user("other")
    entered(other).post(MINE, {"asked": question.pk, "birth": BIRTH})
    assert Person.objects.filter(user=other).count() == 0
    assert refusal(question, other) == "not_asked"


def test_a_question_that_was_taken_back_is_over(city: City, owner: User) -> None:
    person, worker = city.pin(), entered(city.teacher)
    question = asked(city, person, owner)
    assert worker.post(page_of(person), {"do": "recall"}).status_code == 302
    entered(owner).post(MINE, {"asked": question.pk, "birth": BIRTH})
    assert Person.objects.get(pk=person.pk).user is None


def works(city: City, user: User) -> None:
    like = Membership.objects.get(user=city.teacher)
    Membership.objects.create(partner=like.partner, user=user, role=like.role, began_on=like.began_on)


def test_an_account_with_a_role_is_asked_about_its_own_record_alone(city: City) -> None:
    stranger = make_user("auditor", name="ผู้ตรวจ เมือง", phone=PHONE)
    works(city, stranger)
    assert entered(city.teacher).post(page_of(city.pin()), {"login": PHONE}).status_code == 302
    assert LinkRequest.objects.get().user is None
    assert not Notice.objects.filter(user=stranger, kind="people.link_asked").exists()


def test_an_account_of_another_name_is_not_asked_whether_it_has_a_role_or_not(city: City) -> None:
    other = make_user("alt", name="สมชาย รักดี", phone=PHONE)
    assert entered(city.teacher).post(page_of(city.pin()), {"login": PHONE}).status_code == 302
    assert LinkRequest.objects.get().user is None
    assert not Notice.objects.filter(user=other, kind="people.link_asked").exists()


@pytest.mark.parametrize("birth", [None, dt.date(1960, 5, 18)])
def test_a_yes_without_the_birth_date_opens_nothing(city: City, owner: User, birth: dt.date | None) -> None:
    person = city.pin()
    answer = actions.answer_link(asked=asked(city, person, owner), yes=True, birth=birth, by=owner)
    assert answer == LinkAnswer.DIFFERS
    assert not visible_to(owner).exists()
    assert not Slip.objects.filter(kind="people.linked").exists()


def test_a_record_that_knows_the_year_alone_takes_a_day_in_it(city: City, owner: User) -> None:
    person = city.pin(birth=PartialDate(1960))
    assert actions.answer_link(asked=asked(city, person, owner), yes=True, birth=BORN, by=owner) == LinkAnswer.YES


def test_a_record_without_a_birth_date_is_linked_to_nobody(city: City, owner: User) -> None:
    with pytest.raises(PeopleError) as refused:
        asked(city, city.pin(birth=None), owner)
    assert refused.value.code == "birth"


def test_the_person_hears_of_the_link_on_paper_too(city: City, owner: User) -> None:
    """A wrong account would hear of itself alone."""
    person = city.pin()
    actions.answer_link(asked=asked(city, person, owner), yes=True, birth=BORN, by=owner)
    slip = Slip.objects.get(person=person, kind="people.linked")
    assert slip.told_at is None


def test_whoever_asks_learns_nothing_of_the_account_before_its_owner_answers(city: City, owner: User) -> None:
    """No account, one that is linked elsewhere, one with roles, and one that is asked: four pages alike."""
    works(city, make_user("auditor", name="ผู้ตรวจ เมือง", phone="0811111111"))
    linked = make_user("linked", name="ชื่อลับ", phone="0822222222")
    actions.link_account(person=city.pin("อื่น"), user=linked, by=city.teacher)
    pages = set()
    for login in ("0899999999", "0811111111", "0822222222", PHONE):
        person = city.pin("สมหญิง", phone="")
        text = entered(city.teacher).post(page_of(person), {"login": login}, follow=True).content.decode()
        text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", text).replace(str(person.pk), "")
        pages.add(re.sub(r"[0-9a-f-]{36}", "", text))
    assert len(pages) == 1
    assert owner.name not in pages.pop().replace(f'<p class="kicker">{owner.name}</p>', "")
    assert [row.user for row in LinkRequest.objects.order_by("id")] == [None, None, None, owner]


def test_whoever_works_for_a_partner_shows_that_it_is_their_own(city: City, owner: User) -> None:
    works(city, owner)
    person, client = city.pin(), entered(owner)
    first = asked(city, person, owner)
    assert client.post(MINE, {"asked": first.pk}).status_code == 200  # the birth date is missing
    assert client.post(MINE, {"asked": first.pk, "birth": "1/1/2500"}).status_code == 302
    first.refresh_from_db()
    assert first.answer == LinkAnswer.DIFFERS
    assert Person.objects.get(pk=person.pk).user is None
    second = asked(city, person, owner)
    born = ".".join(reversed(person.birth.split("-")))
    assert len(born) == 10, "the city's person has a whole birth date"
    year = int(born[-4:]) + 543
    client.post(MINE, {"asked": second.pk, "birth": f"{int(born[:2])}/{int(born[3:5])}/{year}"})
    assert Person.objects.get(pk=person.pk).user == owner
    accounts.drop_second_factor(user=owner, by=None)
    actions.unlink_account(person=person, by=city.teacher)
    third = asked(city, person, owner)
    assert refusal(third, User.objects.get(pk=owner.pk)) == "second_factor"


def test_the_owner_ends_the_link(city: City, owner: User) -> None:
    person = city.pin()
    actions.answer_link(asked=asked(city, person, owner), yes=True, birth=BORN, by=owner)
    client = entered(owner)
    assert "The record and what was allowed stay" in client.get("/people/mine/unlink/").content.decode()
    assert Person.objects.get(pk=person.pk).user == owner  # looking changes nothing
    assert client.post("/people/mine/unlink/").status_code == 302
    assert not visible_to(owner).filter(pk=person.pk).exists()
    assert AuditEntry.objects.filter(verb="people.unlink_account", actor=owner).count() == 1
    assert Notice.objects.filter(kind="people.unlinked_by_owner", user=city.teacher).count() == 1
    assert Person.objects.get(pk=person.pk).consents.filter(withdrawn_at=None).exists()


def test_the_office_ends_the_link(city: City, owner: User) -> None:
    person = city.pin()
    actions.answer_link(asked=asked(city, person, owner), yes=True, birth=BORN, by=owner)
    assert entered(city.teacher).post(page_of(person), {"do": "end"}).status_code == 302
    assert not visible_to(owner).filter(pk=person.pk).exists()
    assert Notice.objects.filter(kind="people.unlinked", user=owner).count() == 1


def test_an_officer_rings_the_number(city: City) -> None:
    user, person = make_user("owner", name="สมหญิง ใจดี"), city.pin()
    question = asked(city, person, user)
    number = accounts.give_address(user=user, channel=Channel.SMS, value="081-111-2222", by=user)
    worker = entered(city.teacher)
    # The account has not answered: the record may be somebody else's, and so the number is none of the office's.
    assert "0811112222" not in worker.get(page_of(person)).content.decode()
    worker.post(page_of(person), {"do": "rang", "number": number.pk})
    assert Channel.SMS not in reachable([user])[user.pk]
    actions.answer_link(asked=question, yes=True, birth=BORN, by=user)
    assert "0811112222" in worker.get(page_of(person)).content.decode()
    assert Channel.SMS not in reachable([user])[user.pk]
    assert worker.post(page_of(person), {"do": "rang", "number": number.pk}).status_code == 302
    assert reachable([user])[user.pk][Channel.SMS] == "0811112222"
    entry = AuditEntry.objects.get(verb="accounts.address_confirmed", actor=city.teacher)
    assert entry.reason_code == "officer"
    with pytest.raises(ValueError, match="somebody else"):
        accounts.confirm_by_call(address=number, by=user)


@pytest.mark.parametrize(
    ("account", "given", "family", "same"),
    [
        ("นางสมหญิง ใจดี", "สมหญิง", "ใจดี", True), ("สมหญิง  ใจดี (หญิง)", "สมหญิง", "ใจดี", True),
        ("สมชาย ใจดี", "สมหญิง", "ใจดี", False), ("สมหญิง", "สมหญิง", "", False), ("x", "", "", False),
    ],
)  # fmt: skip
def test_whose_name_it_is(account: str, given: str, family: str, same: bool) -> None:
    assert same_name(account, given, family) is same


@pytest.mark.django_db(transaction=True)
def test_asking_and_answering_take_the_record_first(city: City, owner: User) -> None:
    """Two that took turns at the record and the question could wait for each other for ever."""
    question, said = asked(city, city.pin(), owner), []

    def answer() -> None:
        try:
            said.append(actions.answer_link(asked=question, yes=True, birth=BORN, by=owner))
        finally:
            connection.close()

    other = threading.Thread(target=answer)
    with transaction.atomic():
        Person.objects.select_for_update(of=("self",)).get(pk=question.person_id)
        other.start()
        waits = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
        for _turn in range(200):
            with connection.cursor() as cursor:
                cursor.execute(waits)
                if cursor.fetchone()[0]:
                    break
            time.sleep(0.05)
        LinkRequest.objects.select_for_update(nowait=True, of=("self",)).get(pk=question.pk)  # free still
    other.join()
    assert said == [LinkAnswer.YES]


def nobody_is_asked(case: str, city: City, person: Person) -> str:
    """Make an account that is not asked, for one reason; by what it is called."""
    if case == "name":
        make_user("other", name="สมหญิง ใจร้าย")
        return "other"
    if case == "address":
        make_user("typed", name="สมหญิง ใจดี", phone=PHONE, confirmed=None)
        return PHONE
    if case == "linked":
        user = make_user("linked", name="สมหญิง ใจดี")
        actions.link_account(person=city.pin(), user=user, by=user)
        return "linked"
    make_user("family", name="สมหญิง")
    Person.objects.filter(pk=person.pk).update(family="")
    return "family"


WHY_NOT = {
    "name": "as it stands above: given name and family name", "address": "that the owner has confirmed",
    "linked": "opens no other record", "family": "does not have both names",
}  # fmt: skip


@pytest.mark.parametrize("case", WHY_NOT)
def test_the_page_says_before_and_while_it_waits_why_a_question_may_reach_nobody(city: City, case: str) -> None:
    person, worker = city.pin(), entered(city.teacher)
    login = nobody_is_asked(case, city, person)
    assert WHY_NOT[case] in worker.get(page_of(person)).content.decode()
    assert worker.post(page_of(person), {"login": login}).status_code == 302
    assert LinkRequest.objects.get(person=person).user is None
    assert WHY_NOT[case] in worker.get(page_of(person)).content.decode()


def test_a_record_without_a_birth_date_says_so_before_anything_is_asked(city: City) -> None:
    person = city.pin(birth=None)
    page = entered(city.teacher).get(page_of(person)).content.decode()
    assert "This record has none: add it first." in page
    assert "This record has none" not in entered(city.teacher).get(page_of(city.pin())).content.decode()


def test_whose_account_is_not_linked_reads_by_which_name_it_is_asked(owner: User) -> None:
    assert "its name, สมหญิง ใจดี, is the one in the record" in entered(owner).get("/people/mine/").content.decode()


def test_a_question_about_a_record_that_is_joined_opens_no_other(city: City, owner: User) -> None:
    """It ends with the joining, and is open once more when the two are two again."""
    keep, gone = city.pin("สมหญิง", phone=""), city.pin("สมหญิง", phone="0812345678")
    question = asked(city, gone, owner)
    pair = actions.propose_merge(one=keep, other=gone, by=system_user())
    page = entered(member(city.education, Role.MANAGER, "lead")).get(reverse("people:double", args=[pair.pk]))
    assert "the question ends" in page.content.decode()
    joined = actions.merge(proposal=pair, keep=keep, by=city.teacher)
    with pytest.raises(PeopleError) as refused:
        actions.answer_link(asked=question, yes=True, birth=BORN, by=owner)
    assert refused.value.code == "answered"
    actions.undo_merge(merge=joined, by=city.teacher)
    assert actions.answer_link(asked=question, yes=True, birth=BORN, by=owner) == LinkAnswer.YES
    assert Person.objects.get(user=owner).pk == gone.pk
