"""No count that strangers can fill keeps an owner out."""

import pytest
from django.core import mail
from django.test import Client
from tests.accounts.test_addresses import entered, letters
from tests.signing import PASSWORD, make_user

from okat.city.accounts.views import browsers
from okat.city.core.models import Letter

pytestmark = pytest.mark.django_db
MINE = "owner@example.org"
GIVE, AGAIN = "/accounts/address/email/", "/accounts/address/email/again/"


def sign_in(client: Client, login: str = "somchai", password: str = PASSWORD) -> int:
    return client.post("/accounts/sign-in/", {"login": login, "password": password}).status_code


def test_whoever_types_an_address_again_and_again_keeps_nobody_from_confirming_it() -> None:
    for number in range(4):
        thief = entered(make_user(f"thief{number}"))
        thief.post(GIVE, {"value": MINE})
        codes = [thief.post(AGAIN).status_code for _ in range(8)]
        assert codes[-1] == 429  # for all that, no letter after letter
    assert Letter.objects.filter(kind="accounts.confirm").count() <= 4 * 4 + 8
    owner = entered(make_user("owner", email=""))
    assert [owner.post(GIVE, {"value": MINE}).status_code, owner.post(AGAIN).status_code] == [302, 302]
    assert [MINE] in [letter.to for letter in letters()]


def test_one_connection_asks_for_no_flood_of_letters() -> None:
    codes = []
    for number in range(12):
        client = entered(make_user(f"many{number}"))
        codes += [client.post(GIVE, {"value": f"v{turn}-{number}@example.org"}).status_code for turn in range(4)]
    assert codes.count(302) == 40
    assert codes[40:] == [429] * 8


def test_guessing_from_everywhere_leaves_the_owners_browser_open() -> None:
    make_user()
    mine = Client(REMOTE_ADDR="198.51.100.7")
    assert sign_in(mine) == 302
    mine.post("/accounts/sign-out/")
    tries = [sign_in(Client(REMOTE_ADDR=f"203.0.113.{n}"), password="wrong") for n in range(35)]
    assert tries[30:] == [429] * 5
    assert sign_in(mine) == 302
    forged = Client(REMOTE_ADDR="203.0.113.99")
    forged.cookies[browsers.COOKIE] = "0" * 32
    assert sign_in(forged) == 429


def test_a_new_device_gets_in_by_the_letters_link_while_others_guess() -> None:
    make_user()
    for n in range(31):
        sign_in(Client(REMOTE_ADDR=f"203.0.113.{n}"), password="wrong")
    fresh = Client(REMOTE_ADDR="198.51.100.9")
    page = fresh.post("/accounts/sign-in/", {"login": "somchai", "password": PASSWORD, "lang": "en"})
    assert page.status_code == 429
    assert "/accounts/forgotten/" in page.content.decode()
    assert int(page["Retry-After"]) > 0
    fresh.post("/accounts/forgotten/", {"login": "somchai"})
    (letter,) = letters()
    link = next(line for line in str(letter.body).splitlines() if "/reset/" in line)
    path = link.strip().removeprefix("http://127.0.0.1:8000")
    password = "สามล้อ-mango-42-ฝน"
    assert fresh.post(path, {"password": password, "again": password}).status_code == 302
    assert sign_in(fresh, password=password) == 302


def test_a_few_letters_for_a_new_password_and_one_that_works_always() -> None:
    make_user()
    mail.outbox.clear()
    for n in range(10):
        Client(REMOTE_ADDR=f"203.0.113.{n}").post("/accounts/forgotten/", {"login": "somchai"})
    found = letters()
    assert len(found) == 3
    link = next(line for line in str(found[-1].body).splitlines() if "/reset/" in line)
    assert Client().get(link.strip().removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_neighbours_of_a_connection_do_not_fill_each_others_counts() -> None:
    """A village shares one address of the network: what is counted of somebody signed in is the account's."""
    thief, owner = entered(make_user("thief")), entered(make_user("owner", email=""))
    for _ in range(25):
        thief.post("/accounts/code/", {"code": "000000"})
    assert thief.post("/accounts/code/", {"code": "000000"}).status_code == 429
    assert owner.post("/accounts/code/", {"code": "000000"}).status_code != 429


def test_a_neighbour_at_the_same_connection_does_not_pause_the_owners_browser() -> None:
    make_user()
    mine, neighbour = Client(), Client()
    assert sign_in(mine) == 302
    mine.post("/accounts/sign-out/")
    assert [sign_in(neighbour, password="wrong") for _ in range(7)][-1] == 429
    assert sign_in(neighbour) == 429
    assert sign_in(mine) == 302


def test_the_owners_browser_is_no_place_to_guess_for_ever() -> None:
    make_user()
    mine = Client()
    sign_in(mine)
    codes = [sign_in(mine, password="wrong") for _ in range(14)]
    assert codes[-1] == 429
    assert sign_in(mine) == 429
