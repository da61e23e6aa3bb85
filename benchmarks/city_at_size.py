"""A city of a million people for the page benchmark: a small one through the actions, then its rows copied in SQL.

Run as a program in an environment of its own (`OKAT_VAR`): `prepare PEOPLE OPPORTUNITIES REQUESTS FILE` writes to
FILE what the load generator needs. A copy has its own key, so that its page opens like any other.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SMALL = 2_000
# Tables that hang on a person and are copied with them.
ATTACHED = ("people_grant", "people_consent", "people_need", "people_score", "people_answers")


_HOUSES = """
insert into people_household (id, area_id, house, tenure, registered_by_id, created_at, updated_at)
select md5(h.id::text || c.turn)::uuid, h.area_id, h.house, h.tenure, h.registered_by_id, h.created_at, h.updated_at
from people_household h cross join (select distinct turn from copied) c
"""


def prepare(people: int, opportunities: int, requests: int, file: Path) -> None:
    from okat.config.boot import boot

    boot()
    from okat.city.desk.commands.demo import build
    from okat.city.people.models import Person
    from okat.config.commands import migrate

    migrate()
    if not Person.objects.exists():
        build.build(print, people=SMALL, places=opportunities)
    _multiply(people)
    file.write_text(json.dumps(_plan(requests)), encoding="utf-8")


def _multiply(wanted: int) -> None:
    from django.db import connection

    from okat.city.people.models import Person

    there = Person.objects.count()
    if there >= wanted:
        return
    with connection.cursor() as cursor:
        # Copies are no events: neither history nor audit is written for them.
        cursor.execute("set session_replication_role = replica")
        cursor.execute("create temp table copied (old uuid, pk uuid, key uuid, wrapped bytea, turn int)")
        old = list(Person.objects.order_by("id").values_list("pk", flat=True))
        with cursor.copy("copy copied from stdin with (format binary)") as copy:
            copy.set_types(["uuid", "uuid", "uuid", "bytea", "int4"])
            for row in _copies(old, wanted - there):
                copy.write_row(row)
        cursor.execute("insert into core_datakey (id, wrapped, made_at) select key, wrapped, now() from copied")
        # A family's copy lives in a house of its own: the same id for all of one turn.
        house = "md5(t.household_id::text || c.turn)::uuid"
        cursor.execute(_HOUSES)
        changed = {"id": "c.pk", "key_id": "c.key", "user_id": "null", "pin_hash": "''", "care_sealed": "null"}
        changed["household_id"] = house
        cursor.execute(_copy("people_person", "id", {**changed, "pin_sealed": "null"}))
        for table in ATTACHED:
            cursor.execute(_copy(table, "person_id", {"person_id": "c.pk", **_own_id(table)}))
        cursor.execute("set session_replication_role = default")
        cursor.execute("vacuum (analyze)")  # now, and not by itself while pages are measured
        cursor.execute("checkpoint")


def _copies(old: list[Any], count: int) -> Iterator[tuple[Any, ...]]:
    from okat.city.core.ids import new_id
    from okat.city.core.models import DataKey

    for at in range(count):
        key = DataKey.fresh()
        yield old[at % len(old)], new_id(), key.pk, key.wrapped, len(old) + at // len(old)  # other turns next time


def _own_id(table: str) -> dict[str, str]:
    from django.apps import apps

    model = next(m for m in apps.get_models() if m._meta.db_table == table)
    uuid = model._meta.pk.get_internal_type() == "UUIDField"
    sequence = f"nextval(pg_get_serial_sequence('{table}', 'id'))"
    sealed = {f.attname: "null" for f in model._meta.fields if f.get_internal_type() == "BinaryField" and f.null}
    return {"id": "gen_random_uuid()" if uuid else sequence, **sealed}


def _copy(table: str, on: str, changed: dict[str, str]) -> str:
    from django.apps import apps

    model = next(m for m in apps.get_models() if m._meta.db_table == table)
    names = [f.column for f in model._meta.fields]
    values = [changed.get(name, f't."{name}"') for name in names]
    quoted = ", ".join(f'"{name}"' for name in names)
    return f"insert into {table} ({quoted}) select {', '.join(values)} from copied c join {table} t on t.{on} = c.old"


def _plan(requests: int) -> dict[str, Any]:
    """Who signs in, whose pages are opened, which cases are referred."""
    from okat.city.accounts.models import User
    from okat.city.cases.actions import Placed, open_cases_for
    from okat.city.catalogue.models import Opportunity
    from okat.city.core.ids import new_id
    from okat.city.people.models import Person
    from okat.city.people.queries import visible_to

    worker = User.objects.get(login="officer")
    people = list(
        visible_to(worker).filter(registered_by__code="nfe").select_related("registered_by").order_by("-id")[:requests]
    )
    place = Opportunity.objects.published().filter(provider__code="nfe").order_by("id")[0]
    made = open_cases_for(placed=[Placed(p, place, new_id()) for p in people], by=worker)
    rows = [str(case.pk) for case in made]
    return {
        "cookie": _session(worker), "people": [str(p.pk) for p in people], "total": Person.objects.count(),
        "cases": rows, "to": place.provider_id, "version": made[0].version,
    }  # fmt: skip


def _session(user: Any) -> str:
    """A session as after password and second factor."""
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from okat.city.accounts import actions, queries

    if not user.second_factor:
        actions.set_up_second_factor(user=user, salt=queries.new_totp_salt(), by=user)
    device = queries.totp_of(user)
    assert device is not None
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "okat.city.partners.queries.Accounts"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session["otp_device_id"] = device.persistent_id
    session.save()
    assert session.session_key is not None
    return session.session_key


if __name__ == "__main__":
    prepare(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
