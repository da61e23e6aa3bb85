"""A slip with a code opens the own page once, without an account, and tells what became of it. Nobody who prints it
reads the code on a screen, no address carries it, and no stranger locks its owner out."""

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from tests.rounds.conftest import DRAWN, City
from tests.signing import make_user, sign_in_fully

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.core.models import AuditEntry
from okat.city.people import actions as people
from okat.city.people.models import CodeSlip, Person
from okat.city.people.queries import code_slips
from okat.city.people.rules import PeopleError
from okat.city.people.rules import Status as PersonStatus
from okat.city.people.rules.codes import ALPHABET, CODE_DAYS, OPEN_TIME, grouped, new_code, read_code
from okat.city.rounds import actions, queries
from okat.city.rounds.models import Application, Result
from okat.city.rounds.rules import Answer
from okat.thai.digits import to_thai

ENTER = "/people/code/"
CODE = re.compile(r"\b([0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3})\b")
START = DRAWN


class Printed:
    """Whoever got nothing in a round, and a worker of the school that pinned them."""

    def __init__(self, city: City) -> None:
        offers = city.offers({"capacity": 1})
        self.city, self.round = city, city.opened(offers)
        city.applied(self.round, dict.fromkeys(city.pin(2), offers))
        city.published(self.round)
        self.row = Result.objects.get(answer=Answer.WAITING).application
        assert self.row.person is not None
        self.person: Person = self.row.person
        self.worker = Client()
        sign_in_fully(self.worker, city.officer)

    def make(self) -> str:
        with clock.at(START):
            _slip, code = people.print_code_slip(
                person=self.person, page=queries.PAGE, about=self.row.pk, by=self.city.officer
            )
        return code


@pytest.fixture
def printed(city: City) -> Printed:
    return Printed(city)


def enter(client: Client, code: str, **more: str) -> object:
    with clock.at(START):
        return client.post(ENTER, {"code": code}, **more)  # type: ignore[arg-type]


def get(client: Client, url: str) -> tuple[int, str]:
    with clock.at(START):
        page = client.get(url)
    return page.status_code, page.content.decode()


def test_the_first_opening_shows_the_own_page_and_row_and_the_next_says_when_it_was(printed: Printed) -> None:
    code, helper = printed.make(), Client()
    answer = enter(helper, code)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/rounds/opened/")  # type: ignore[attr-defined]
    status, page = get(helper, "/rounds/opened/")
    assert status == 200
    own = Client()
    own.force_login(printed.city.account(printed.person, "me"), backend="okat.city.partners.queries.Accounts")
    _status, account = get(own, reverse("rounds:why", args=[printed.row.pk]))
    section = re.compile(r'<section class="card stack">\s*<h2>ทำไม.*?</section>', re.DOTALL)
    assert section.findall(page) == section.findall(account) != []
    _status, mine = get(own, reverse("rounds:row", args=[printed.row.pk]))
    assert get(helper, "/rounds/opened/row.json") == (200, mine)
    for other in (Client(), helper):  # used up for everybody, whoever has it
        text = enter(other, code).content.decode()  # type: ignore[attr-defined]
        assert "รหัสนี้เปิดไม่ได้แล้ว" in text
        assert "17 พ.ย. 2569" in text
        assert "ไม่มีใครเข้าระบบ" in text
        assert printed.person.full_name not in text
    assert get(Client(), "/rounds/opened/")[0] == 302
    assert get(Client(), "/rounds/opened/row.json")[0] == 302
    assert "17 พ.ย. 2569" in account  # the owner sees who printed it, and when it was opened
    assert "school" in account


def test_the_opened_page_writes_nothing_and_holds_no_way_to(printed: Printed) -> None:
    helper = Client()
    enter(helper, printed.make())
    _status, page = get(helper, "/rounds/opened/")
    posts = re.findall(r'<form[^>]*method="post"[^>]*action="([^"]+)"', page)
    assert "/people/code/close/" in posts
    assert not [url for url in posts if url.startswith("/rounds/")]
    with clock.at(START):
        refused = helper.post(reverse("rounds:answer", args=[printed.row.pk]), {"answer": "decline"})
    assert refused.headers["Location"].startswith("/accounts/sign-in/")


