"""One migrated database for all test processes: the first runs the migrations, the others copy what it made.

The copy is named by everything that shapes it, so that a changed migration or model makes a new one.
"""

import fcntl
import hashlib
from pathlib import Path

from django.conf import settings
from django.db import connection

ROOT = Path(__file__).resolve().parents[1]
PREFIX = "okat_migrated_"


def migrated() -> str:
    """The name of the database to copy, made now where there is none yet."""
    name = PREFIX + digest()
    with (settings.VAR / "migrated.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if name not in (there := _databases()):
            for old in there:
                _run(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')
            _make(name)
    return name


def _make(name: str) -> None:
    """Under another name until it is whole: a process that dies leaves nothing that looks finished."""
    before, test = connection.settings_dict["NAME"], connection.settings_dict["TEST"]
    unfinished = f"{PREFIX}unfinished"
    connection.settings_dict["TEST"] = {**test, "NAME": unfinished}
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"], connection.settings_dict["TEST"] = before, test
    _run(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')


def digest() -> str:
    made = hashlib.sha256()
    apps = ROOT / "src" / "okat" / "city"
    for file in sorted([ROOT / "uv.lock", *apps.glob("*/migrations/*.py"), *apps.glob("*/apps.py")]):
        made.update(file.name.encode() + file.read_bytes())
    return made.hexdigest()[:16]


def _databases() -> list[str]:
    with connection._nodb_cursor() as cursor:
        cursor.execute("select datname from pg_database where datname like %s", [f"{PREFIX}%"])
        return [row[0] for row in cursor.fetchall()]


def _run(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
