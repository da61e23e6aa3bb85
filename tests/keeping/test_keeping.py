"""A backup that restores, keys that rotate through a kill, and accounts made from the command line."""

import json
import tarfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection, transaction
from psycopg import sql
from tests.signing import make_user

from okat.city.accounts.queries import system_user
from okat.city.core import audit, crypto, key_marks, rotation
from okat.city.core.models import DataKey
from okat.config import backup, keeping, keys, restoring
from okat.config.commands import BadInput
from okat.files import durable


@pytest.fixture
def ring(tmp_path: Path, settings: Any) -> Path:
    """A key file of the test's own."""
    path = tmp_path / "keys"
    keys.new_file(path)
    settings.KEY_FILE = path
    settings.KEYRING = keys.LiveKeyring(path)
    return path


def sealed(count: int) -> list[tuple[DataKey, bytes]]:
    made = []
    for n in range(count):
        key = DataKey.fresh()
        key.save()
        made.append((key, key.seal(f"เลข {n}")))
    return made


@pytest.mark.django_db
def test_after_a_rotation_everything_opens_and_the_old_key_may_go(ring: Path, settings: Any) -> None:
    values = sealed(25)
    keys.rotate(ring)
    assert rotation.behind() == 25
    assert list(rotation.rewrap(batch=10)) == [10, 20, 25]
    assert rotation.behind() == 0
    first = settings.KEYRING.first
    lines = [line for line in ring.read_text().splitlines() if not line.startswith("k1 ")]
    settings.KEYRING = keys.parse("\n".join(lines))
    assert first == "k2"
    for n, (key, value) in enumerate(values):
        assert DataKey.objects.get(pk=key.pk).unseal(value) == f"เลข {n}"


@pytest.mark.django_db
def test_a_rotation_that_was_killed_goes_on_where_it_stopped(ring: Path, settings: Any) -> None:
    values = sealed(25)
    keys.rotate(ring)
    work = rotation.rewrap(batch=10)
    next(work)
    work.close()  # the power fails
    assert rotation.behind() == 15
    for n, (key, value) in enumerate(values):  # meanwhile both keys open
        assert DataKey.objects.get(pk=key.pk).unseal(value) == f"เลข {n}"
    assert list(rotation.rewrap(batch=10)) == [10, 15]


@pytest.mark.django_db
def test_a_server_that_runs_seals_with_the_new_key_at_once(ring: Path, settings: Any) -> None:
    running = settings.KEYRING
    (key, value), *_ = sealed(1)
    assert bytes(key.wrapped).startswith(b"k1:")
    keys.rotate(ring)  # by another process: nobody tells this one
    (later, secret), *_ = sealed(1)
    assert bytes(later.wrapped).startswith(b"k2:")
    list(rotation.rewrap())
    assert bytes(DataKey.objects.get(pk=key.pk).wrapped).startswith(b"k2:")
    remove(ring, "k1")
    assert settings.KEYRING is running
    assert DataKey.objects.get(pk=key.pk).unseal(value) == DataKey.objects.get(pk=later.pk).unseal(secret) == "เลข 0"


def remove(ring: Path, name: str) -> None:
    lines = [line for line in ring.read_text().splitlines() if not line.startswith(f"{name} ")]
    draft = ring.with_suffix(".new")
    draft.write_text("\n".join(lines))
    draft.replace(ring)


@pytest.mark.django_db
def test_a_key_file_that_is_away_or_broken_leaves_the_keys_that_were_read(ring: Path, settings: Any) -> None:
    (key, value), *_ = sealed(1)
    text = ring.read_text()
    ring.unlink()
    assert DataKey.objects.get(pk=key.pk).unseal(value) == "เลข 0"
    ring.write_text("half a li")
    assert DataKey.objects.get(pk=key.pk).unseal(value) == "เลข 0"
    ring.write_text(text)
    keys.rotate(ring)
    assert settings.KEYRING.first == "k2"


@pytest.mark.django_db(transaction=True)
def test_what_was_being_written_while_the_key_changed_is_wrapped_too(ring: Path, settings: Any) -> None:
    written, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            sealed(1)  # by the first key, and not yet to be seen
            written.set()
            go_on.wait(20)
        connection.close()

    writer = threading.Thread(target=slow)
    writer.start()
    assert written.wait(20)
    keys.rotate(ring)
    moment = rotation.moment()
    list(rotation.rewrap())
    assert rotation.behind() == 0  # so it seems
    older = rotation.finish(moment, wait=0.3)
    assert len(older) == 1  # named, and the old key has to stay
    go_on.set()
    assert rotation.finish(moment, wait=20) == []
    writer.join()
    assert rotation.behind() == 0
    remove(ring, "k1")
    assert DataKey.objects.get().seal("ยังเปิดได้")


