"""Notices: in the reader's language, once per letter, at the hours the reader chose, through a real mail server."""

import datetime as dt
import socket
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default as email_policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.test import Client, override_settings
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.signing import make_user, run_jobs

from okat.city.core import clock
from okat.city.core.models import Letter
from okat.city.core.outbox import sending
from okat.city.notices import actions, queries
from okat.city.notices.models import Notice
from okat.city.notices.rules import KINDS, Kind, MailWish, letter_at

BANGKOK = dt.timezone(dt.timedelta(hours=7))


@pytest.fixture(autouse=True)
def _kind() -> Iterator[None]:
    KINDS.register("test.answered", Kind(_("Saved.")))
    KINDS.register("test.place", Kind(_("%(n)s places")))
    KINDS.register("test.quiet", Kind(_("Saved."), mail=False))
    yield
    for key in ("test.answered", "test.place", "test.quiet"):
        KINDS._items.pop(key)


class Box:
    """A mail server's inbox; `broken` makes it refuse."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []
        self.broken = False

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.broken:
            return "451 come back later"
        self.letters.append(envelope.content)
        return "250 OK"


@pytest.fixture
def box() -> Iterator[Box]:
    inbox = Box()
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


@pytest.mark.django_db
def test_several_notices_make_one_letter_without_details(box: Box) -> None:
    user = make_user(language="th")
    for n in (1, 2, 3):
        actions.notify(users=[user, user], kind="test.place", params={"n": n}, url="/somewhere/")
    assert queries.unread(user) == 3
    assert run_jobs() == 1
    letter = message_from_bytes(box.letters[0], policy=email_policy)
    assert letter["To"] == "somchai@example.org"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["Content-Language"] == "th"
    assert letter["Message-ID"].endswith("@127.0.0.1>")
    assert letter.get_content_type() == "text/plain"
    body = letter.get_content()
    assert "http://127.0.0.1:8000/notices/" in body
    assert "places" not in body
    assert "สมชาย" not in body
    actions.notify(users=[user], kind="test.place", params={"n": 4})
    assert run_jobs() == 1
    assert len(box.letters) == 2


@pytest.mark.django_db
def test_a_server_that_refuses_leaves_the_letter_for_the_next_try(box: Box) -> None:
    user = make_user()
    actions.notify(users=[user], kind="test.answered")
    box.broken = True
    assert sending.send_due() == 1
    assert Notice.objects.get(user=user).mailed_at is None
    box.broken = False
    assert sending.send_due() == 0  # not before its time
    with clock.at(clock.now() + dt.timedelta(minutes=2)):
        assert sending.send_due() == 1
        assert sending.send_due() == 0
    assert len(box.letters) == 1


@pytest.mark.django_db
def test_no_letter_about_what_was_read_or_is_quiet_or_not_wished(box: Box) -> None:
    user, never = make_user(), make_user("never")
    actions.set_preference(mail=MailWish.NEVER, quiet_from=None, quiet_until=None, by=never)
    actions.notify(users=[user], kind="test.quiet")
    assert run_jobs() == 0
    actions.notify(users=[user, never], kind="test.answered")
    actions.mark_all_read(by=user)
    assert run_jobs() == 1
    assert box.letters == []


@pytest.mark.django_db
def test_a_letter_of_the_night_waits_for_the_morning() -> None:
    user = make_user()
    actions.set_preference(mail=MailWish.NOW, quiet_from=dt.time(21), quiet_until=dt.time(6), by=user)
    with clock.at(dt.datetime(2026, 11, 22, 23, 10, tzinfo=BANGKOK)):
        actions.notify(users=[user], kind="test.answered")
    assert Letter.objects.get().go_at == dt.datetime(2026, 11, 23, 6, 0, tzinfo=BANGKOK)


@pytest.mark.django_db
def test_a_notice_leads_within_the_site_and_its_kind_is_known() -> None:
    user = make_user()
    for wrong in ("https://evil.example/", "//evil.example", "/\\evil"):
        with pytest.raises(ValueError, match="this site"):
            actions.notify(users=[user], kind="test.answered", url=wrong)
    with pytest.raises(KeyError):
        actions.notify(users=[user], kind="test.unknown")
    assert Notice.objects.count() == 0


@pytest.mark.django_db
def test_one_reads_only_ones_own(client: Client) -> None:
    mine, other = make_user(), make_user("other")
    actions.notify(users=[mine], kind="test.place", params={"n": 7}, url="/accounts/")
    notice = Notice.objects.get()
    with translation.override("en"):
        assert str(notice) == "7 places"
    client.force_login(other, backend="okat.city.partners.queries.Accounts")
    assert client.post(f"/notices/{notice.pk}/").status_code == 404
    client.force_login(mine, backend="okat.city.partners.queries.Accounts")
    assert b"7 places" in client.get("/notices/?lang=en").content
    assert client.post(f"/notices/{notice.pk}/")["Location"] == "/accounts/"
    assert queries.unread(mine) == 0
    assert client.post("/notices/read/").status_code == 302
    half = {"mail": "daily", "quiet_from": "21:00", "quiet_until": ""}
    assert client.post("/notices/preference/", half).status_code == 200
    assert client.post("/notices/preference/", {**half, "quiet_until": "06:00"}).status_code == 302


@pytest.mark.django_db
def test_telling_many_costs_a_constant_number_of_statements(django_assert_max_num_queries: Any) -> None:
    users = [make_user(f"u{n}") for n in range(12)]
    with django_assert_max_num_queries(8):  # their letters too
        assert actions.notify(users=users, kind="test.answered") == 12


times = st.times().map(lambda t: t.replace(second=0, microsecond=0))


@settings(deadline=None, max_examples=200)
@given(times, times, times, st.sampled_from([MailWish.NOW, MailWish.DAILY]))
def test_a_letter_is_never_early_never_in_quiet_hours_and_within_two_days(
    clock_time: dt.time, start: dt.time, end: dt.time, wish: MailWish
) -> None:
    now = dt.datetime.combine(dt.date(2026, 11, 22), clock_time, tzinfo=BANGKOK)
    when = letter_at(wish, now, start, end)
    assert when is not None
    assert now <= when <= now + dt.timedelta(days=2)
    minutes, first, last = (t.hour * 60 + t.minute for t in (when.time(), start, end))
    length, into = (last - first) % 1440, (minutes - first) % 1440
    assert into >= length
