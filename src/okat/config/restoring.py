"""Bringing a backup back: a new database beside the present one, proven, and only then the two change names.

What was there is kept under another name until somebody drops it. Killed at any point, the next start settles it: the
names of the two databases change in one transaction, and a note on the disk, written before it, says what else belongs
to it. Before that moment everything goes back; after it everything goes on.
"""

import contextlib
import datetime as dt
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from okat.config import servers
from okat.config.alone import alone
from okat.config.backup import DUMP, FILES, BackupError, Manifest, Seal, unpack
from okat.files import durable

TRIES = 20  # a running site may connect again between the moment it is cut off and the change of names
_FAULTS = (servers.ServerError, psycopg.Error, OSError)


class HalfwayError(BackupError):
    """Something of the restore stands: it could neither be finished nor taken back now, and the next command does it;
    or it failed late, and what was brought back is in use all the same."""


@dataclass(frozen=True)
class Swap:
    """The note: databases by name and folders by path. `files` is there until it has become `media`."""

    name: str
    incoming: str
    aside: str
    files: str
    media: str
    media_aside: str


@dataclass(frozen=True)
class Place:
    """What one restore keeps on the disk while it works, all beside the folder of uploaded files."""

    beside: Path

    @property
    def folder(self) -> Path:
        return self.beside / ".okat-restore"

    @property
    def note(self) -> Path:
        return self.beside / ".okat-restore.json"

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """Raises BackupError while another restore works here."""
        self.beside.mkdir(parents=True, exist_ok=True)
        with alone(
            self.beside / ".okat-restore.lock", BackupError("Another restore is at work here; wait until it has ended.")
        ):
            yield


def restore(
    file: Path,
    *,
    server: Mapping[str, Any],
    media: Path,
    opens: Callable[[bytes, str], object],
    replace: bool,
    despite_keys: bool = False,
    seal: Seal | None = None,
) -> tuple[Manifest, list[str]]:
    """Bring back what `file` holds; the manifest and what was set aside (a database and a folder).

    `opens` raises where the keys at hand do not open a wrapped data key; all of them are tried, and `despite_keys` lets
    some of them stay shut. Without `replace` only an empty database and folder are filled. Raises BackupError; then all
    is as it was. `seal` is what the backup was made with.
    """
    place = Place(media.parent)
    with place.alone(), _settled(server, place):
        _settle(server, place)
        if not replace and (_in_use(server) or (media.exists() and any(media.iterdir()))):
            raise BackupError("There is data here already. To put it aside and restore, say --yes.")
        manifest = _bring(file, server, place, opens, despite_keys=despite_keys, seal=seal)
        return manifest, _swap(server, place, media)


@contextlib.contextmanager
def _settled(server: Mapping[str, Any], place: Place) -> Iterator[None]:
    """However the block ends, all is finished or taken back; where that fails too, as on a full disk, what failed first
    is what is said. Raises BackupError."""
    try:
        yield
    except BaseException as error:
        told = isinstance(error, _FAULTS)
        try:
            finished, said = _settle(server, place)
        except _FAULTS as second:
            if not told and not isinstance(error, BackupError):
                raise error from second
            raise HalfwayError(
                f"กู้คืนไม่สำเร็จ / The restore failed: {error}\n"
                "ยังเก็บกวาดไม่ได้ คำสั่ง okat ครั้งต่อไปจะทำต่อจนเสร็จหรือถอนออก แล้วบอกว่าอย่างไหน / "
                "What it leaves could not be cleared "
                f"yet ({second}): the next okat command finishes it or takes it back, and says which."
            ) from error
        if finished:
            raise HalfwayError(f"{said} ({error})") from error
        if told:
            raise BackupError(str(error)) from error
        raise
    try:
        _settle(server, place)
    except _FAULTS as error:
        raise HalfwayError(
            "ข้อมูลที่กู้มาใช้อยู่แล้ว แต่ยังเก็บกวาดไม่ได้ คำสั่ง okat ครั้งต่อไปจะทำต่อ / "
            "The restored data are in place; what is left could not be "
            f"cleared yet ({error}), and the next okat command does it."
        ) from error


def settle(server: Mapping[str, Any], media: Path) -> str:
    """Finish, or take back, a restore that was killed; what was done about it in words, empty where there was none."""
    place = Place(media.parent)
    if not place.folder.exists() and not place.note.exists():
        return ""
    try:
        with place.alone():
            return _settle(server, place)[1]
    except _FAULTS as error:
        said = (
            "การกู้คืนที่ถูกตัดกลางคันยังเก็บกวาดไม่ได้ ดูว่าดิสก์ไม่เต็ม แล้วสั่งอีกครั้ง / "
            "What a restore that was cut short left could not be "
            f"cleared yet. See that the disk has room, and run this again: {error}"
        )
        if place.note.exists():  # the files may not be those of the database
            raise HalfwayError(said) from error
        return said
    except BackupError:
        return ""  # it is at work


def _settle(server: Mapping[str, Any], place: Place) -> tuple[bool, str]:
    """Whether it was finished, and what was done in words, empty where there was nothing to do."""
    finished, said = False, ""
    if place.note.exists():
        swap = Swap(**json.loads(place.note.read_text(encoding="utf-8")))
        if swap.aside in servers.named(server, swap.aside):
            _move_files(swap)
            finished = True
            said = (
                f"การกู้คืนที่ถูกตัดกลางคันทำต่อจนเสร็จแล้ว ของเดิมเก็บไว้ที่ {swap.aside} / "
                f"A restore that was cut short has been finished; what was here is kept as {swap.aside}."
            )
            _clear(place)  # gone before the note: a folder without one is a restore that never came to change the names
        place.note.unlink()
        durable.sync(place.beside)
    if place.folder.exists() and not finished:
        servers.drop(server, f"{server['NAME']}_incoming")
        said = (
            "การกู้คืนที่ถูกตัดกลางคันถูกถอนออกแล้ว ข้อมูลเดิมยังอยู่ครบ / "
            "A restore that was cut short has been taken back; the data are as they were before it."
        )
    _clear(place)
    return finished, said


