"""A form whose session ended is there again after signing in; what takes only a form is never a page to go on to."""

import datetime as dt
from urllib.parse import parse_qs, urlsplit

import pytest
from django.http import HttpRequest
from django.test import Client
from django.urls import reverse
from tests import small_city
from tests.access.objects import makers
from tests.access.walk import addresses
from tests.signing import sign_in_fully
from tests.small_city import SmallCity

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.core import clock, form_again
from okat.city.core.filling import fill
from okat.city.core.methods import shows_page
from okat.city.core.models import KeptForm
from okat.city.core.pages import safe_next
from okat.city.core.tasks import forget_forms
from okat.city.partners.actions import add_member
from okat.city.partners.rules import Role

pytestmark = pytest.mark.django_db
PAGE = "/people/emergency/"
TYPED = {"find": "มาลี <b>", "note": "ใต้สะพาน & ตลาด", "reason": "life", "password": "secret-1"}


@pytest.fixture
def city() -> SmallCity:
    return small_city.build()


def test_what_takes_only_a_form_is_never_a_next(city: SmallCity) -> None:
    known, found, forms = makers(), [], 0
    for address in addresses():
        thing = known[address.name](city) if address.arguments else None
        url = reverse(address.name, kwargs=thing.arguments if thing else None)
        client, user = Client(), thing.owner if thing and thing.owner else city.users[Role.COORDINATOR]
        leads = client.post(url).headers.get("Location", "")
        if leads.startswith("/accounts/sign-in/"):
            next_page = url if shows_page(address.view) else "/"
            found += [url] if parse_qs(urlsplit(leads).query)["next"] != [next_page] else []
        sign_in_fully(client, user)
        status = client.get(url).status_code
        if status == 405 or (status == 200 and not shows_page(address.view)):
            forms += 1
            request = HttpRequest()
            request.META["HTTP_HOST"], request.GET["next"] = "testserver", url  # type: ignore[index]
            found += [url] if status == 200 or safe_next(request, "/") != "/" else []
    assert found == []
    assert forms > 20


def back_again(client: Client, user: User) -> str:
    sign_in_fully(client, user)
    return client.get(PAGE).content.decode()


@pytest.fixture
def ended(city: SmallCity) -> Client:
    """A browser in which the officer had signed in, and which sent a form after that session had ended."""
    client = Client()
    client.cookies[form_again.READER] = form_again.reader(city.users[Role.FIELD_WORKER])
    leads = client.post(PAGE, TYPED).headers["Location"]
    assert leads == f"/accounts/sign-in/?next={PAGE}"
    assert "ยังเก็บให้หนึ่งชั่วโมง" in client.get(leads).content.decode()
    return client


def test_the_form_is_there_once_for_the_same_reader_in_the_same_browser(ended: Client, city: SmallCity) -> None:
    row = KeptForm.objects.get()
    assert "ตลาด".encode() not in bytes(row.sealed)
    assert "data-form-again" not in back_again(Client(), city.users[Role.FIELD_WORKER])
    assert "data-form-again" not in back_again(ended, city.users[Role.MANAGER])  # who may not open the page
    add_member(partner=city.there, user=city.stranger, role=Role.FIELD_WORKER, by=system_user())
    assert "data-form-again" not in back_again(ended, city.stranger)  # who may, but wrote nothing
    page = back_again(ended, city.users[Role.FIELD_WORKER])
    assert "data-form-again" in page
    assert "มาลี &lt;b&gt;" in page
    assert "ใต้สะพาน &amp; ตลาด" in page
    assert "secret-1" not in page
    assert not KeptForm.objects.exists()
    assert "data-form-again" not in back_again(ended, city.users[Role.FIELD_WORKER])


def test_its_hour_ends(ended: Client, city: SmallCity) -> None:
    KeptForm.objects.update(until=clock.now() - dt.timedelta(seconds=1))
    assert "data-form-again" not in back_again(ended, city.users[Role.FIELD_WORKER])
    forget_forms()
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize(
    ("url", "sent", "headers"),
    [
        ("/accounts/password/", TYPED, {}),
        ("/accounts/second-factor/", TYPED, {}),
        (PAGE, {"note": "x" * (form_again.LONGEST + 1)}, {}),
        (PAGE, TYPED, {"HX-Request": "true"}),
        (PAGE, TYPED, {"Sec-Fetch-Mode": "cors"}),
    ],
)
def test_what_is_not_kept(url: str, sent: dict[str, str], headers: dict[str, str]) -> None:
    client = Client(headers=headers)
    client.cookies[form_again.READER] = "somebody"
    told = client.post(url, sent)
    assert told.status_code == 302
    assert not KeptForm.objects.exists()


@pytest.mark.parametrize("sent", [TYPED, {"note": "x" * (form_again.LONGEST + 1)}])
def test_what_is_not_kept_is_said_where_one_signs_in_again(city: SmallCity, sent: dict[str, str]) -> None:
    """A sign-out takes along who was here: on a shared telephone nobody finds what another wrote. It is not silent."""
    client, worker = Client(), city.users[Role.FIELD_WORKER]
    sign_in_fully(client, worker)
    client.post(reverse("accounts:sign-out"))
    client.cookies[form_again.READER] = "" if sent is TYPED else form_again.reader(worker)
    leads = client.post(PAGE, sent).headers["Location"]
    assert "ไม่ได้บันทึก" in client.get(leads).content.decode()
    assert not KeptForm.objects.exists()
    assert "data-form-again" not in back_again(client, worker)
    assert "ไม่ได้บันทึก" not in Client().get(leads).content.decode()


def test_fields_of_every_kind_are_filled() -> None:
    html = """<div id="messages"></div><form method="post"><input type="hidden" name="id" value="new">
<input name="a" value="old"><input name="a"><input type="checkbox" name="b" value="1" checked>
<input type="radio" name="c" value="x"><textarea name="d">old</textarea>
<select name="e"><option value="1" selected>1</option><option value="2">2
</option></select></form><form method="post" action="/other/"><input name="a"></form>"""
    typed = [("a", "one"), ("a", '"two"'), ("c", "x"), ("d", "</textarea>"), ("e", "2"), ("id", "old")]
    page = fill(html, page="/x/", action="/x/", typed=typed, note="!")
    assert page is not None
    for part in (
        '"messages">!', 'name="id" value="new"', 'name="a" value="one"', 'value="&quot;two&quot;"',
        '<input type="checkbox" name="b" value="1">', 'value="x" checked>', "&lt;/textarea&gt;</textarea>",
        '<option value="1">', '<option value="2" selected>', '<input name="a"></form>',
    ):  # fmt: skip
        assert part in page
    assert fill(html, page="/x/", action="/gone/", typed=typed, note="!") is None
