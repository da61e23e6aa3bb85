"""What goes through planned statements is what query sets would have written and read."""

import datetime as dt
import threading
from uuid import uuid4

import pytest
from django.contrib.sessions.backends import db
from django.db import IntegrityError, connection, models, transaction
from django.test.utils import isolate_apps
from tests.signing import make_user

from okat.city.accounts.models import User
from okat.city.core import planned
from okat.city.core.models import OnceToken
from okat.city.core.sessions import SessionStore
from okat.city.core.together import Together
from okat.city.notices.models import Notice, Preference

pytestmark = pytest.mark.django_db


def test_a_row_is_written_as_django_would() -> None:
    user = make_user("somchai")
    row = Notice(user=user, kind="cases.referred", params={"title": "ทอผ้า 'ไหม' \\ %s"}, url="/x/", made_at=_NOON)
    planned.insert(row)
    other = Notice.objects.create(user=user, kind=row.kind, params=row.params, url="/x/", made_at=_NOON)
    assert row.pk is not None
    assert not row._state.adding
    assert _values(Notice.objects.get(pk=row.pk)) == _values(Notice.objects.get(pk=other.pk))


def test_an_update_touches_the_columns_it_names() -> None:
    user = make_user("somchai", name="สมชาย")
    user.name, user.text_size = "สมหญิง", "large"
    planned.update(user, "name")
    stored = User.objects.get(pk=user.pk)
    assert (stored.name, stored.text_size) == ("สมหญิง", "normal")


def test_an_update_of_all_columns_keeps_when_the_row_was_made() -> None:
    mark = OnceToken(user=make_user("somchai"), token=uuid4())
    planned.insert(mark)
    made = OnceToken.objects.get(pk=mark.pk).at
    mark.location = "/there/"
    planned.update(mark)
    stored = OnceToken.objects.get(pk=mark.pk)
    assert (stored.at, stored.location) == (made, "/there/")


def test_a_row_that_is_gone_is_not_updated_in_silence() -> None:
    user = make_user("somchai")
    User.objects.filter(pk=user.pk).delete()
    with pytest.raises(IntegrityError, match="not there any more"):
        planned.update(user, "name")


def test_what_a_constraint_refuses_is_an_error_and_what_is_there_already_is_not_new() -> None:
    user, token = make_user("somchai"), uuid4()
    assert planned.insert_new(OnceToken(user=user, token=token))
    assert not planned.insert_new(OnceToken(user=user, token=token))
    with pytest.raises(IntegrityError), transaction.atomic():
        planned.insert(OnceToken(user=user, token=token))


@pytest.mark.django_db(transaction=True)
def test_who_inserts_the_same_waits_for_the_first() -> None:
    """The second sending of a form must not go on before the first is done or undone."""
    user, token, seen = make_user("somchai"), uuid4(), []
    started = threading.Event()

    def second() -> None:
        started.set()
        seen.append(planned.insert_new(OnceToken(user=user, token=token)))
        connection.close()

    other = threading.Thread(target=second)
    with transaction.atomic():
        assert planned.insert_new(OnceToken(user=user, token=token))
        other.start()
        started.wait()
        other.join(0.3)
        assert not seen  # it waits
    other.join(10)
    assert seen == [False]


def test_every_kind_of_column_comes_back_as_it_went_in() -> None:
    user = make_user("somchai")
    Preference.objects.create(user=user, mail="daily", quiet_from=dt.time(21), quiet_until=dt.time(6, 30))
    found = Together(int, rows=lambda pk: Preference.objects.filter(user=pk)).of(user.pk)["rows"]
    assert _values(found[0]) == _values(Preference.objects.get(user=user))


@isolate_apps("okat.city.core")
def test_a_kind_of_column_that_json_would_change_is_refused() -> None:
    class Odd(models.Model):
        key = models.DurationField()

        class Meta:
            app_label = "core"
            managed = False

    with pytest.raises(TypeError, match="DurationField"):
        Together(int, rows=lambda pk: Odd.objects.filter(pk=pk)).of(1)


def test_sessions_are_read_as_djangos_own_and_end_in_time() -> None:
    mine = SessionStore()
    mine["who"] = "สมชาย"
    mine.save()
    assert SessionStore(mine.session_key)["who"] == "สมชาย" == db.SessionStore(mine.session_key)["who"]
    mine.set_expiry(-1)
    mine.save()
    assert SessionStore(mine.session_key).get("who") is None
    assert SessionStore("not-there-not-there").get("who") is None


_NOON = dt.datetime(2026, 11, 22, 5, tzinfo=dt.UTC)


def _values(row: models.Model) -> dict[str, object]:
    return {f.attname: getattr(row, f.attname) for f in row._meta.concrete_fields if not f.primary_key}
