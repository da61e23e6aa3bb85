"""A restore that is killed anywhere: the next start finishes it or takes it back, says which, and loses nothing."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from psycopg import sql
from tests.signing import make_user

from okat.city.core import crypto
from okat.city.core.models import DataKey
from okat.config import backup, database, keys, restoring, servers

# Runs a restore and kills itself with SIGKILL the moment before the named function would run for the nth time.
PROGRAM = """
import json, os, shutil, signal, sys
from okat.config import backup, restoring, servers
from okat.files import durable
from pathlib import Path
given = json.loads(sys.argv[1])
module, name, nth = given["before"]
there = {"restoring": restoring, "servers": servers, "durable": durable, "shutil": shutil, "Path": Path}[module]
real, calls = getattr(there, name), [0]
def killed(*args, **kwargs):
    calls[0] += 1
    if calls[0] == nth:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*args, **kwargs)
setattr(there, name, killed)
restoring.restore(Path(given["file"]), server=given["server"], media=Path(given["media"]),
                  opens=lambda wrapped, subject: None, replace=True)
print("whole")
"""

BACK = [("servers", "recreate", 1), ("restoring", "_load", 1), ("restoring", "_prove", 1), ("restoring", "_swap", 1),
        ("durable", "put", 1), ("restoring", "_change_names", 1)]  # fmt: skip
ON = [("restoring", "_move_files", 1), ("durable", "move", 1), ("durable", "move", 2), ("restoring", "_settle", 2),
      ("shutil", "rmtree", 2), ("Path", "unlink", 1)]  # fmt: skip


@pytest.fixture
def city(tmp_path: Path, settings: Any) -> Iterator[dict[str, Any]]:
    """A server with a database `..._kept` in use that holds one user, and its folder of files."""
    settings.KEYRING = keys.parse(f"k1 {'B' * 43}=\nroot {'B' * 43}=")
    server = {**connection.settings_dict, "NAME": f"{connection.settings_dict['NAME']}_kept"}
    server = {name: server[name] for name in ("NAME", "HOST", "PORT", "USER", "PASSWORD")}
    drop(server)
    make_user(login="from-the-backup")
    DataKey.fresh().save()
    media = tmp_path / "var" / "files"
    media.mkdir(parents=True)
    (media / "old.png").write_text("old")
    source = tmp_path / "source"
    source.mkdir()
    (source / "new.png").write_text("new")
    here: dict[str, Any] = connection.settings_dict
    backup.make(tmp_path / "city.tar", server=here, media=source, keys=tmp_path / "keys", demo=True)
    with servers.beside(server) as link:
        name, like = sql.Identifier(server["NAME"]), sql.Identifier(here["NAME"])
        connection.close()
        link.execute(sql.SQL("create database {} template {}").format(name, like))
    with servers.connect(server, server["NAME"]) as link:
        link.execute("update accounts_user set login = 'was-here' where login = 'from-the-backup'")
    yield {"server": server, "media": str(media), "file": str(tmp_path / "city.tar")}
    drop(server)


def drop(server: dict[str, Any]) -> None:
    for name in servers.named(server, server["NAME"]):
        servers.drop(server, name)


def kill(city: dict[str, Any], before: tuple[str, str, int]) -> None:
    given = json.dumps({**city, "before": before})
    done = subprocess.run([sys.executable, "-c", PROGRAM, given], capture_output=True, text=True, check=False)
    assert done.returncode == -signal.SIGKILL, done.stderr[-2000:]


def found(city: dict[str, Any]) -> tuple[bool, list[str], list[str]]:
    """Whether the account of the backup is in; the files; what else lies beside them."""
    server, media = city["server"], Path(city["media"])
    with servers.connect(server, server["NAME"]) as link:
        row = link.execute("select login from accounts_user where login in ('was-here', 'from-the-backup')").fetchone()
    beside = [p.name for p in media.parent.iterdir() if p != media and not p.name.endswith(".lock")]
    return row == ("from-the-backup",), sorted(p.name for p in media.iterdir()), beside


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before", BACK, ids=lambda each: "-".join(map(str, each)))
def test_killed_before_the_names_change_all_is_as_it_was(city: dict[str, Any], before: tuple[str, str, int]) -> None:
    kill(city, before)
    said = restoring.settle(city["server"], Path(city["media"]))
    assert "taken back" in said
    assert found(city) == (False, ["old.png"], [])
    assert servers.named(city["server"], city["server"]["NAME"]) == [city["server"]["NAME"]]
    assert restoring.settle(city["server"], Path(city["media"])) == ""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("before", ON, ids=lambda each: "-".join(map(str, each)))
def test_killed_after_the_names_changed_it_is_finished(city: dict[str, Any], before: tuple[str, str, int]) -> None:
    kill(city, before)
    said = restoring.settle(city["server"], Path(city["media"]))
    assert "has been finished" in said
    done, files, beside = found(city)
    assert (done, files) == (True, ["new.png"])
    assert len(beside) == 1
    assert beside[0].startswith("files.before-")
    kept = [name for name in servers.named(city["server"], city["server"]["NAME"]) if "_before_" in name]
    assert len(kept) == 1
    with servers.connect(city["server"], kept[0]) as link:
        assert link.execute("select 1 from accounts_user where login = 'was-here'").fetchone()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_restore_goes_through_while_a_site_keeps_connecting(city: dict[str, Any]) -> None:
    program = (
        "import json, sys, time\nfrom okat.config import servers\n"
        "server = json.loads(sys.argv[1])\nend = time.time() + 30\n"
        "while time.time() < end:\n"
        "    try: servers.connect(server, server['NAME']).execute('select 1')\n"
        "    except Exception: pass\n"
    )
    with subprocess.Popen([sys.executable, "-c", program, json.dumps(city["server"])]) as site:
        try:
            restoring.restore(
                Path(city["file"]), server=city["server"], media=Path(city["media"]), opens=crypto.unwrap, replace=True
            )
        finally:
            site.kill()
    assert found(city)[0]


@pytest.mark.django_db(transaction=True)
def test_what_another_restore_works_on_is_left_alone(city: dict[str, Any]) -> None:
    place = restoring.Place(Path(city["media"]).parent)
    program = f"import time; from pathlib import Path; from okat.config.restoring import Place\nwith Place(Path({str(place.beside)!r})).alone():\n    print('in', flush=True); time.sleep(60)"  # noqa: E501
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "in\n"
        place.folder.mkdir()
        assert restoring.settle(city["server"], Path(city["media"])) == ""
        with pytest.raises(backup.BackupError, match="Another restore"):
            restoring.restore(
                Path(city["file"]), server=city["server"], media=Path(city["media"]), opens=crypto.unwrap, replace=True
            )
        other.kill()
    assert place.folder.exists()
    assert "taken back" in restoring.settle(city["server"], Path(city["media"]))


@pytest.mark.slow
def test_a_start_makes_no_empty_database_beside_what_a_restore_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OKAT_VAR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    tmp_path.chmod(0o755)
    try:
        url = database.start(options=database.FAST)
        server = {**database.settings_from(url)}
        with servers.beside(server) as link:
            link.execute("alter database okat rename to okat_before_20261130")
        with pytest.raises(database.DatabaseError, match="okat_before_20261130 rename to okat"):
            database.start(options=database.FAST)
        assert servers.named(server, "okat") == ["okat_before_20261130"]
        with servers.beside(server) as link:
            link.execute("alter database okat_before_20261130 rename to okat")
        assert database.start(options=database.FAST) == url
    finally:
        database.stop()


def test_a_killed_backup_leaves_nothing_after_the_next_one(tmp_path: Path) -> None:
    program = f"import os, signal; from pathlib import Path; from okat.config import backup\nwith backup.workplace(Path({str(tmp_path)!r}), backup.PREFIX) as f:\n    (f / 'database.dump').write_text('x' * 99); os.kill(os.getpid(), signal.SIGKILL)"  # noqa: E501
    subprocess.run([sys.executable, "-c", program], check=False)
    left = list(tmp_path.iterdir())
    assert len(left) == 1
    with backup.workplace(tmp_path, backup.PREFIX) as busy:
        assert backup.sweep(tmp_path, backup.PREFIX) == left
        assert list(tmp_path.iterdir()) == [busy]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("module", ["backup", "restoring", "keys"])
def test_names_are_changed_by_what_puts_them_on_the_disk(module: str) -> None:
    """`rename` and `replace` of a path belong to files.durable alone, which makes a power cut lose nothing."""
    text = Path(database.__file__).with_name(f"{module}.py").read_text(encoding="utf-8")
    assert not [line for line in text.splitlines() if ".rename(" in line or ".replace(file" in line]
    assert "durable." in text
