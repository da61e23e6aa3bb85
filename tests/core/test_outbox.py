"""The outbox: a letter is a row of what it tells, goes out once, and is never lost."""

import datetime as dt
import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default as email_policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import transaction
from django.template import TemplateSyntaxError
from django.test import override_settings
from tests.signing import make_user, run_jobs

from okat.city.accounts.actions import confirm_address, give_address
from okat.city.accounts.rules import Channel, How
from okat.city.core import clock, health, outbox
from okat.city.core.models import DataKey, Letter
from okat.city.core.outbox import KINDS, LetterKind, Words, post, sending
from okat.city.notices.queries import outgoing

pytestmark = pytest.mark.django_db


class MailServer:
    """Speaks SMTP; `answer` is what it says to a letter."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.answer = "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            self.letters.append(message_from_bytes(envelope.content, policy=email_policy))
        return self.answer


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    inbox = MailServer()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=port
    ):
        yield inbox
    controller.stop()


@pytest.fixture(autouse=True)
def _kind() -> Iterator[None]:
    def code(letter: Letter) -> Words:
        text = f"your code is {letter.secret['code']}"
        return Words("a code", text, text)

    outbox.tell({"test.code": LetterKind(code), "test.over": LetterKind(lambda _letter: None)})
    yield
    for key in ("test.code", "test.over"):
        KINDS._items.pop(key)


def post_code(address: str = "a@example.org", **more: Any) -> Letter:
    letter = post(kind="test.code", channel="email", address=address, secret={"code": "402913"}, **more)
    assert letter is not None
    return letter


def test_a_letter_with_a_code_is_sealed_and_keeps_nothing_once_it_is_sent(mail_server: MailServer) -> None:
    letter = post_code()
    stored = str(Letter.objects.filter(pk=letter.pk).values().get())
    assert "402913" not in stored
    assert "example.org" not in stored
    assert run_jobs() == 1
    (sent,) = mail_server.letters
    assert sent["To"] == "a@example.org"
    assert sent["Message-ID"] == f"<{letter.id}@127.0.0.1>"
    assert "402913" in sent.get_content()
    row = Letter.objects.get()
    assert (row.state, row.sealed, row.params, row.key, row.receipt) == ("sent", None, {}, None, str(letter.id))
    assert DataKey.objects.count() == 0


def test_what_is_undone_is_never_told(mail_server: MailServer) -> None:
    with transaction.atomic():
        post_code()
        transaction.set_rollback(True)
    assert run_jobs() == sending.send_due() == 0
    assert mail_server.letters == []


def test_a_sender_that_dies_between_sending_and_marking_sends_again_under_the_same_key(
    mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = post_code()
    end = sending._end
    monkeypatch.setattr(sending, "_end", _die)
    with pytest.raises(KeyboardInterrupt):
        sending.send_due()
    monkeypatch.setattr(sending, "_end", end)
    assert Letter.objects.get().state == "waiting"
    assert sending.send_due() == 0  # leased
    with clock.at(clock.now() + sending.LEASE + dt.timedelta(seconds=1)):
        assert sending.send_due() == 1
    assert [sent["Message-ID"] for sent in mail_server.letters] == [f"<{letter.id}@127.0.0.1>"] * 2
    assert Letter.objects.get().state == "sent"


def _die(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("answer", "state", "fault"), [("451 later", "waiting", "smtp_451"), ("550 nobody here", "failed", "smtp_550")]
)
def test_for_now_waits_and_for_good_ends(mail_server: MailServer, answer: str, state: str, fault: str) -> None:
    post_code()
    mail_server.answer = answer
    run_jobs()
    row = Letter.objects.get()
    assert (row.state, row.fault) == (state, fault)
    assert (row.sealed is None) is (state == "failed")


def test_a_server_that_is_away_is_tried_for_hours_and_then_given_up() -> None:
    post_code()
    moment, tries = clock.now(), 0
    with override_settings(
        EMAIL_BACKEND="django.core.mail.backends.smtp.EmailBackend", EMAIL_HOST="127.0.0.1", EMAIL_PORT=1
    ):
        while Letter.objects.get().state == "waiting":
            moment = Letter.objects.get().go_at
            with clock.at(moment):
                tries += sending.send_due()
    assert tries == sending.MOST_TRIES
    assert dt.timedelta(hours=5) < moment - clock.now() < dt.timedelta(hours=12)
    assert Letter.objects.get().state == "failed"


def test_nobody_to_send_to_is_held_until_there_is() -> None:
    user = make_user(email="")
    post(kind="accounts.reset", user=user, params={"user": user.pk})
    assert run_jobs() == 1
    assert Letter.objects.get(kind="accounts.reset").state == "held"
    address = give_address(user=user, channel=Channel.EMAIL, value="b@example.org", by=user)
    confirm_address(address=address, how=How.LINK, by=user)
    assert sending.let_go_held() == 1
    sending.send_due()
    assert Letter.objects.get(kind="accounts.reset").state == "sent"


def test_a_letter_that_is_not_needed_any_more_is_dropped() -> None:
    post(kind="test.over", user=make_user(), params={"x": 1})
    run_jobs()
    row = Letter.objects.get()
    assert (row.state, row.params) == ("dropped", {})


def test_folded_letters_wait_as_one_and_a_new_one_waits_while_the_first_is_in_hand() -> None:
    user = make_user()
    made = [post(kind="test.over", user=user, fold="x") for _ in range(3)]
    assert [letter is not None for letter in made] == [True, False, False]
    assert sending._take() is not None
    assert post(kind="test.over", user=user, fold="x") is not None


def test_a_fault_of_ours_does_not_stop_the_letters_behind_it(mail_server: MailServer) -> None:
    broken = post(kind="test.code", channel="email", address="c@example.org")  # its words need a code
    post_code()
    assert sending.send_due() == 2
    assert [sent["To"] for sent in mail_server.letters] == ["a@example.org"]
    assert broken is not None
    assert Letter.objects.get(pk=broken.pk).fault == "our_fault"


def _break(_letter: Letter) -> Words:
    raise TemplateSyntaxError("no such tag")


@pytest.fixture
def ended() -> Iterator[list[str]]:
    """A kind whose words cannot be made, and one in which what follows goes wrong; what was told of the end."""
    told: list[str] = []

    def follows(_letter: Letter) -> None:
        told.append("sent")
        DataKey.objects.get(pk=-1)

    fine = Words("a", "b", "c")
    outbox.tell({
        "test.broken": LetterKind(_break, failed=lambda letter: told.append(letter.params["for"])),
        "test.follows": LetterKind(lambda _letter: fine, sent=follows),
    })  # fmt: skip
    yield told
    for key in ("test.broken", "test.follows"):
        KINDS._items.pop(key)


@pytest.mark.parametrize("to", ["account", "address"])
def test_a_letter_whose_words_break_ends_and_is_told(mail_server: MailServer, ended: list[str], to: str) -> None:
    where: dict[str, Any] = {"user": make_user(phone="0812345678")}
    if to == "address":
        where = {"channel": "email", "address": "a@example.org"}
    post(kind="test.broken", params={"for": "her"}, **where)
    moment, tries = clock.now(), 0
    while Letter.objects.get(kind="test.broken").state == "waiting" and tries < 50:
        moment = Letter.objects.get(kind="test.broken").go_at
        with clock.at(moment):
            tries += sending.send_due()
    row = Letter.objects.get(kind="test.broken")
    assert (row.state, row.fault, row.params) == ("failed", "our_fault", {})
    assert tries == sending.MOST_TRIES
    assert ended == ["her"]
    assert mail_server.letters == []
    with clock.at(moment):
        (line,) = outgoing.month()["failed"]
        assert (line["count"], line["code"]) == (1, "our_fault")


def test_a_letter_of_last_month_that_goes_this_month_counts_in_this_one(mail_server: MailServer) -> None:
    month_end = dt.datetime(2026, 11, 30, 16, 50, tzinfo=dt.UTC)  # 23:50 in the city
    with clock.at(month_end):
        post_code()
    with clock.at(month_end + dt.timedelta(minutes=20)):
        assert sending.send_due() == 1
        assert outgoing.month()["count"] == 1
    with clock.at(month_end + dt.timedelta(days=40)):
        assert outgoing.month()["count"] == 0


def test_what_goes_wrong_after_a_letter_was_taken_sends_it_no_second_time(
    mail_server: MailServer, ended: list[str]
) -> None:
    post(kind="test.follows", channel="email", address="a@example.org")
    assert run_jobs() == 1
    with clock.at(clock.now() + dt.timedelta(hours=5)):
        assert sending.send_due() == 0
    assert len(mail_server.letters) == len(ended) == 1
    row = Letter.objects.get()
    assert (row.state, row.fault) == ("sent", "our_fault")
    part = health.look()["letters"]
    assert part == {"ok": True, "broken": 0}  # nobody else's connection sees what this test has not committed


@pytest.mark.django_db(transaction=True)
def test_health_says_that_letters_break(ended: list[str]) -> None:
    post(kind="test.broken", params={"for": "her"}, channel="email", address="a@example.org")
    assert health.look()["letters"] == {"ok": True, "broken": 0}
    sending.send_due()
    assert health.look()["letters"] == {"ok": False, "broken": 1}
    Letter.objects.all().delete()
