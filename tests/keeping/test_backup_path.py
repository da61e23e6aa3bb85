"""Where a backup is written, for whom it waits, and what a restore says that fails twice."""

import errno
import os
import tarfile
import threading
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from django.db import connection
from tests.keeping.test_keeping import connect, ring, sealed, target

from okat import cli
from okat.config import backup, keeping, keys, restoring, servers
from okat.config.commands import BadInput

__all__ = ["ring", "target"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def site(ring: Path, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """What the command line has when Django is up."""
    monkeypatch.setattr(keeping, "boot", lambda **_given: None)
    settings.MEDIA_ROOT, settings.DATA_FOLDER = tmp_path / "files", tmp_path
    settings.MEDIA_ROOT.mkdir()
    sealed(2)
    return settings


def test_a_backup_is_written_over_an_earlier_one_alone(site: Any, tmp_path: Path) -> None:
    note, link, half = tmp_path / "note.txt", tmp_path / "link", tmp_path / "half.tar"
    note.write_text("a list of names")
    half.touch()
    link.symlink_to(site.KEY_FILE)
    for file in (site.KEY_FILE, link, note, half):
        before = file.read_bytes()
        with pytest.raises(backup.BackupError, match="left as it is"):
            keeping.back_up(file, replace=True, say=print)
        assert file.read_bytes() == before
    assert link.is_symlink()
    made = tmp_path / "city.tar"
    keeping.back_up(made, replace=False, say=print)
    first = made.read_bytes()
    with pytest.raises(backup.BackupError, match="--yes"):
        keeping.back_up(made, replace=False, say=print)
    assert made.read_bytes() == first
    keeping.back_up(made, replace=True, say=print)
    assert made.read_bytes() != first
    said = CliRunner().invoke(cli.main, ["backup", str(site.KEY_FILE), "--yes"])
    assert said.exit_code == 2
    assert "is the key file" in said.output
    assert not list(tmp_path.glob(f"{backup.PREFIX}*"))


def test_what_came_to_lie_there_meanwhile_is_left_too(
    site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, dump = tmp_path / "city.tar", backup._dump

    def slow(*given: Any) -> Any:
        made.write_text("somebody else's")
        return dump(*given)

    monkeypatch.setattr(backup, "_dump", slow)
    with pytest.raises(backup.BackupError, match="exists"):
        keeping.back_up(made, replace=False, say=print)
    assert made.read_text() == "somebody else's"


@pytest.mark.parametrize("table", ["core_datakey", "django_migrations"])
def test_a_backup_waits_for_a_locked_table_no_longer_than_it_says(
    table: str, site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(servers, "LOCK_SECONDS", 1)
    with connect({**connection.settings_dict}) as holder, holder.transaction():
        holder.execute(f"lock table {table}")  # type: ignore[arg-type]
        with pytest.raises(backup.BackupError, match="keeps a table locked for more than 1 s"):
            keeping.back_up(tmp_path / "city.tar", replace=False, say=print)
    assert not (tmp_path / "city.tar").exists()
    keeping.back_up(tmp_path / "city.tar", replace=False, say=print)


def test_a_change_of_a_table_that_queues_behind_the_backup_does_not_hold_it(
    site: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each waits for the other: the change for the backup's snapshot, the copy for the change."""
    monkeypatch.setattr(servers, "LOCK_SECONDS", 2)
    rows, started = servers.rows, []

    def change() -> None:
        with connect({**connection.settings_dict}) as link, link.transaction():
            link.execute("set local lock_timeout = '20s'")
            link.execute("lock table core_datakey")

    def counted(link: psycopg.Connection[Any]) -> dict[str, int]:
        found = rows(link)
        started.append(threading.Thread(target=change))
        started[0].start()
        while not link.execute("select 1 from pg_locks where not granted").fetchone():
            pass
        return found

    monkeypatch.setattr(servers, "rows", counted)
    with pytest.raises(backup.BackupError, match="keeps a table locked"):
        keeping.back_up(tmp_path / "city.tar", replace=False, say=print)
    started[0].join()


def test_a_restore_that_fails_twice_says_what_failed_first(
    site: Any, tmp_path: Path, target: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a full disk, where the half database cannot be taken away either: here because it is a template."""
    archive, incoming = tmp_path / "city.tar", f"{target['NAME']}_incoming"
    keeping.back_up(archive, replace=False, say=print)

    def opens(_wrapped: bytes, _subject: str) -> None:
        with servers.beside(target) as link:
            link.execute(f'alter database "{incoming}" is_template true')  # type: ignore[arg-type]
        raise ValueError

    given: dict[str, Any] = {"server": target, "media": tmp_path / "var" / "there", "replace": False}
    with pytest.raises(restoring.HalfwayError) as raised:
        restoring.restore(archive, opens=opens, **given)
    assert "does not open 2 of the 2" in str(raised.value)
    assert "cannot drop a template" in str(raised.value)
    assert "the next okat command" in str(raised.value)
    said = restoring.settle(target, given["media"])  # and that goes on, with a word
    assert "could not be cleared yet" in said
    with servers.beside(target) as link:
        link.execute(f'alter database "{incoming}" is_template false')  # type: ignore[arg-type]
    assert "taken back" in restoring.settle(target, given["media"])
    assert servers.named(target, incoming) == []


def test_the_command_says_it_in_words(
    site: Any, tmp_path: Path, target: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "city.tar"
    keeping.back_up(archive, replace=False, say=print)
    monkeypatch.setitem(site.DATABASES, "default", target)
    with connect({**target, "NAME": "postgres"}) as link:
        link.execute(f'create database "{target["NAME"]}_incoming" is_template true')  # type: ignore[arg-type]
    try:
        with pytest.raises(BadInput, match="cannot drop a template"):
            keeping.bring_back(archive, replace=True, say=print)
    finally:
        with connect({**target, "NAME": "postgres"}) as link:
            link.execute(f'alter database "{target["NAME"]}_incoming" is_template false')  # type: ignore[arg-type]
    keeping.bring_back(archive, replace=True, say=print)
    assert keys.parse(site.KEY_FILE.read_text()).first == "k1"


def test_a_restore_that_failed_late_and_was_taken_back_says_that_nothing_changed(
    site: Any, tmp_path: Path, target: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where somebody connects again and again: the note of the change was written, the change was not made."""
    archive = tmp_path / "city.tar"
    keeping.back_up(archive, replace=False, say=print)
    monkeypatch.setitem(site.DATABASES, "default", target)

    def busy(_server: object, _swap: restoring.Swap) -> None:
        raise backup.BackupError("Somebody connects to the database again and again: stop the server.")

    monkeypatch.setattr(restoring, "_change_names", busy)
    with pytest.raises(BadInput, match="nothing has changed: Somebody connects"):
        keeping.bring_back(archive, replace=True, say=print)
    assert not (site.MEDIA_ROOT.parent / ".okat-restore.json").exists()


def test_a_restore_that_failed_late_but_stands_does_not_say_that_nothing_changed(
    site: Any, tmp_path: Path, target: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where the disk fails once after the databases changed their names."""
    archive, move, failed = tmp_path / "city.tar", restoring._move_files, []
    keeping.back_up(archive, replace=False, say=print)
    monkeypatch.setitem(site.DATABASES, "default", target)

    def once(swap: restoring.Swap) -> None:
        if not failed:
            failed.append(swap.aside)
            raise OSError(5, "Input/output error")
        move(swap)

    monkeypatch.setattr(restoring, "_move_files", once)
    with pytest.raises(BadInput, match="has been finished") as raised:
        keeping.bring_back(archive, replace=True, say=print)
    assert "nothing has changed" not in str(raised.value)
    assert "Input/output error" in str(raised.value)
    assert failed[0] in servers.named(target, failed[0])


def test_a_full_disk_says_nothing_against_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = tmp_path / "city.tar"
    with tarfile.open(whole, "w") as archive:
        archive.add(__file__, backup.DUMP)

    def full(*_args: object, **_options: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tarfile.TarFile, "extractall", full)
    with pytest.raises(backup.BackupError, match="has no room") as raised:
        backup.unpack(whole, tmp_path)
    assert "nothing is wrong with the file" in str(raised.value)
    assert "not a whole backup" not in str(raised.value)


def test_what_is_no_ordinary_file_is_neither_read_nor_written_over(site: Any, tmp_path: Path) -> None:
    """A device or a pipe may never end."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (pipe, Path("/dev/zero"), tmp_path):
        with pytest.raises(backup.BackupError, match="no ordinary file"):
            backup.unpack(path, tmp_path)
        with pytest.raises(backup.BackupError, match="no ordinary file"):
            keeping.back_up(path, replace=True, say=print)
