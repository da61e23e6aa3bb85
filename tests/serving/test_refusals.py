"""What is refused says so in the reader's language, or as JSON where a program asks; HEAD works where GET does."""

from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path, reverse
from tests.access.walk import addresses

from okat.city.core import pages
from okat.city.core.access import public
from okat.config.urls import urlpatterns as ours

pytestmark = pytest.mark.django_db


@public
def planted(request: HttpRequest, what: str) -> HttpResponse:
    with connection.cursor() as cursor, transaction.atomic():
        if what == "slow":
            cursor.execute("set local statement_timeout = 20")
            cursor.execute("select pg_sleep(5)")
        elif what == "hidden":
            try:
                cursor.execute(
                    "select pg_terminate_backend(pg_backend_pid())" if request.GET.get("really") else "select 1/0"
                )
            except Exception as error:
                raise OperationalError("the connection is gone") from error
        elif what == "number":
            cursor.execute("select %s::int", [10**12])
    raise KeyError("a fault of ours")


urlpatterns = [*ours, path("planted/<str:what>/", planted)]
handler500 = pages.server_error
handler400 = pages.bad_request


@pytest.fixture
def calm() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize(
    ("what", "status", "thai", "english"),
    [
        ("slow", 503, "ใช้เวลานานเกินไป", "takes too long"),
        ("hidden", 503, "เปิดข้อมูลไม่ได้ชั่วคราว", "cannot be reached"),
        ("number", 400, "อ่านสิ่งที่ส่งมาไม่ได้", "could not read"),
        ("fault", 500, "ไม่ใช่ความผิดของคุณ", "not your fault"),
    ],
)
def test_each_kind_of_failure_has_its_page(calm: Client, what: str, status: int, thai: str, english: str) -> None:
    with override_settings(ROOT_URLCONF=__name__):
        page, other = calm.get(f"/planted/{what}/"), calm.get(f"/planted/{what}/", {"lang": "en"})
        machine = calm.get(f"/planted/{what}/", headers={"accept": "application/json"})
    assert (page.status_code, other.status_code, machine.status_code) == (status,) * 3
    assert thai in page.content.decode()
    assert english in other.content.decode()
    assert machine.json()["status"] == status
    assert machine.json()["error"]["th"]
    assert ("Retry-After" in page.headers) == (status == 503)


@pytest.mark.parametrize(
    "unreadable",
    [
        lambda c: c.get("/catalogue/?subject=%00"),
        lambda c: c.get("/catalogue/%00/"),
        lambda c: c.get("/static/%00"),
        lambda c: c.get("/catalogue/", {"q": "x" * 9000}),
        lambda c: c.post("/language/", {"language": "th\0"}),
        lambda c: c.post("/language/", "a=1", content_type="multipart/form-data; boundary="),
        lambda c: c.get("/", headers={"cookie": f'{c.cookies.output(header="", attrs=[])}; okat_text="a\\000b"'}),
        lambda c: c.post("/language/", {f"n{n}": "1" for n in range(2500)}),
    ],
)
def test_what_cannot_be_read_is_refused_in_the_readers_language(unreadable: Any) -> None:
    for language, word in (("th", "อ่านสิ่งที่ส่งมาไม่ได้"), ("en", "We could not read what was sent")):
        client = Client()
        client.cookies["okat_language"] = language
        page = unreadable(client)
        assert page.status_code == 400
        assert word in page.content.decode()
        assert "default-src 'self'" in page.headers["Content-Security-Policy"]


@pytest.mark.parametrize("method", ["FOO", "PUT", "PATCH", "DELETE", "TRACE"])
def test_a_method_that_no_page_knows_is_told_which_are(client: Client, method: str) -> None:
    for address in addresses():
        if not address.arguments:
            page = client.generic(method, reverse(address.name))
            assert page.status_code == 405, address.name
            assert "POST" in page.headers["Allow"]
    assert "ที่อยู่นี้ไม่มีหน้า" in page.content.decode()


def test_head_answers_as_get_does_without_a_body(client: Client) -> None:
    seen = 0
    for address in addresses():
        if address.arguments:
            continue
        url = reverse(address.name)
        asked, got = client.head(url), client.get(url)
        assert asked.status_code == got.status_code, address.name
        assert asked.content == b""
        if got.status_code == 200:
            seen += 1
            assert asked.headers["Content-Type"] == got.headers["Content-Type"]
    assert seen > 30


def test_an_address_for_forms_alone_says_so(client: Client) -> None:
    page = client.get("/text-size/")
    assert page.status_code == 405
    assert page.headers["Allow"] == "POST"
    assert "ที่อยู่นี้มีไว้รับแบบฟอร์ม" in page.content.decode()
    machine = client.get("/text-size/", headers={"accept": "application/json"})
    assert machine.json()["status"] == 405
    assert machine.headers["Allow"] == "POST"
    assert client.get("/nowhere/", headers={"accept": "application/json"}).json()["status"] == 404