def test_no_screen_of_whoever_prints_shows_the_code_and_no_address_carries_it(printed: Printed) -> None:
    url = reverse("rounds:slip", args=[printed.row.pk])
    _status, before = get(printed.worker, url)
    with clock.at(START):
        paper = printed.worker.post(url, {"as": "paper"})
        page = printed.worker.post(url, {"as": "page"})
    assert paper.headers["Content-Type"] == "application/pdf"
    assert paper.headers["Content-Disposition"].startswith("attachment")
    assert paper.content[:5] == b"%PDF-"
    (code,) = set(CODE.findall(page.content.decode()))
    assert re.search(rf'class="only-print"[^>]*>.*{code}', page.content.decode(), re.DOTALL)
    assert [each.headers["Cache-Control"].count("no-store") for each in (paper, page)] == [1, 1]
    after = [get(printed.worker, address)[1] for address in (url, reverse("rounds:why", args=[printed.row.pk]))]
    for text in (before, *after):
        assert code not in text
        assert CODE.findall(text) == []
    kept = "".join(str(row) for row in (*CodeSlip.objects.values_list(), *AuditEntry.objects.values_list()))
    assert code not in kept
    assert code.replace("-", "") not in kept
    assert enter(Client(), code).headers["Location"] == "/rounds/opened/"  # type: ignore[attr-defined]
    with clock.at(START):
        assert Client().get(ENTER, {"code": code}).status_code == 200  # an address opens nothing
    assert CodeSlip.objects.filter(opened_at__isnull=False).count() == 1


def test_a_second_print_ends_the_first_and_what_it_opened(printed: Printed) -> None:
    first, helper = printed.make(), Client()
    enter(helper, first)
    second = printed.make()
    assert get(helper, "/rounds/opened/")[0] == 302
    text = enter(Client(), first).content.decode()  # type: ignore[attr-defined]
    assert "ใบล่าสุด" in text
    assert enter(Client(), second).headers["Location"] == "/rounds/opened/"  # type: ignore[attr-defined]
    assert AuditEntry.objects.filter(verb="people.print_code").count() == 2
    assert CodeSlip.objects.filter(ended_at=None).count() == 1


def test_a_code_as_people_write_it_is_read_and_a_wrong_letter_is_seen() -> None:
    code = next(c for c in (grouped("0123456789ABCDE" + last) for last in ALPHABET) if read_code(c))
    for typed in (
        code.lower(), code.replace("-", ""), code.replace("-", " – "), to_thai(code), code.replace("0", "O"),
        code.replace("1", "l"), code.replace("1", "i"), f"  {code}\n", code.replace("-", "\u200b"),
    ):  # fmt: skip
        assert read_code(typed) == code, typed
    for at, letter in enumerate(code):
        other = "2" if letter == "7" else "7"
        assert letter == "-" or read_code(code[:at] + other + code[at + 1 :]) == ""
    for odd in ("", "-", code[:-1], code + "2", "ก" * 16, "U" * 16, "\x00" * 16, "A" * 5000):
        assert read_code(odd) == ""
    made = {new_code() for _ in range(200)}
    assert len(made) == 200
    assert all(read_code(each) == each for each in made)


def test_strangers_are_slowed_down_and_lock_nobody_out(printed: Printed) -> None:
    code, stranger = printed.make(), Client()
    statuses = [enter(stranger, new_code()).status_code for _ in range(25)]  # type: ignore[attr-defined]
    assert statuses[:20] == [200] * 20
    assert statuses[20:] == [429] * 5
    elsewhere = enter(Client(), new_code(), REMOTE_ADDR="10.1.1.1")
    assert elsewhere.status_code == 200  # type: ignore[attr-defined]
    same_house = enter(Client(), code)  # the owner shares the connection with whoever tried
    assert same_house.headers["Location"] == "/rounds/opened/"  # type: ignore[attr-defined]
    used = [enter(Client(), code).status_code for _ in range(25)]  # type: ignore[attr-defined]
    assert used[:20] == [200] * 20
    assert set(used[20:]) == {429}


