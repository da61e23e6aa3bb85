"""An address counts once its owner confirmed it; until then nothing is gained, and nobody hindered, by typing it."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.db import IntegrityError, connection, transaction
from django.test import Client
from hypothesis import given
from hypothesis import settings as rules
from hypothesis import strategies as st
from tests.signing import PASSWORD, make_user, run_jobs, sign_in_fully

from okat.city.accounts import actions, queries
from okat.city.accounts.models import Address, User
from okat.city.accounts.rules import Channel, How, is_address, normal_address, normal_login
from okat.city.core import clock
from okat.city.core.models import Letter
from okat.city.notices.models import Notice

PUZZLING = "a@.ไทยำ่้ํเ\u200b\u00ad-XN0123 8Aßﬁİ＠"


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("Somchai@ไทย.ไทย", "somchai@xn--o3cw4h.xn--o3cw4h"),
        ("somchai@XN--O3CW4H.xn--o3cw4h.", "somchai@xn--o3cw4h.xn--o3cw4h"),
        ("ｓｏｍｃｈａｉ＠Example。com", "somchai@example.com"),
        ("som\u200bchai\u2060@exam\u00adple.com\u200f", "somchai@example.com"),
        ("som\x00chai", "somchai"),
        ("Office\ufe0f ", "office"),
        ("นํ้า", "น้ำ"),
        ("+66 81-234-5678", "0812345678"),
        ("๐๘๑๒๓๔๕๖๗๘", "0812345678"),
        ("1300", "1300"),
    ],
)
def test_one_spelling(typed: str, stored: str) -> None:
    assert normal_login(typed) == stored


@rules(deadline=None, max_examples=500)
@given(st.text(alphabet=st.characters(), max_size=12) | st.text(alphabet=PUZZLING, max_size=12))
def test_the_spelling_is_settled(text: str) -> None:
    once = normal_login(text)
    assert normal_login(once) == once


@pytest.mark.parametrize(
    ("channel", "typed"),
    [
        (Channel.EMAIL, "nobody"), (Channel.EMAIL, "@example.org"), (Channel.EMAIL, "a@b"), (Channel.EMAIL, "a b@c.d"),
        (Channel.SMS, "1300"), (Channel.SMS, "02-123-4567 ต่อ 12"), (Channel.SMS, "somchai"), (Channel.LINE, ""),
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(channel: Channel, typed: str) -> None:
    with pytest.raises(ValueError, match="not a"):
        normal_address(channel, typed)


@pytest.mark.parametrize(
    ("login", "answer"),
    [("x@y.example", True), ("0812345678", True), ("043123456", True), ("1300", False), ("a", False)],
)
def test_which_logins_are_addresses(login: str, answer: bool) -> None:
    assert is_address(login) is answer


@pytest.mark.django_db
def test_who_is_reached_where() -> None:
    known, typed = make_user("known", phone="081-234-5678"), make_user("typed", confirmed=None)
    assert queries.reachable([known]) == {known.pk: {Channel.EMAIL: "known@example.org", Channel.SMS: "0812345678"}}
    assert queries.reachable([known, typed])[typed.pk] == {}
    assert queries.reachable([]) == {}


@pytest.mark.django_db
def test_a_new_address_takes_the_place_of_the_old_one_when_it_is_confirmed() -> None:
    user = make_user()
    wish = actions.give_address(user=user, channel=Channel.EMAIL, value="New@Example.org", by=user)
    assert queries.reachable([user])[user.pk] == {Channel.EMAIL: "somchai@example.org"}
    actions.confirm_address(address=wish, how=How.LINK, by=user)
    assert queries.reachable([user])[user.pk] == {Channel.EMAIL: "new@example.org"}
    assert queries.user_called("somchai@example.org") is None
    assert queries.user_called("NEW@example.org") == user


@pytest.mark.django_db
def test_typing_an_address_first_gains_nothing_and_hinders_nobody() -> None:
    thief = make_user("thief", email="owner@example.org", confirmed=None)
    assert queries.user_called("owner@example.org") is None
    owner = make_user("owner")
    assert queries.user_called("owner@example.org") == owner
    with pytest.raises(actions.AddressTakenError):
        actions.confirm_address(address=thief.addresses.get(), how=How.LINK, by=thief)
    assert queries.user_called("owner@example.org") == owner


@pytest.mark.django_db
def test_the_database_refuses_a_second_owner() -> None:
    first, second = make_user("first"), make_user("second")
    taken = first.addresses.get()
    with pytest.raises(IntegrityError, match="address_of_one"), transaction.atomic():
        Address.objects.filter(user=second).update(value=taken.value)


def entered(user: User) -> Client:
    client = Client()
    sign_in_fully(client, user)
    client.cookies["okat_language"] = "en"
    return client


def letters() -> list[EmailMessage]:
    mail.outbox.clear()
    run_jobs()
    return list(mail.outbox)


def link_in(letter: EmailMessage) -> str:
    found = next(line for line in str(letter.body).splitlines() if "/confirm/" in line)
    return found.removeprefix("http://127.0.0.1:8000")


@pytest.mark.django_db
def test_an_address_is_confirmed_by_the_link_that_went_there_and_the_old_one_is_told() -> None:
    user = make_user()
    client = entered(user)
    assert client.post("/accounts/address/email/", {"value": "New\u200b@ไทย.ไทย"}).status_code == 302
    asked, told = letters()
    assert (asked.to, told.to) == (["new@xn--o3cw4h.xn--o3cw4h"], ["somchai@example.org"])
    assert "สมชาย" not in str(asked.body) + str(told.body)
    link = link_in(asked)
    assert client.get(link).status_code == 200  # a machine that looks at links confirms nothing
    assert queries.reachable([user])[user.pk] == {Channel.EMAIL: "somchai@example.org"}
    assert client.post(link).status_code == 302
    assert queries.reachable([user])[user.pk] == {Channel.EMAIL: "new@xn--o3cw4h.xn--o3cw4h"}
    (told,) = letters()
    assert told.to == ["somchai@example.org"]
    kinds = list(Notice.objects.filter(user=user).order_by("pk").values_list("kind", flat=True))
    assert kinds == ["account.email_asked", "account.email"]


@pytest.mark.django_db
def test_a_stranger_who_gets_the_letter_confirms_nothing_for_another_account() -> None:
    thief, owner = make_user("thief"), make_user("owner")
    thieves = entered(thief)
    thieves.post("/accounts/address/email/", {"value": "victim@example.org"})
    link = link_in(letters()[0])
    assert entered(owner).post(link).status_code == 404
    assert Client().post(link)["Location"].startswith("/accounts/sign-in/")
    assert queries.owner_of("victim@example.org") is None


@pytest.mark.django_db
def test_a_link_is_over_when_another_address_was_given() -> None:
    user = make_user()
    client = entered(user)
    client.post("/accounts/address/email/", {"value": "first@example.org"})
    old = link_in(letters()[0])
    client.post("/accounts/address/email/", {"value": "second@example.org"})
    assert client.post(old).status_code == 410
    with clock.at(clock.now() + dt.timedelta(days=4)):
        assert queries.reachable([user])[user.pk] == {Channel.EMAIL: "somchai@example.org"}


@pytest.mark.django_db
def test_two_accounts_with_one_address_hinder_nobody(client: Client) -> None:
    """Whoever types the auditor's address cannot keep the auditor from signing in or from a new password."""
    auditor = make_user("auditor")
    entered(make_user("thief")).post("/accounts/address/email/", {"value": "AUDITOR@example.org"})
    done = client.post("/accounts/sign-in/", {"login": "auditor@example.org", "password": PASSWORD})
    assert done.status_code == 302
    assert client.session["_auth_user_id"] == str(auditor.pk)
    letters()
    Client().post("/accounts/forgotten/", {"login": "auditor@example.org"})
    assert [letter.to for letter in letters()] == [["auditor@example.org"]]


