"""Signing in: who gets in, how failures are counted, and that a session cannot be fixed, kept or led astray."""

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation
from tests.signing import PASSWORD, code_for, code_of_salt, make_user, run_jobs, sign_in_fully

from okat.city.accounts import actions, queries
from okat.city.accounts.models import totp_secret
from okat.city.core.models import AuditEntry
from okat.config import keeping

pytestmark = pytest.mark.django_db
SIGN_IN = "/accounts/sign-in/"


def sign_in(client: Client, login: str = "somchai", password: str = PASSWORD, **more: str) -> object:
    return client.post(SIGN_IN, {"login": login, "password": password, **more})


@pytest.mark.parametrize("typed", ["somchai", " SomChai ", "Somchai@Example.org", "081-234-5678", "๐๘๑๒๓๔๕๖๗๘"])
def test_a_name_an_address_or_a_telephone_number_opens_the_account(client: Client, typed: str) -> None:
    user = make_user(phone="0812345678")
    assert sign_in(client, typed).status_code == 302  # type: ignore[attr-defined]
    assert client.session["_auth_user_id"] == str(user.pk)
    assert AuditEntry.objects.filter(verb="accounts.sign_in", actor=user).exists()


def test_an_address_opens_the_account_that_confirmed_it_and_no_other(client: Client) -> None:
    make_user("a", email="office@example.org", confirmed=None)
    assert sign_in(client, "office@example.org").status_code == 200  # type: ignore[attr-defined]
    owner = make_user("b", email="office@example.org")
    make_user("c", email="office@example.org", confirmed=None)
    assert sign_in(client, "office@example.org").status_code == 302  # type: ignore[attr-defined]
    assert client.session["_auth_user_id"] == str(owner.pk)


@pytest.mark.parametrize("kind", ["wrong password", "nobody", "asleep", "system"])
def test_all_refusals_read_the_same(client: Client, kind: str) -> None:
    make_user(password=None if kind == "asleep" else PASSWORD)
    login = {"nobody": "nobody", "system": "system"}.get(kind, "somchai")
    page = sign_in(client, login, "wrong" if kind == "wrong password" else PASSWORD)
    assert page.status_code == 200  # type: ignore[attr-defined]
    assert "name or the password is not right" in client_text(client, page)
    assert "_auth_user_id" not in client.session


def client_text(client: Client, page: object) -> str:
    return str(page.context["form"].non_field_errors().as_text())  # type: ignore[attr-defined]


@pytest.fixture(autouse=True)
def _english(client: Client) -> None:
    client.cookies["okat_language"] = "en"


def test_six_wrong_passwords_pause_the_account_from_that_address(client: Client) -> None:
    make_user(phone="0812345678")
    for typed in ("somchai", "somchai@example.org", "081 234 5678", "SOMCHAI", "somchai"):
        assert sign_in(client, typed, "wrong").status_code == 200  # type: ignore[attr-defined]
    paused = sign_in(client, "somchai", "wrong")
    assert paused.status_code == 429  # type: ignore[attr-defined]
    assert b"15" in paused.content  # type: ignore[attr-defined]
    assert sign_in(client).status_code == 429  # type: ignore[attr-defined]  # even the right one
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert sign_in(elsewhere).status_code == 302  # type: ignore[attr-defined]


def test_a_success_forgets_the_failures(client: Client) -> None:
    make_user()
    for _ in range(2):
        for _ in range(5):
            sign_in(client, password="wrong")
        assert sign_in(client).status_code == 302  # type: ignore[attr-defined]


def test_many_addresses_cannot_try_one_account_for_ever() -> None:
    make_user()
    codes = [sign_in(Client(REMOTE_ADDR=f"203.0.113.{n}"), password="wrong").status_code for n in range(32)]  # type: ignore[attr-defined]
    assert codes[:30] == [200] * 30
    assert codes[30:] == [429, 429]