def test_an_opened_page_closes_by_itself_by_hand_and_for_another_account(printed: Printed) -> None:
    helper, other = Client(), Client()
    enter(helper, printed.make())
    with clock.at(START + OPEN_TIME):
        assert helper.get("/rounds/opened/").status_code == 302
    enter(other, printed.make())
    sign_in_fully(other, make_user("next-at-the-desk"))
    assert get(other, "/rounds/opened/")[0] == 302
    third = Client()
    enter(third, printed.make())
    third.post("/people/code/close/")
    assert get(third, "/rounds/opened/")[0] == 302


def parted(printed: Printed) -> str:
    """A code that was printed for a record while another was taken for the same human, of whose row it tells."""
    row, pinned = printed.row, printed.person
    with clock.at(START):
        (keep,) = (person for person in printed.city.pin(1))
        pair = people.propose_merge(one=pinned, other=keep, by=printed.city.officer)
        done = people.merge(proposal=pair, keep=keep, by=printed.city.system)
        printed.person = Person.objects.get(pk=keep.pk)
        code = printed.make()
        people.undo_merge(merge=done, by=printed.city.system)
    row.refresh_from_db()
    assert row.person_id == pinned.pk
    return code


@pytest.mark.parametrize("end", ["days", "finished", "died", "erased", "parted"])
def test_a_code_ends_with_its_days_the_round_and_the_record(printed: Printed, end: str) -> None:
    code, when = printed.make() if end != "parted" else parted(printed), START
    if end == "days":
        when = START + (CODE_DAYS + 1) * (OPEN_TIME * 48)
    elif end == "finished":
        type(printed.round).objects.filter(pk=printed.round.pk).update(status="finished")
    elif end == "died":
        with clock.at(START):
            people.set_status(person=printed.person, status=PersonStatus.DIED, by=printed.city.system)
    elif end == "erased":
        Application.objects.filter(pk=printed.row.pk).update(person=None)
    with clock.at(when):
        answer = Client().post(ENTER, {"code": code})
    assert answer.status_code == 200
    assert CodeSlip.objects.get().opened_at is None


def test_who_opens_it_signed_in_is_named(printed: Printed) -> None:
    code = printed.make()
    enter(printed.worker, code)
    assert CodeSlip.objects.get().opened_by == printed.city.officer
    entry = AuditEntry.objects.get(verb="people.open_code")
    assert entry.actor_id == printed.city.officer.pk
    assert "officer" in enter(Client(), code).content.decode()  # type: ignore[attr-defined]


def test_who_may_not_act_for_the_person_prints_nothing(printed: Printed) -> None:
    url = reverse("rounds:slip", args=[printed.row.pk])
    for user in (printed.city.second, printed.city.auditor, make_user("somebody")):
        client = Client()
        sign_in_fully(client, user)
        with clock.at(START):
            assert client.post(url, {"as": "paper"}).status_code in {403, 404}
        with pytest.raises(PeopleError), clock.at(START):
            people.print_code_slip(person=printed.person, page=queries.PAGE, about=printed.row.pk, by=user)
    printed.city.account(printed.person, "mine")
    with clock.at(START):
        assert printed.worker.post(url, {"as": "paper"}).status_code == 302  # the page opens in the account
    assert CodeSlip.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_of_two_who_open_at_once_one_gets_in(city: City) -> None:
    printed = Printed(city)
    code = printed.make()
    found = code_slips.code_slip_called(code)
    assert found is not None

    def go(by: User | None) -> bool:
        try:
            with clock.at(START):
                return people.open_code_slip(slip=found, by=by)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(go, [None] * 4)) == [False, False, False, True]


def test_a_decision_that_follows_is_what_the_page_shows(printed: Printed) -> None:
    helper = Client()
    enter(helper, printed.make())
    holder = Result.objects.get(answer=Answer.OFFERED).application
    with clock.at(START):
        actions.decline_place(application=holder, by=printed.city.system)
    status, page = get(helper, "/rounds/opened/")
    assert status == 200
    assert "ทอผ้า" in page