@pytest.mark.django_db
def test_the_second_to_confirm_one_address_is_told_in_plain_words() -> None:
    first, second = make_user("first"), make_user("second")
    links = []
    for user in (first, second):
        entered(user).post("/accounts/address/email/", {"value": "shared@example.org"})
        links.append(link_in(letters()[0]))
    assert entered(first).post(links[0]).status_code == 302
    page = entered(second).post(links[1])
    assert page.status_code == 409
    assert "Another account has this address" in page.content.decode()
    assert queries.reachable([second])[second.pk] == {Channel.EMAIL: "second@example.org"}  # the old one still counts


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_at_the_same_moment_one_wins() -> None:
    rows = [
        actions.give_address(
            user=make_user(name, email=""), channel=Channel.EMAIL, value="x@example.org", by=None, ask=False
        )
        for name in ("a", "b")
    ]
    start, outcomes = threading.Barrier(2), []

    def confirm(row: Address) -> None:
        try:
            start.wait()
            actions.confirm_address(address=row, how=How.LINK, by=row.user)
            outcomes.append("mine")
        except actions.AddressTakenError:
            outcomes.append("taken")
        finally:
            connection.close()

    threads = [threading.Thread(target=confirm, args=[row]) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["mine", "taken"]
    assert Address.objects.filter(confirmed_at__isnull=False).count() == 1


@pytest.fixture
def sms(settings: Any) -> None:
    settings.SMS_URL = "http://127.0.0.1:9/sms"


@pytest.mark.django_db
@pytest.mark.usefixtures("sms")
def test_a_telephone_is_confirmed_by_six_digits_with_few_tries() -> None:
    user = make_user()
    client = entered(user)
    assert client.post("/accounts/address/sms/", {"value": "๐๘๑-๒๓๔-๕๖๗๘"})["Location"] == "/accounts/code/"
    letter = Letter.objects.get(kind="accounts.confirm")
    code = letter.secret["code"]
    assert len(code) == 6
    assert code not in str(Address.objects.filter(user=user).values())
    wrong = "000000" if code != "000000" else "111111"
    for _ in range(4):
        assert client.post("/accounts/code/", {"code": wrong}).status_code == 200
    assert client.post("/accounts/code/", {"code": f"{code[:3]} {code[3:]}"}).status_code == 302
    assert queries.user_called("+66 81 234 5678") == user


@pytest.mark.django_db
@pytest.mark.usefixtures("sms")
def test_wrong_digits_count_over_all_codes_of_a_day() -> None:
    user = make_user()
    client = entered(user)
    client.post("/accounts/address/sms/", {"value": "0812345678"})
    waiting = queries.waiting(user, Channel.SMS)
    assert waiting is not None
    for _code in range(2):
        for _guess in range(5):
            assert not actions.confirm_by_code(address=waiting, code="wrong", by=user)
        client.post("/accounts/address/sms/again/")
    code = Letter.objects.filter(kind="accounts.confirm").order_by("-pk")[0].secret["code"]
    assert not actions.confirm_by_code(address=waiting, code=code, by=user)
    with clock.at(clock.now() + dt.timedelta(days=1)):
        actions.ask_owner(address=waiting, by=user)
        code = Letter.objects.filter(kind="accounts.confirm").order_by("-pk")[0].secret["code"]
        assert actions.confirm_by_code(address=waiting, code=code, by=user)


@pytest.mark.django_db
@pytest.mark.usefixtures("sms")
@pytest.mark.parametrize("why", ["six wrong ones", "too late", "a newer one"])
def test_a_code_that_is_over(why: str) -> None:
    user = make_user()
    client = entered(user)
    client.post("/accounts/address/sms/", {"value": "0812345678"})
    code = Letter.objects.get(kind="accounts.confirm").secret["code"]
    wrong = "000000" if code != "000000" else "111111"
    when = clock.now()
    if why == "six wrong ones":
        for _ in range(5):
            client.post("/accounts/code/", {"code": wrong})
    elif why == "too late":
        when += dt.timedelta(minutes=16)
    else:
        while queries.waiting(user, Channel.SMS).proof == queries.code_hash(user.addresses.get(channel="sms"), code):  # type: ignore[union-attr]
            client.post("/accounts/address/sms/again/")
    with clock.at(when):
        assert client.post("/accounts/code/", {"code": code}).status_code == 200
    assert Channel.SMS not in queries.reachable([user])[user.pk]


@pytest.mark.django_db
def test_nobody_is_sent_letter_after_letter() -> None:
    client = entered(make_user())
    client.post("/accounts/address/email/", {"value": "victim@example.org"})
    codes = [client.post("/accounts/address/email/again/").status_code for _ in range(7)]
    assert codes == [302] * 5 + [429] * 2


@pytest.mark.django_db
def test_an_address_that_is_taken_away_no_longer_counts_and_is_told() -> None:
    user = make_user()
    assert entered(user).post("/accounts/address/email/drop/", {"sure": "1"}).status_code == 302
    assert queries.user_called("somchai@example.org") is None
    assert [letter.to for letter in letters()] == [["somchai@example.org"]]


@pytest.mark.django_db
def test_a_link_for_a_new_password_dies_with_the_address_that_it_went_to() -> None:
    user = make_user()
    uid, token = queries.reset_parts(user)
    assert queries.user_of_reset(uid, token) == user
    wish = actions.give_address(user=user, channel=Channel.EMAIL, value="new@example.org", by=user)
    actions.confirm_address(address=wish, how=How.LINK, by=user)
    assert queries.user_of_reset(uid, token) is None


@pytest.mark.django_db
@pytest.mark.parametrize("login", ["victim@example.org", "081-234-5678"])
def test_nobody_registers_somebody_elses_address_as_a_login(login: str) -> None:
    with pytest.raises(actions.LoginUnprovenError):
        make_user(login, email="other@example.org")
    with pytest.raises(actions.LoginUnprovenError):
        make_user(login, email=login if "@" in login else "", phone="" if "@" in login else login, confirmed=None)


@pytest.mark.django_db
def test_twins_of_a_login_are_one_login() -> None:
    make_user("somchai")
    for twin in ("som\u200bchai", "ＳＯＭＣＨＡＩ", " somchai\u2060"):
        with pytest.raises(actions.LoginTakenError):
            make_user(twin, email="")
    assert queries.user_called("somchai\u200b") is not None
    thai = make_user("kru", email="kru@ไทย.ไทย")
    assert queries.user_called("KRU@xn--o3cw4h.xn--o3cw4h") == thai


@pytest.mark.django_db
@pytest.mark.parametrize("way", [Channel.SMS, Channel.EMAIL])
def test_nothing_is_said_to_be_on_its_way_that_this_city_cannot_send(way: Channel, settings: Any) -> None:
    settings.SMS_URL = settings.EMAIL_HOST = ""
    user = make_user()
    client = entered(user)
    value = {Channel.SMS: "0812345678", Channel.EMAIL: "new@example.org"}[way]
    cannot = {Channel.SMS: "This city sends no SMS", Channel.EMAIL: "This city sends no e-mail yet"}[way]
    page = f"/accounts/address/{way.value}/"
    assert cannot in client.get(page).content.decode()
    assert cannot in client.get("/accounts/").content.decode()
    answer = client.post(page, {"value": value}, follow=True)
    said = answer.content.decode()
    assert "on its way" not in said
    assert "on their way" not in said
    assert "six digits that came" not in said
    assert not Letter.objects.filter(kind="accounts.confirm").exists()
    assert client.post(f"{page}again/").status_code == 404
    if way is Channel.SMS:  # an officer rings it
        assert cannot in said
        assert queries.waiting(user, way) is not None
        assert "Type the code" not in client.get("/accounts/").content.decode()
    else:  # nobody could confirm it
        assert answer.status_code == 404
        assert queries.waiting(user, way) is None


@pytest.mark.django_db
def test_no_link_for_a_new_password_is_promised_where_no_mail_goes(settings: Any) -> None:
    settings.EMAIL_HOST = ""
    make_user()
    client = Client()
    client.cookies["okat_language"] = "en"
    page = client.get("/accounts/forgotten/").content.decode()
    assert "This city sends no e-mail yet" in page
    assert "We send a link" not in page
    assert Client().post("/accounts/forgotten/", {"login": "somchai"}).status_code == 404
    assert not Letter.objects.exists()
