"""Each channel against a server of its protocol on this machine: what it says, and what we make of its answers."""

import datetime as dt
from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.test import override_settings
from tests.post_office import opened

from okat.city.core.outbox import Words
from okat.city.core.outbox.channels import CHANNELS
from okat.city.core.outbox.channels.shape import DownError, LaterError, NotSentError, Receipt, RefusedError
from okat.city.core.outbox.channels.sms import parts_of
from okat.config.standin import PostOffice, Reply

READER = {"line": "U" + "1a" * 16, "sms": "0812345678", "email": "a@example.org"}
WORDS = Words("มีข้อความใหม่", "เข้าสู่ระบบเพื่ออ่าน", "โอกาส: มีข้อความใหม่", "https://okat.example/notices/")


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with opened() as found:
        yield found


def send(name: str, words: Words = WORDS, to: str = "", key: object = None) -> Receipt:
    return CHANNELS[name].send(key=key or uuid4(), address=to or READER[name], words=words, language="th")  # type: ignore[arg-type]


def test_a_push_of_line(office: PostOffice) -> None:
    receipt = send("line")
    assert office.line == [(READER["line"], "โอกาส: มีข้อความใหม่ https://okat.example/notices/")]
    assert receipt.cost == 12
    assert receipt.name.isdecimal()


def test_a_second_push_under_the_same_key_reaches_nobody_and_counts_as_sent(office: PostOffice) -> None:
    key = uuid4()
    send("line", key=key)
    again = send("line", key=key)
    assert len(office.line) == 1
    assert again.name == office.line_keys[str(key)]


def test_who_blocked_the_account_is_no_error_to_line(office: PostOffice) -> None:
    office.blocked.add(READER["line"])
    assert send("line").cost == 12
    assert office.line == []


def test_an_sms_goes_abroad_as_the_world_dials_it(office: PostOffice) -> None:
    receipt = send("sms")
    assert office.sms == [("66812345678", "โอกาส: มีข้อความใหม่ https://okat.example/notices/")]
    assert receipt.cost == 35
    long = Words("", "", "ก" * 500, "https://okat.example/notices/")
    assert send("sms", long).cost == 35 * 4
    assert office.sms[-1][1].endswith("… https://okat.example/notices/")
    assert len(office.sms[-1][1]) == CHANNELS["sms"].longest


@pytest.mark.parametrize(
    ("text", "parts"), [("a" * 160, 1), ("a" * 161, 2), ("ก" * 70, 1), ("ก" * 71, 2), ("ก" * 135, 3)]
)
def test_how_many_messages_an_sms_counts_as(text: str, parts: int) -> None:
    assert parts_of(text) == parts


LIMIT = {"message": "You have reached your monthly limit."}


@pytest.mark.parametrize(
    ("name", "reply", "kind", "code"),
    [
        (
            "line",
            (429, {}, {"message": "The API rate limit has been exceeded. Try again later."}),
            LaterError,
            "http_429",
        ),
        ("line", (429, {}, LIMIT), DownError, "quota"),
        ("line", (500, {}, {"message": "The API server is under maintenance"}), LaterError, "http_500"),
        ("line", (401, {}, {"message": "Authentication failed"}), DownError, "sign_in"),
        ("line", (403, {}, {"message": "Not authorized"}), DownError, "sign_in"),
        ("line", (400, {}, {"message": "Failed to send messages"}), RefusedError, "http_400"),
        ("sms", (429, {}, {}), LaterError, "http_429"),
        ("sms", (500, {}, {}), LaterError, "http_500"),
        ("sms", (401, {}, {"error": {"code": 401, "name": "ERROR_UNAUTHORIZED"}}), DownError, "sign_in"),
        ("sms", (400, {}, {"error": {"code": 110, "name": "ERROR_INSUFFICIENT_CREDIT"}}), DownError, "credit"),
        ("sms", (400, {}, {"error": {"code": 105, "name": "ERROR_MSISDN"}}), RefusedError, "bad_number"),
        ("sms", (400, {}, {"error": {"code": 109, "name": "ERROR_SENDER"}}), DownError, "http_400"),
        ("sms", (200, {}, {"error": {"code": 500, "name": "ERROR"}}), DownError, "http_200"),
    ],
)
def test_what_is_made_of_a_refusal(
    office: PostOffice, name: str, reply: Reply, kind: type[NotSentError], code: str
) -> None:
    office.faults.append(reply)
    with pytest.raises(kind) as found:
        send(name)
    assert type(found.value) is kind
    assert found.value.code == code
    assert send(name)  # the next one goes