@pytest.mark.django_db
def test_the_command_says_who_still_writes_with_the_old_key(ring: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    sealed(3)
    monkeypatch.setattr(keeping, "boot", lambda: None)
    monkeypatch.setattr(rotation, "older_than", lambda moment: ["4711 (09:30:00)"])
    monkeypatch.setattr(keeping, "WAIT", 0.1)
    with pytest.raises(BadInput, match="4711"):
        keeping.rotate_keys(said.append)
    monkeypatch.undo()
    monkeypatch.setattr(keeping, "boot", lambda: None)
    keeping.rotate_keys(said.append, finish=True)
    assert "k2 seals everything now" in said[-1]


OTHER = f"k1 {'A' * 43}=\nroot {'A' * 43}="


def sealed_by_another(settings: Any) -> tuple[DataKey, bytes]:
    mine = settings.KEYRING
    settings.KEYRING = keys.parse(OTHER)
    (found,) = sealed(1)
    settings.KEYRING = mine
    return found


@pytest.mark.django_db
def test_a_rotation_goes_on_after_the_newest_key_is_lost(
    ring: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that is left is a copy of the file of before the last rotations."""
    monkeypatch.setattr(keeping, "boot", lambda: None)
    key_marks.note()
    values, copy, said = sealed(3), ring.read_text(), list[str]()
    for _each in range(9):  # up to k10: by its letters k9 would come after it
        keeping.rotate_keys(said.append)
    (lost, secret) = sealed(1)[0]
    newest = ring.read_text()
    ring.write_text("".join(line for line in newest.splitlines(True) if not line.startswith(("k9", "k10"))))
    (other,) = DataKey.objects.filter(pk=values[0][0].pk)
    other.wrapped = b"k9:" + bytes(other.wrapped).partition(b":")[2]
    other.save()
    for key, _value in values[1:]:  # as they were when the copy was made
        DataKey.objects.filter(pk=key.pk).update(wrapped=key.wrapped)
    before = ring.read_text()
    told = r"(?s)rotates to k10.*sealed for 2 \(k10: 1, k9: 1\) stays shut.*--despite-keys"
    with pytest.raises(BadInput, match=told):
        keeping.rotate_keys(said.append)
    assert ring.read_text() == before
    with pytest.raises(BadInput, match=r"What can be opened is sealed anew"):
        keeping.rotate_keys(said.append, finish=True)
    keeping.rotate_keys(said.append, finish=True, despite_keys=True)
    assert ring.read_text() == before
    keeping.rotate_keys(said.append, despite_keys=True)
    assert ring.read_text().startswith("k11 ")
    assert "Still shut: k10: 1, k9: 1" in said[-2]
    for n, (key, value) in enumerate(values[1:], start=1):
        assert DataKey.objects.get(pk=key.pk).unseal(value) == f"เลข {n}"
    with pytest.raises(BadInput, match="sealed for 2"):  # and the next one needs no such word
        keeping.rotate_keys(said.append)
    assert ring.read_text().startswith("k12 ")
    ring.write_text(ring.read_text() + next(line for line in newest.splitlines(True) if line.startswith("k10 ")))
    assert DataKey.objects.get(pk=lost.pk).unseal(secret) == "เลข 0"
    assert copy.splitlines()[0] in ring.read_text()


@pytest.mark.django_db
def test_a_rotation_names_what_nothing_opens_and_does_the_rest(
    ring: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "boot", lambda: None)
    lost, secret = sealed_by_another(settings)
    values = sealed(25)
    said: list[str] = []
    for first in ("k2", "k3"):  # each time a new key, and the rest is wrapped with it
        with pytest.raises(BadInput, match=r"no key in the file opens what is sealed for 1 \(k1: 1\)"):
            keeping.rotate_keys(said.append)
        names = [bytes(key.wrapped).partition(b":")[0].decode() for key in DataKey.objects.exclude(pk=lost.pk)]
        assert set(names) == {first}
    ring.write_text(ring.read_text() + f"other {'A' * 43}=\n")
    keeping.rotate_keys(said.append)
    assert "k3 seals everything now" in said[-1]
    remove(ring, "other")
    assert DataKey.objects.get(pk=lost.pk).unseal(secret) == "เลข 0"
    for n, (key, value) in enumerate(values):
        assert DataKey.objects.get(pk=key.pk).unseal(value) == f"เลข {n}"


@pytest.mark.django_db
def test_a_running_site_takes_no_other_citys_file(ring: Path, settings: Any) -> None:
    (key, value), *_ = sealed(1)
    for text in (OTHER, ring.read_text().replace(ring.read_text().split()[1], "A" * 43 + "=")):
        draft = ring.with_suffix(".new")
        draft.write_text(text)
        draft.replace(ring)
        assert DataKey.objects.get(pk=key.pk).unseal(value) == "เลข 0"
        (later, secret), *_ = sealed(1)
        assert later.unseal(secret) == "เลข 0"
        assert settings.KEYRING.root != keys.parse(OTHER).root


@pytest.mark.django_db(transaction=True)
def test_a_restore_opens_every_key(ring: Path, settings: Any, tmp_path: Path, target: dict[str, Any]) -> None:
    make_user()
    sealed(5)
    sealed_by_another(settings)
    sealed(5)
    media, archive = tmp_path / "files", tmp_path / "mixed.okat"
    media.mkdir()
    backup.make(archive, server={**connection.settings_dict}, media=media, keys=ring, demo=True)
    given: dict[str, Any] = {"server": target, "media": tmp_path / "there", "opens": crypto.unwrap, "replace": False}
    with pytest.raises(backup.BackupError, match="does not open 1 of the 11"):
        restoring.restore(archive, **given)
    assert rows_of_keys(target) is None
    restoring.restore(archive, **given, despite_keys=True)
    assert rows_of_keys(target) == 11
    settings.KEYRING = keys.parse(OTHER.replace("A", "C"))
    with pytest.raises(backup.BackupError, match="11 of the 11"):
        restoring.restore(archive, **{**given, "replace": True}, despite_keys=True)


def rows_of_keys(server: dict[str, Any]) -> int | None:
    with connect(server) as link:
        there = link.execute("select to_regclass('core_datakey')").fetchone()
        if there is None or there[0] is None:
            return None
        found = link.execute("select count(*) from core_datakey").fetchone()
        return int(found[0]) if found else None


@pytest.fixture
def target() -> Iterator[dict[str, Any]]:
    """An empty database on the same server; it and what a restore leaves beside it go away again."""
    server = {**connection.settings_dict, "NAME": f"{connection.settings_dict['NAME']}_restored"}

    def clear() -> None:
        with connect({**server, "NAME": "postgres"}) as link:
            found = link.execute("select datname from pg_database where datname like %s", [server["NAME"] + "%"])
            for (name,) in found.fetchall():
                link.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(name)))

    clear()
    with connect({**server, "NAME": "postgres"}) as link:
        link.execute(sql.SQL("create database {}").format(sql.Identifier(server["NAME"])))
    yield server
    clear()


def connect(server: dict[str, Any]) -> psycopg.Connection[Any]:
    return psycopg.connect(host=server["HOST"], user=server["USER"], dbname=server["NAME"], autocommit=True)


def rows(server: dict[str, Any]) -> dict[str, list[Any]]:
    with connect(server) as link:
        return {
            "users": link.execute("select login, password from accounts_user order by id").fetchall(),
            "trail": link.execute("select id, at, verb, subject_key from core_auditentry order by id").fetchall(),
            "keys": link.execute("select id, wrapped from core_datakey order by id").fetchall(),
        }


@pytest.fixture
def made(ring: Path, tmp_path: Path) -> tuple[Path, Path, DataKey, bytes]:
    """A backup of a small state: (archive, media, key, sealed value)."""
    make_user()
    audit.record(by=system_user(), verb="test.done")
    (key, value), *_ = sealed(3)
    media = tmp_path / "files"
    (media / "ab").mkdir(parents=True)
    (media / "ab" / "ลายเซ็น.png").write_bytes(b"\x89PNG...")
    archive = tmp_path / "city.okat"
    server: dict[str, Any] = connection.settings_dict
    backup.make(archive, server=server, media=media, keys=ring, demo=True, seal=keys.LiveKeyring(ring).seal_of)
    return archive, media, key, value


@pytest.mark.django_db(transaction=True)
def test_a_backup_restores_rows_files_sealed_values_and_the_guarded_trail(
    made: tuple[Path, Path, DataKey, bytes], target: dict[str, Any], tmp_path: Path, ring: Path
) -> None:
    archive, _, key, value = made
    there = tmp_path / "there"
    manifest, aside = restoring.restore(archive, server=target, media=there, opens=crypto.unwrap, replace=False)
    server: dict[str, Any] = connection.settings_dict
    assert rows(target) == rows(server)
    assert manifest.rows["core_datakey"] == 3
    assert (there / "ab" / "ลายเซ็น.png").read_bytes() == b"\x89PNG..."
    with connect(target) as link:
        found = link.execute("select wrapped from core_datakey where id = %s", [key.pk]).fetchone()
        assert found is not None
        assert DataKey(pk=key.pk, wrapped=bytes(found[0])).unseal(value) == "เลข 0"
        with pytest.raises(psycopg.Error, match=r"(?i)cannot|append"):
            link.execute("delete from core_auditentry")
    secrets = [line.split()[1] for line in ring.read_text().splitlines()]
    content = archive.read_bytes()
    assert not [secret for secret in secrets if secret.encode() in content]
    # Now it is in use: a second restore asks first, and keeps what was there.
    with pytest.raises(backup.BackupError, match="--yes"):
        restoring.restore(archive, server=target, media=there, opens=crypto.unwrap, replace=False)
    assert len(aside) == 1
    _, aside = restoring.restore(archive, server=target, media=there, opens=crypto.unwrap, replace=True)
    assert len(aside) == 2
    assert rows({**target, "NAME": aside[0]}) == rows(server)
    assert Path(aside[1], "ab", "ลายเซ็น.png").exists()


def changed(archive: Path, name: str, content: bytes | None) -> Path:
    """A copy with one member replaced, or left out."""
    folder = archive.parent / "changed"
    with tarfile.open(archive) as source:
        source.extractall(folder, filter="data")
    if content is None:
        (folder / name).unlink()
    else:
        (folder / name).write_bytes(content)
    copy = archive.with_suffix(".changed")
    with tarfile.open(copy, "w") as out:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            out.add(path, path.relative_to(folder).as_posix())
    return copy


@pytest.mark.django_db(transaction=True)
def test_what_is_not_whole_is_refused_and_changes_nothing(
    made: tuple[Path, Path, DataKey, bytes], target: dict[str, Any], tmp_path: Path, settings: Any
) -> None:
    archive, *_ = made
    broken = tmp_path / "broken"
    broken.write_bytes(archive.read_bytes()[:3000])
    text = tmp_path / "text"
    text.write_text("not a backup")
    other = keys.parse(f"k1 {'A' * 43}=\nroot {'A' * 43}=")
    cases = [
        (broken, crypto.unwrap), (text, crypto.unwrap),
        (changed(archive, "files/ab/ลายเซ็น.png", b"other"), crypto.unwrap),
    ]  # fmt: skip
    for file, opens in cases:
        with pytest.raises(backup.BackupError):
            restoring.restore(file, server=target, media=tmp_path / "there", opens=opens, replace=False)
    with pytest.raises(backup.BackupError, match="missing"):
        backup.unpack(changed(archive, "files/ab/ลายเซ็น.png", None), tmp_path / "look")
    settings.KEYRING = other
    with pytest.raises(backup.BackupError, match="key file"):
        restoring.restore(archive, server=target, media=tmp_path / "there", opens=crypto.unwrap, replace=False)
    assert not (tmp_path / "there").exists()
    with connect(target) as link:
        assert link.execute("select count(*) from pg_tables where schemaname = 'public'").fetchone() == (0,)
        assert link.execute("select 1 from pg_database where datname like '%%_incoming'").fetchone() is None


@pytest.mark.django_db(transaction=True)
def test_the_manifest_is_the_citys_own_word(
    made: tuple[Path, Path, DataKey, bytes], target: dict[str, Any], tmp_path: Path, settings: Any, ring: Path
) -> None:
    archive, *_ = made
    keys.rotate(ring)  # the seal outlives it
    given: dict[str, Any] = {"server": target, "media": tmp_path / "there", "opens": crypto.unwrap, "replace": False}
    with tarfile.open(archive) as source:
        member = source.extractfile("manifest.json")
        assert member is not None
        paper = json.load(member)
    later = changed(archive, "manifest.json", json.dumps({**paper, "made_at": "2926-01-01T00:00:00+00:00"}).encode())
    with pytest.raises(backup.BackupError, match="manifest was changed"):
        restoring.restore(later, **given, seal=settings.KEYRING.seal_of)
    with pytest.raises(backup.BackupError, match="manifest was changed"):
        restoring.restore(archive, **given, seal=keys.parse(OTHER).seal_of)
    manifest, _ = restoring.restore(archive, **given, seal=settings.KEYRING.seal_of)
    assert manifest.sealed
    bare = changed(archive, "manifest.seal", None)  # as one of before the seals, which says nothing of itself
    (tmp_path / "look").mkdir()
    assert not backup.unpack(bare, tmp_path / "look", settings.KEYRING.seal_of).sealed


@pytest.mark.django_db(transaction=True)
def test_rows_that_differ_from_the_manifest_are_named(
    made: tuple[Path, Path, DataKey, bytes], target: dict[str, Any], tmp_path: Path
) -> None:
    archive, *_ = made
    with tarfile.open(archive) as source:
        member = source.extractfile("manifest.json")
        assert member is not None
        paper = json.load(member)
    paper["rows"]["accounts_user"] += 1
    lying = changed(archive, "manifest.json", json.dumps(paper).encode())
    with pytest.raises(backup.BackupError, match="accounts_user"):
        restoring.restore(lying, server=target, media=tmp_path / "there", opens=crypto.unwrap, replace=False)


@pytest.mark.django_db(transaction=True)
def test_a_photo_that_goes_meanwhile_is_left_out(
    ring: Path, tmp_path: Path, target: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody is erased while the backup is made: it is made all the same, and is whole."""
    make_user()
    media, archive, add = tmp_path / "files", tmp_path / "city.okat", backup._add
    media.mkdir()
    for name in ("a.png", "b.png", "c.png"):
        (media / name).write_bytes(name.encode())

    def adding(into: tarfile.TarFile, path: Path, name: str) -> str:
        (media / "b.png").unlink(missing_ok=True)
        return add(into, path, name)

    monkeypatch.setattr(backup, "_add", adding)
    manifest = backup.make(archive, server={**connection.settings_dict}, media=media, keys=ring, demo=True)
    assert set(manifest.digests) == {"database.dump", "files/a.png", "files/c.png"}
    restoring.restore(archive, server=target, media=tmp_path / "there", opens=crypto.unwrap, replace=False)
    assert {path.name for path in (tmp_path / "there").iterdir()} == {"a.png", "c.png"}


@pytest.mark.django_db(transaction=True)
def test_a_file_that_grows_meanwhile_spoils_nothing(ring: Path, tmp_path: Path, target: dict[str, Any]) -> None:
    """What the manifest says of it is what went in; what a kill left half written is nobody's and stays out."""
    make_user()
    media, archive, done = tmp_path / "files", tmp_path / "city.okat", threading.Event()
    media.mkdir()
    (media / "a.png").write_bytes(b"a" * 20_000_000)
    (media / f"{durable.DRAFT}b").write_bytes(b"half")
    grown = []

    def grow() -> None:
        with (media / "a.png").open("ab", buffering=0) as file:
            while not done.wait(0.0005):
                grown.append(file.write(b"b" * 1000))

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        manifest = backup.make(archive, server={**connection.settings_dict}, media=media, keys=ring, demo=True)
    finally:
        done.set()
        writer.join()
    assert sum(grown) > 0
    assert set(manifest.digests) == {"database.dump", "files/a.png"}
    restoring.restore(archive, server=target, media=tmp_path / "there", opens=crypto.unwrap, replace=False)
    assert (tmp_path / "there" / "a.png").read_bytes().startswith(b"a" * 20_000_000)


@pytest.mark.django_db(transaction=True)
def test_a_backup_without_a_seal_restores_and_says_what_nothing_proves(
    made: tuple[Path, Path, DataKey, bytes], target: dict[str, Any], tmp_path: Path, settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    archive, *_ = made
    monkeypatch.setitem(settings.DATABASES, "default", target)
    for number, file in enumerate((changed(archive, "manifest.seal", None), archive)):
        settings.MEDIA_ROOT, said = tmp_path / f"there-{number}", list[str]()
        keeping.bring_back(file, replace=number > 0, say=said.append)
        assert any("bears no seal of the city" in line for line in said) == (number == 0)
        assert rows_of_keys(target) == 3


def test_keys_among_the_uploaded_files_stop_the_backup(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("x")
    with pytest.raises(backup.BackupError, match="key file"):
        backup.make(tmp_path / "out", server={}, media=tmp_path, keys=tmp_path / "keys", demo=False)
    assert not (tmp_path / "out").exists()