def _clear(place: Place) -> None:
    shutil.rmtree(place.folder, ignore_errors=True)
    durable.sync(place.beside)


def _bring(
    file: Path,
    server: Mapping[str, Any],
    place: Place,
    opens: Callable[[bytes, str], object],
    *,
    despite_keys: bool,
    seal: Seal | None,
) -> Manifest:
    """The database `..._incoming` and the folder of files, both proven."""
    place.folder.mkdir(mode=0o700)
    manifest = unpack(file, place.folder, seal)
    incoming = f"{server['NAME']}_incoming"
    servers.recreate(server, incoming)
    _load(server, incoming, place.folder / DUMP)
    _prove(servers.connect(server, incoming), manifest, opens, despite_keys=despite_keys)
    (place.folder / FILES).mkdir(exist_ok=True)
    os.sync()
    return manifest


def _swap(server: Mapping[str, Any], place: Place, media: Path) -> list[str]:
    """Give the new database and folder their names; the old ones carry the moment in theirs."""
    stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%d%H%M%S%f")
    name = str(server["NAME"])
    swap = Swap(
        name=name, incoming=f"{name}_incoming", aside=f"{name}_before_{stamp}", files=str(place.folder / FILES),
        media=str(media), media_aside=str(media.with_name(f"{media.name}.before-{stamp}")),
    )  # fmt: skip
    draft = place.folder / "note"
    draft.write_text(json.dumps(asdict(swap)), encoding="utf-8")
    durable.put(draft, place.note)
    _change_names(server, swap)
    _move_files(swap)
    return [swap.aside, *([swap.media_aside] if Path(swap.media_aside).exists() else [])]


def _change_names(server: Mapping[str, Any], swap: Swap) -> None:
    """Both names in one transaction: there is no moment without a database of the city's name."""
    rename = sql.SQL("alter database {} rename to {}")
    for attempt in range(TRIES):
        try:
            with servers.beside(server) as link, link.transaction():
                link.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [swap.name])
                link.execute(rename.format(sql.Identifier(swap.name), sql.Identifier(swap.aside)))
                link.execute(rename.format(sql.Identifier(swap.incoming), sql.Identifier(swap.name)))
        except psycopg.errors.ObjectInUse as error:
            if attempt == TRIES - 1:
                raise BackupError("Somebody connects to the database again and again: stop the server.") from error
            time.sleep(0.1)
        except psycopg.Error as error:
            raise BackupError(f"The databases could not change their names: {error}") from error
        else:
            return


def _move_files(swap: Swap) -> None:
    """Each step is seen from what lies on the disk, so that it can be taken up anywhere."""
    files, media, aside = Path(swap.files), Path(swap.media), Path(swap.media_aside)
    if not files.exists():
        return
    if media.exists() and any(media.iterdir()):
        durable.move(media, aside)
    elif media.exists():
        media.rmdir()
    durable.move(files, media)


def _in_use(server: Mapping[str, Any]) -> bool:
    """Whether anybody has an account there; the system's own does not count."""
    with contextlib.closing(servers.connect(server, server["NAME"])) as link:
        there = link.execute("select to_regclass('public.accounts_user')").fetchone()
        if not there or there[0] is None:
            return False
        found = link.execute("select exists (select 1 from accounts_user where not is_system)").fetchone()
        return bool(found and found[0])


def _load(server: Mapping[str, Any], name: str, dump: Path) -> None:
    servers.run(
        "pg_restore", server, "--no-owner", "--no-acl", "--exit-on-error", "--single-transaction", "-d", name, str(dump)
    )


def _prove(
    link: psycopg.Connection[Any], manifest: Manifest, opens: Callable[[bytes, str], object], *, despite_keys: bool
) -> None:
    """Rows as counted at the time, the audit trail still guarded, and every person's key opened by the keys at hand."""
    with contextlib.closing(link):
        rows = servers.rows(link)
        if rows != manifest.rows:
            differ = sorted(name for name in {*rows, *manifest.rows} if rows.get(name) != manifest.rows.get(name))
            raise BackupError(f"After restoring, these tables differ from the manifest: {', '.join(differ[:8])}")
        guards = link.execute(
            "select count(*) from pg_trigger where tgrelid = 'core_auditentry'::regclass and not tgisinternal"
        ).fetchone()
        if not guards or guards[0] < 2:
            raise BackupError("The restored audit trail has lost its guards; the backup was not made by Okat.")
        shut, every = _shut(link, opens)
        if shut and (shut == every or not despite_keys):
            raise BackupError(
                f"The key file at hand does not open {shut} of the {every} persons' keys in this backup: set OKAT_KEYS "
                "to the file of that city. If another file was in use there for a while, put its key into the file "
                "under another name; where that is lost, --despite-keys restores the rest."
            )


def _shut(link: psycopg.Connection[Any], opens: Callable[[bytes, str], object]) -> tuple[int, int]:
    """How many wrapped keys the keys at hand do not open, and how many there are."""
    shut = every = 0
    with link.transaction(), link.cursor(name="every_key") as rows:
        rows.execute("select wrapped, id::text from core_datakey")
        for every, (wrapped, subject) in enumerate(rows, start=1):  # noqa: B007 - counts
            try:
                opens(bytes(wrapped), subject)
            except Exception:
                shut += 1
    return shut, every