def test_the_session_key_changes_at_sign_in(client: Client) -> None:
    make_user()
    session = client.session
    session["planted"] = 1
    session.save()
    planted = session.session_key
    sign_in(client)
    assert client.session.session_key != planted


@pytest.mark.parametrize("wish", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"])
def test_nobody_is_led_to_another_site(client: Client, wish: str) -> None:
    make_user()
    assert sign_in(client, next=wish)["Location"] == "/"  # type: ignore[index]


def test_sign_in_goes_on_to_where_it_was_asked_for(client: Client) -> None:
    make_user()
    first = client.get(reverse("accounts:account"))
    assert first["Location"] == "/accounts/sign-in/?next=/accounts/"
    assert sign_in(client, next="/accounts/")["Location"] == "/accounts/"  # type: ignore[index]


def test_a_form_from_elsewhere_is_refused_with_a_page_in_words() -> None:
    careful = Client(enforce_csrf_checks=True)
    page = careful.post(SIGN_IN, {"login": "x", "password": "y"})
    assert page.status_code == 403
    assert "core/error_csrf.html" in [t.name for t in page.templates]


def test_signing_out_everywhere_ends_the_other_session(client: Client) -> None:
    make_user()
    other = Client()
    sign_in(other)
    sign_in(client)
    assert other.get("/accounts/").status_code == 200
    client.post(reverse("accounts:end-sessions"))
    assert other.get("/accounts/").status_code == 302
    assert client.get("/accounts/").status_code == 302


def test_a_given_password_must_be_changed_first(client: Client) -> None:
    make_user(must_change_password=True)
    sign_in(client)
    assert client.get("/accounts/")["Location"].startswith("/accounts/password/")
    weak = client.post("/accounts/password/", {"old": PASSWORD, "password": "somchai2026", "again": "somchai2026"})
    assert weak.status_code == 200
    fine = "สามล้อ-mango-42-ฝน"
    client.post("/accounts/password/", {"old": PASSWORD, "password": fine, "again": fine})
    assert client.get("/accounts/").status_code == 200
    assert sign_in(Client(), password=fine).status_code == 302  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short", "Too short"),
        ("123456789012345", "Only digits"),
        ("qwertyuiop123", "Too many people"),
        ("somchai@example.org", "Too close"),
    ],
)
def test_weak_passwords_are_refused_in_words(client: Client, password: str, words: str) -> None:
    make_user()
    sign_in(client)
    page = client.post("/accounts/password/", {"old": PASSWORD, "password": password, "again": password})
    with translation.override("en"):
        assert words in page.context["form"].errors.as_text()


def test_a_forgotten_password_is_replaced_by_a_link_that_works_once(client: Client) -> None:
    make_user()
    before = Client()
    sign_in(before)
    answers = {client.post("/accounts/forgotten/", {"login": who})["Location"] for who in ("somchai", "nobody")}
    assert answers == {"/accounts/forgotten/sent/"}
    assert run_jobs() == 1
    letter = mail.outbox[0]
    assert letter.to == ["somchai@example.org"]
    assert "สมชาย" not in letter.body  # no personal details
    link = next(line for line in letter.body.splitlines() if "/reset/" in line).removeprefix("http://127.0.0.1:8000")
    new = "กระติบ-lantern-ข้าวจี่"
    assert client.post(link, {"password": new, "again": new})["Location"] == SIGN_IN
    assert client.get(link).status_code == 410
    assert before.get("/accounts/").status_code == 302  # sessions from before are over
    assert sign_in(client, password=new).status_code == 302  # type: ignore[attr-defined]


@pytest.mark.parametrize("link", ["/accounts/reset/x/y/", "/accounts/reset/MQ/abc-def/"])
def test_made_up_links_are_over(client: Client, link: str) -> None:
    assert client.get(link).status_code == 410


