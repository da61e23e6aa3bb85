"""LINE: joined by a code that only its owner saw, believed only with LINE's signature, and lost when it is blocked."""

import base64
import datetime as dt
import hmac
import inspect
import re
from collections.abc import Iterator

import pytest
from django.core.files.base import ContentFile
from django.test import Client, override_settings
from tests.access.walk import addresses
from tests.post_office import opened
from tests.signing import PASSWORD, make_user

from okat.city.accounts import actions, queries
from okat.city.accounts.models import Address, User
from okat.city.accounts.rules import Channel
from okat.city.core import clock
from okat.city.core.outbox import sending
from okat.config.standin import PostOffice, line_event

pytestmark = pytest.mark.django_db
WEBHOOK, HERS, HIS = "/accounts/line/webhook/", "U" + "1a" * 16, "U" + "2b" * 16


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with opened() as found:
        yield found


def hear(office: PostOffice, kind: str, who: str, text: str = "", signature: str | None = None) -> int:
    body, right = office.webhook(line_event(kind, who, text))
    signed = right if signature is None else signature
    answer = Client().post(WEBHOOK, body, content_type="application/json", headers={"X-Line-Signature": signed})
    return answer.status_code


def line_of(user: User) -> str | None:
    return queries.reachable([user])[user.pk].get(Channel.LINE)


def test_a_code_joins_the_one_who_sends_it_once(office: PostOffice) -> None:
    user = make_user()
    code = actions.ask_line(user=user, by=user)
    assert code not in str(list(Address.objects.values()))
    assert line_of(user) is None
    assert hear(office, "message", HERS, "สวัสดี") == 200
    assert hear(office, "message", HERS, f" {code.lower()} ") == 200
    assert line_of(user) == HERS
    sending.send_due()
    assert [to for to, _text in office.line] == [HERS]
    hear(office, "message", HIS, code)  # once
    assert line_of(user) == HERS


def test_the_page_asks_again_and_shows_the_code(office: PostOffice, client: Client) -> None:
    user = make_user()
    client.force_login(user, backend="okat.city.partners.queries.Accounts")
    assert client.get("/accounts/line/").status_code == 200
    assert not Address.objects.filter(channel="line").exists()
    page = client.post("/accounts/line/", {"proof": PASSWORD}).content.decode()
    code = re.search(r"[2-9A-Z]{3}(-[2-9A-Z]{3}){2}", page)
    assert code is not None
    hear(office, "message", HERS, code[0])
    assert line_of(user) == HERS


@pytest.mark.parametrize("signature", ["", "x", "AAAA", "ก"])
def test_only_line_is_believed(office: PostOffice, signature: str) -> None:
    user = make_user()
    code = actions.ask_line(user=user, by=user)
    assert hear(office, "message", HERS, code, signature) == 403
    assert line_of(user) is None
    with override_settings(LINE_SECRET=""):
        assert hear(office, "message", HERS, code) == 404


def test_a_code_that_is_too_old_or_of_a_line_that_is_taken_joins_nobody(office: PostOffice) -> None:
    one, other = make_user("one"), make_user("other")
    hear(office, "message", HERS, actions.ask_line(user=one, by=one))
    hear(office, "message", HERS, actions.ask_line(user=other, by=other))
    assert (line_of(one), line_of(other)) == (HERS, None)
    code = actions.ask_line(user=other, by=other)
    with clock.at(clock.now() + dt.timedelta(minutes=16)):
        hear(office, "message", HIS, code)
    assert line_of(other) is None


def test_who_blocks_the_account_is_reached_otherwise(office: PostOffice) -> None:
    user = make_user()
    hear(office, "message", HERS, actions.ask_line(user=user, by=user))
    assert hear(office, "unfollow", HERS) == 200
    assert line_of(user) is None


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"events": 1}', b'{"events": [1, {"source": 3}, {"source": {}}]}']
)
def test_what_cannot_be_understood_is_passed_over(office: PostOffice, body: bytes) -> None:
    import base64
    import hmac

    signed = base64.b64encode(hmac.digest(office.line_secret.encode(), body, "sha256")).decode()
    answer = Client().post(WEBHOOK, body, content_type="application/json", headers={"X-Line-Signature": signed})
    assert answer.status_code == 200


@pytest.mark.parametrize("content", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded", "", "x/y"])
def test_a_call_of_any_shape_is_answered(office: PostOffice, content: str) -> None:
    body, right = office.webhook(line_event("message", HERS, "x"))
    deep = b"[" * 100_000
    for sent, signed, status in (
        (body, right, 200), (body, "", 403), (body, "é" * 9, 403), (b"--x\r\n\r\nnot a form\xff\x00", right, 403),
        (deep, base64.b64encode(hmac.digest(office.line_secret.encode(), deep, "sha256")).decode(), 200),
    ):  # fmt: skip
        answer = Client().generic("POST", WEBHOOK, sent, content_type=content, headers={"X-Line-Signature": signed})
        assert answer.status_code == status
    form = Client().post(WEBHOOK, {"events": "x", "file": ContentFile(b"x", "x.txt")})
    assert form.status_code == 403


def readers_of_bodies() -> list[str]:
    """Views whose code reads what was sent as it came."""
    return [
        address.name for address in addresses()
        if re.search(r"request\.(body|read)\b", inspect.getsource(inspect.unwrap(address.view)))
    ]  # fmt: skip


def test_every_view_that_reads_a_body_is_marked() -> None:
    found = readers_of_bodies()
    assert "accounts:line-webhook" in found
    for address in addresses():
        assert getattr(address.view, "okat_raw_body", False) is (address.name in found), address.name
