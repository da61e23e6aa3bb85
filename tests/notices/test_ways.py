"""How each reader wants to be told: order of ways, ways left out, matters left out, the night; and what it costs."""

import datetime as dt
import threading
from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.utils.translation import gettext_lazy as _
from tests import small_city
from tests.post_office import opened
from tests.signing import make_user, sign_in_fully
from tests.small_city import SmallCity

from okat.city.accounts.models import User
from okat.city.accounts.rules import Channel
from okat.city.core import clock
from okat.city.core.models import Letter
from okat.city.core.outbox import KINDS as LETTERS
from okat.city.core.outbox import post, sending
from okat.city.notices import actions, queries
from okat.city.notices.models import Notice
from okat.city.notices.rules import KINDS, Kind, MailWish
from okat.city.partners.rules import Role
from okat.config.standin import PostOffice

BANGKOK = dt.timezone(dt.timedelta(hours=7))
NOON, LATE = (dt.datetime(2026, 11, 30, hour, tzinfo=BANGKOK) for hour in (12, 23))
NAME, TITLE = "สมหญิง-ใจดี", "ทอผ้าสำหรับคนตาบอด"


@pytest.fixture(autouse=True)
def _kinds() -> Iterator[None]:
    KINDS.register("rounds.test", Kind(_("Saved.")))
    KINDS.register("rounds.binds", Kind(_("Saved."), binding=True))
    yield
    for key in ("rounds.test", "rounds.binds"):
        KINDS._items.pop(key)


@pytest.fixture
def city(db: None) -> SmallCity:
    return small_city.build()


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with opened() as found:
        yield found


LINE_ID = "U" + "2b" * 16


def reader(login: str = "somchai", **more: object) -> User:
    """Reached by e-mail, SMS and LINE."""
    from okat.city.accounts.models import Address

    user = make_user(login, phone="0812345678", **more)
    Address(user=user, channel=Channel.LINE, value=LINE_ID, confirmed_at=clock.now(), how="code").save()
    return user


def wish(user: User, **more: object) -> None:
    given = {"mail": MailWish.NOW, "quiet_from": None, "quiet_until": None, **more}
    actions.set_preference(by=user, **given)  # type: ignore[arg-type]


def sent(office: PostOffice) -> tuple[int, int, int]:
    sending.send_due()
    return len(office.line), len(office.mails), len(office.sms)


@pytest.mark.django_db
def test_ways_in_the_readers_order_and_without_those_left_out(office: PostOffice) -> None:
    user = reader()
    with clock.at(NOON):
        actions.notify(users=[user], kind="rounds.test")
        assert sent(office) == (1, 0, 0)
        wish(user, first="sms")
        actions.notify(users=[user], kind="rounds.test")
        assert sent(office) == (1, 0, 1)
        wish(user, off=["sms", "line"])
        actions.notify(users=[user], kind="rounds.test")
        assert sent(office) == (1, 1, 1)
        wish(user, off=["sms", "line", "email"])
        actions.notify(users=[user], kind="rounds.test")
        assert sent(office) == (1, 1, 1)
        assert queries.unread(user) == 4  # in the application always


@pytest.mark.django_db
def test_matters_left_out_but_never_what_binds(office: PostOffice) -> None:
    user = reader()
    wish(user, muted=["rounds"])
    with clock.at(NOON):
        actions.notify(users=[user], kind="rounds.test")
        assert sent(office) == (0, 0, 0)
        actions.notify(users=[user], kind="rounds.binds")
        assert sent(office) == (1, 0, 0)


@pytest.mark.django_db
def test_what_is_unread_is_written_of_also_where_the_newest_of_it_was_left_out(office: PostOffice) -> None:
    user = reader()
    with clock.at(NOON):
        wish(user, muted=["rounds"])
        for kind in ("rounds.binds", "rounds.test"):
            Notice.objects.create(user=user, kind=kind, made_at=clock.now())
        actions.send_unread(user=user, by=None)
        assert sent(office) == (1, 0, 0)


@pytest.mark.django_db
def test_nothing_rings_at_night_where_nobody_chose(office: PostOffice) -> None:
    user, writes = reader(), make_user("writes")
    with clock.at(LATE):
        actions.notify(users=[user, writes], kind="rounds.test")
        assert sent(office) == (0, 1, 0)
    with clock.at(LATE.replace(day=1, month=12, hour=8, minute=1)):
        assert sent(office) == (1, 1, 0)