def test_how_long_to_wait_is_heeded(office: PostOffice) -> None:
    office.faults.append((429, {"Retry-After": "120"}, {}))
    with pytest.raises(LaterError) as found:
        send("line")
    assert found.value.after == dt.timedelta(minutes=2)


def test_a_number_that_is_none_is_refused_for_good(office: PostOffice) -> None:
    with pytest.raises(RefusedError):
        send("sms", to="0123")
    with pytest.raises(RefusedError):
        send("line", to="somebody")


@pytest.mark.parametrize(("setting", "name"), [({"LINE_TOKEN": "wrong"}, "line"), ({"SMS_PASSWORD": "wrong"}, "sms")])
def test_a_wrong_key_shuts_the_channel(office: PostOffice, setting: dict[str, str], name: str) -> None:
    with override_settings(**setting), pytest.raises(DownError) as found:
        send(name)
    assert found.value.code == "sign_in"


@pytest.mark.parametrize("setting", [{"LINE_URL": "http://127.0.0.1:1"}, {"SMS_URL": "http://127.0.0.1:1/sms"}])
def test_nobody_there_is_for_later(office: PostOffice, setting: dict[str, str]) -> None:
    with override_settings(**setting), pytest.raises(LaterError):
        send("line" if "LINE_URL" in setting else "sms")


@pytest.mark.parametrize(("answer", "kind"), [("451 later", LaterError), ("550 nobody", RefusedError)])
def test_mail_for_now_and_for_good(office: PostOffice, answer: str, kind: type[NotSentError]) -> None:
    office.smtp = answer
    with pytest.raises(kind):
        send("email")
    office.smtp = "250 OK"
    key = uuid4()
    send("email", key=key)
    (mail,) = office.mails
    assert mail["Message-ID"] == f"<{key}@127.0.0.1>"
    assert mail["Content-Language"] == "th"


UNREADABLE = [
    {"phone_number_list": [{"message_id": "x", "used_credit": said}]}
    for said in ("?", None, [], {}, "nan", "inf", -5, 1e300, "9" * 5000, True)
]
STRANGE = [
    *UNREADABLE, {"phone_number_list": ["66812345678"]}, {"phone_number_list": [None]}, {"phone_number_list": "yes"},
    {"phone_number_list": {"number": "66812345678"}}, {"phone_number_list": [{"message_id": "\x00\ud800" + "x" * 500}]},
    {"error": None, "phone_number_list": [{}]}, {}, ["taken"],
]  # fmt: skip


@pytest.mark.parametrize("said", STRANGE, ids=range(len(STRANGE)))
def test_an_sms_that_was_taken_is_sent_whatever_else_cannot_be_read(office: PostOffice, said: object) -> None:
    office.faults.append((201, {}, said))  # type: ignore[arg-type]
    receipt = send("sms")
    assert receipt.cost == 35  # as we count
    assert len(receipt.name) <= 100
    assert receipt.name.isprintable()


@pytest.mark.parametrize("name", ["sms", "line"])
def test_an_answer_that_breaks_off_after_its_status_counts(office: PostOffice, name: str) -> None:
    office.faults.append((200, {"Content-Length": "9999"}, {"cut": "off"}))
    assert send(name).cost in {12, 35}


@pytest.mark.parametrize("said", [{}, {"sentMessages": {}}, {"sentMessages": ["x"]}, {"sentMessages": 7}, []])
def test_a_push_that_was_taken_is_sent(office: PostOffice, said: object) -> None:
    office.faults.append((200, {}, said))  # type: ignore[arg-type]
    assert send("line") == Receipt("", 12)


def test_a_mail_server_whose_farewell_goes_wrong_has_the_letter(office: PostOffice) -> None:
    office.farewell = "221 " + "x" * 9000  # longer than a line may be
    key = uuid4()
    assert send("email", key=key).name == str(key)
    assert len(office.mails) == 1


def test_a_number_that_the_gateway_names_as_bad_is_refused(office: PostOffice) -> None:
    for said in ({"phone_number_list": []}, {"bad_phone_number_list": [{"number": "x"}]}):
        office.faults.append((201, {}, said))
        with pytest.raises(RefusedError):
            send("sms")
