"""The trail is append-only by the database's own word, and an action that leaves no entry is undone."""

import uuid

import pytest
from django.db import DatabaseError, connection, transaction

from okat.city.accounts.models import User
from okat.city.accounts.queries import system_user
from okat.city.core import audit
from okat.city.core.action import UnauditedActionError, action
from okat.city.core.crypto import SealError
from okat.city.core.models import AuditEntry, DataKey
from okat.city.core.once import once

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "sql", ["update core_auditentry set verb = 'x'", "delete from core_auditentry", "truncate core_auditentry"]
)
def test_the_database_refuses_to_change_the_trail(sql: str) -> None:
    audit.record(by=None, verb="test.done")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert AuditEntry.objects.count() == 1


def test_entries_are_found_by_a_keyed_id_and_hold_no_value() -> None:
    user = system_user()
    audit.record(by=user, verb="test.changed", subject=user, fields=["phone", "name"])
    entry = audit.about(user).get()
    assert entry.fields == ["name", "phone"]
    assert entry.subject_key != audit.subject_key(User(pk=user.pk + 1))
    assert len(entry.subject_key) == 64


def test_an_action_without_an_entry_is_undone() -> None:
    @action
    def forgetful(*, by: User | None) -> None:
        DataKey.fresh().save()

    with pytest.raises(UnauditedActionError):
        forgetful(by=None)
    assert not DataKey.objects.exists()


def test_an_action_takes_keywords_and_says_by_whom() -> None:
    with pytest.raises(TypeError):

        @action
        def nobody(*, name: str) -> None: ...

    with pytest.raises(TypeError):

        @action
        def positional(name: str, *, by: User) -> None: ...


def test_a_form_sent_twice_counts_once() -> None:
    token, done = str(uuid.uuid4()), []

    def work() -> str:
        done.append(1)
        return "/there/"

    assert [once(user=None, token=token, do=work) for _ in range(2)] == ["/there/", "/there/"]
    assert done == [1]


def test_a_sealed_value_opens_only_with_its_own_key_and_unchanged() -> None:
    mine, other = DataKey.fresh(), DataKey.fresh()
    sealed = mine.seal({"เลข": "1-2345"})
    assert mine.unseal(sealed) == {"เลข": "1-2345"}
    with pytest.raises(SealError):
        other.unseal(sealed)
    with pytest.raises(SealError):
        mine.unseal(sealed[:-1] + bytes([sealed[-1] ^ 1]))