def test_the_second_factor_is_set_up_asked_for_and_recovered(client: Client) -> None:
    user = make_user()
    sign_in(client)
    page = client.get("/accounts/second-factor/set-up/")
    assert b"<svg" in page.content
    assert b"style=" not in page.content
    salt = client.session["second_factor_salt"]
    assert client.post("/accounts/second-factor/set-up/", {"code": "000000"}).status_code == 200
    done = client.post("/accounts/second-factor/set-up/", {"code": code_of_salt(salt)})
    codes = done.context["codes"]
    assert len(set(codes)) == 10
    user.refresh_from_db()
    again = Client()
    sign_in(again)
    assert again.get("/accounts/")["Location"].startswith("/accounts/second-factor/")
    assert again.get("/accounts/password/")["Location"].startswith("/accounts/second-factor/")
    assert again.get("/accounts/second-factor/set-up/")["Location"].startswith("/accounts/second-factor/")
    key = again.session.session_key
    again.post("/accounts/second-factor/", {"code": codes[0].lower()})
    assert again.session.session_key != key
    assert again.get("/accounts/").status_code == 200
    third = Client()
    sign_in(third)
    assert third.post("/accounts/second-factor/", {"code": codes[0]}).status_code == 200  # used up


def test_one_code_of_the_app_counts_once_and_wrong_ones_must_wait(client: Client) -> None:
    user = make_user()
    actions.set_up_second_factor(user=user, salt=queries.new_totp_salt(), by=user)
    sign_in(client)
    code = code_for(user)
    assert client.post("/accounts/second-factor/", {"code": code}).status_code == 302
    other = Client()
    sign_in(other)
    assert other.post("/accounts/second-factor/", {"code": code}).status_code == 200
    # The right next code, but within the second that a failure costs.
    assert other.post("/accounts/second-factor/", {"code": code_for(user, step=1)}).status_code == 200


def test_no_secret_of_the_second_factor_lies_in_the_database() -> None:
    user = make_user()
    codes = actions.set_up_second_factor(user=user, salt=queries.new_totp_salt(), by=user)
    from django_otp.plugins.otp_static.models import StaticToken
    from django_otp.plugins.otp_totp.models import TOTPDevice

    assert not {t.token for t in StaticToken.objects.order_by("pk")} & {c.replace("-", "") for c in codes}
    plain = TOTPDevice.objects.get(user=user)
    assert plain.bin_key != totp_secret(plain.key)


def test_the_code_that_set_up_the_second_factor_counts_as_used(client: Client) -> None:
    user = make_user()
    sign_in(client)
    client.get("/accounts/second-factor/set-up/")
    code = code_of_salt(client.session["second_factor_salt"])
    assert client.post("/accounts/second-factor/set-up/", {"code": code}).context["codes"]
    other = Client()
    sign_in(other)
    assert other.post("/accounts/second-factor/", {"code": code}).status_code == 200
    assert other.get("/accounts/")["Location"].startswith("/accounts/second-factor/")
    assert queries.totp_of(user) is not None


def test_the_account_page_keeps_language_and_text_size(client: Client) -> None:
    user = make_user()
    sign_in_fully(client, user)
    wish = {"name": "ก", "language": "en", "text_size": "large"}
    done = client.post("/accounts/", wish)
    assert done.cookies["okat_text"].value == "large"
    user.refresh_from_db()
    assert (user.name, user.language) == ("ก", "en")


def test_the_ways_to_an_account_that_the_sign_in_page_names_are_there(client: Client) -> None:
    """An office invites (tests/partners/test_invitations.py); the city team makes one that works for nobody."""
    client.cookies["okat_language"] = "en"
    page = client.get("/accounts/sign-in/").content.decode()
    assert "is invited by it. For an account of your own ask the city team." in page
    said: list[str] = []
    keeping.add_user("malee", name="มาลี ใจดี", email="", partner="", role="", say=said.append)
    login, password = said[-1].splitlines()[:2]
    assert client.post(SIGN_IN, {"login": login, "password": password}).status_code == 302
    assert client.session["_auth_user_id"] == str(queries.user_called("malee").pk)  # type: ignore[union-attr]