@pytest.mark.django_db
def test_the_next_way_is_taken_where_one_is_shut_or_refuses(office: PostOffice) -> None:
    user = reader()
    with clock.at(NOON):
        actions.notify(users=[user], kind="rounds.test")
        office.faults.append((429, {}, {"message": "You have reached your monthly limit."}))
        office.smtp = "550 nobody"
        assert sent(office) == (0, 0, 1)
    row = Letter.objects.get()
    assert (row.state, row.channel, row.tried, row.cost) == ("sent", "sms", ["line", "email"], 35)


@pytest.mark.django_db
def test_letters_are_in_the_readers_language(office: PostOffice) -> None:
    with clock.at(NOON):
        actions.notify(users=[reader(language="en")], kind="rounds.test")
        sending.send_due()
    assert office.line[0][1].startswith("You have a new message in Okat http://")


@pytest.mark.django_db
@pytest.mark.parametrize("kind", sorted(key for key, _kind in KINDS))
def test_no_letter_about_any_notice_holds_what_the_notice_says(office: PostOffice, kind: str) -> None:
    values = dict.fromkeys(("title", "title_en", "place", "reason", "day", "partner", "what", "code", "answer"), TITLE)
    user = reader(name=NAME)
    with clock.at(NOON):
        for channel in Channel:
            wish(user, first=channel.value)
            actions.notify(users=[user], kind=kind, params=values)
            sending.send_due()
    texts = [text for _to, text in office.line + office.sms]
    texts += [f"{mail['Subject']} {mail.get_content()}" for mail in office.mails]
    assert len(texts) == (3 if KINDS[kind].mail else 0)
    for text in texts:
        assert TITLE not in text
        assert NAME not in text


@pytest.mark.django_db(transaction=True)
def test_two_senders_at_once_send_each_letter_once(office: PostOffice) -> None:
    with clock.at(NOON):
        users = [make_user(f"u{n}", email=f"u{n}@example.org") for n in range(12)]
        for user in users:
            actions.notify(users=[user], kind="rounds.test")
    gate = threading.Barrier(2)

    def work() -> None:
        try:
            gate.wait()
            with clock.at(NOON):
                sending.send_due()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(str(mail["To"]) for mail in office.mails) == sorted(f"u{n}@example.org" for n in range(12))
    assert set(Letter.objects.values_list("state", flat=True)) == {"sent"}
    assert not Notice.objects.filter(mailed_at=None).exists()


@pytest.mark.django_db
def test_the_page_of_wishes_offers_only_what_reaches_the_reader(client: Client, office: PostOffice) -> None:
    user = reader()
    client.force_login(user, backend="okat.city.partners.queries.Accounts")
    page = client.get("/notices/preference/?lang=en").content.decode()
    assert "As usual: LINE, then e-mail, then SMS" in page
    form = {"mail": "now", "first": "email", "off": ["sms"], "muted": ["jobs"], "quiet_from": "", "quiet_until": ""}
    assert client.post("/notices/preference/", form).status_code == 302
    ways = queries.ways_of([user])[user.pk]
    assert list(ways.open) == [Channel.EMAIL, Channel.LINE]
    assert ways.wish.muted == ["jobs"]
    with override_settings(SMS_URL="", LINE_TOKEN=""):
        assert list(queries.ways_of([user])[user.pk].confirmed) == [Channel.EMAIL]


@pytest.mark.django_db
def test_what_letters_cost_and_why_some_did_not_go(city: SmallCity, client: Client, office: PostOffice) -> None:
    team = city.users[Role.COORDINATOR]
    sign_in_fully(client, team)
    user = reader("costly")
    wish(user, first="sms")
    actions.notify(users=[user], kind="rounds.test")
    actions.notify(users=[make_user("silent", email="")], kind="rounds.test")
    sending.send_due()
    office.smtp = "550 nobody"
    post(kind="accounts.reset", channel="email", address="x@example.org", params={"user": user.pk})
    sending.send_due()
    page = client.get("/notices/letters/?lang=en").content.decode()
    assert "0.35" in page
    assert "1 reader has no confirmed address" in page
    assert "1 could not be sent (smtp_550)" in page
    assert "x@example.org" not in page
    worker = Client()
    sign_in_fully(worker, city.users[Role.FIELD_WORKER])
    assert worker.get("/notices/letters/").status_code == 403
    assert "accounts.reset" in LETTERS
