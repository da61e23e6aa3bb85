"""One file that holds a city: the database, the uploaded files and a manifest with digests. Never the keys.

A stolen backup opens no sealed value. How one is brought back: restoring.py.
"""

import contextlib
import datetime as dt
import errno
import fcntl
import hashlib
import hmac
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

import psycopg

from okat.config import servers
from okat.config.faults import OperatorError
from okat.files import durable

DUMP = "database.dump"
MANIFEST = "manifest.json"
SEAL = "manifest.seal"  # a keyed hash of the manifest: whoever has no key file can neither change nor make one
FILES = "files/"
LOCK = ".lock"
PREFIX = ".okat-backup-"
READER = "okat backup"  # core.rotation does not wait for it

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
Seal = Callable[[bytes], str]


class BackupError(OperatorError):
    """The backup could not be made, read or restored; the message says why and what to do. Nothing has changed."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: rows by table, and the SHA-256 of each member of the archive. `sealed` is found on
    reading: this very manifest was written by whoever had the city's keys; one of before the seals is not."""

    made_at: str
    demo: bool
    rows: dict[str, int]
    digests: dict[str, str] = field(default_factory=dict)
    sealed: bool = False


def make(
    file: Path, *, server: Mapping[str, Any], media: Path, keys: Path, demo: bool, seal: Seal | None = None,
    replace: bool = True,
) -> Manifest:  # fmt: skip
    """Write `file` whole or not at all. `server` is Django's dictionary of one database; `seal` gives the keyed hash of
    the manifest; `replace`: an earlier backup gives way, and nothing else ever does. Raises BackupError."""
    _may_write(file, keys, over=replace)
    if keys.resolve().is_relative_to(media.resolve()):
        raise BackupError(
            f"The key file {keys} lies among the uploaded files; move it out, or it would be in the backup."
        )
    sweep(file.parent, PREFIX)
    with workplace(file.parent, PREFIX) as folder:
        dump, draft = folder / DUMP, folder / file.name
        rows = _dump(server, dump)
        with tarfile.open(draft, "w") as archive:
            digests = {DUMP: _add(archive, dump, DUMP)}
            for path in sorted(filter(_kept, media.rglob("*"))):
                name = FILES + path.relative_to(media).as_posix()
                # Erased meanwhile. The dump is older: what it says of the file comes back without it.
                with contextlib.suppress(FileNotFoundError):
                    digests[name] = _add(archive, path, name)
            manifest = Manifest(dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), demo, rows, digests)
            paper = folder / MANIFEST
            said = {name: value for name, value in asdict(manifest).items() if name != "sealed"}
            paper.write_text(json.dumps(said, ensure_ascii=False, indent=1), encoding="utf-8")
            _add(archive, paper, MANIFEST)
            if seal is not None:
                (folder / SEAL).write_text(seal(paper.read_bytes()), encoding="ascii")
                _add(archive, folder / SEAL, SEAL)
        draft.chmod(0o600)
        _may_write(file, keys, over=replace)  # what came to lie there meanwhile
        if file.exists():
            durable.put(draft, file)
        else:
            with _refusing(file):
                durable.put_new(draft, file)
    return manifest


def _may_write(file: Path, keys: Path, *, over: bool) -> None:
    if file.resolve() == keys.resolve():
        raise BackupError(
            f"{file} คือไฟล์กุญแจ ไม่มีอะไรเปลี่ยน ตั้งชื่ออื่นให้ข้อมูลสำรอง / "
            f"{file} is the key file and is left as it is: give the backup another name."
        )
    if not os.path.lexists(file):
        return
    _check_plain(file)
    if not over:
        raise BackupError(f"มีไฟล์ {file} อยู่แล้ว ใส่ --yes เพื่อเขียนทับ / {file} exists; say --yes to replace it.")
    if not _is_ours(file):
        raise BackupError(
            f"{file} ไม่ใช่ข้อมูลสำรองของโปรแกรมนี้ จึงไม่เขียนทับ ตั้งชื่ออื่น / "
            f"{file} is no backup of Okat and is left as it is: give the backup another name."
        )


def _check_plain(file: Path) -> None:
    """What is no ordinary file (a device, a pipe, a folder) may never end."""
    if file.exists() and not file.is_file():
        raise BackupError(f"{file} ไม่ใช่ไฟล์ธรรมดา ระบุไฟล์ / {file} is no ordinary file: name a file.")


def _is_ours(file: Path) -> bool:
    """Whether it begins as every backup does."""
    try:
        with tarfile.open(file) as archive:
            first = archive.next()
    except (tarfile.TarError, OSError):
        return False
    return first is not None and first.name == DUMP


@contextlib.contextmanager
def _refusing(file: Path) -> Iterator[None]:
    try:
        yield
    except FileExistsError as error:
        raise BackupError(
            f"มีไฟล์ {file} มาอยู่แล้ว จึงไม่เขียนทับ / {file} has come to be there, and is left as it is."
        ) from error


@contextlib.contextmanager
def workplace(beside: Path, prefix: str) -> Iterator[Path]:
    """A folder for what is not finished; it goes when its work ends, also by an error. After a kill it stays, without
    its lock, until `sweep`."""
    with tempfile.TemporaryDirectory(dir=beside, prefix=prefix, ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with (folder / LOCK).open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder


def sweep(beside: Path, prefix: str) -> list[Path]:
    """Remove the workplaces that a killed run left; those that somebody works in stay."""
    left = []
    for folder in sorted(beside.glob(f"{prefix}*")):
        try:
            with (folder / LOCK).open("a") as lock:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(folder, ignore_errors=True)
                left.append(folder)
        except OSError:
            continue  # in use, or another user's
    return left


def unpack(file: Path, folder: Path, seal: Seal | None = None) -> Manifest:
    """Write the members into `folder` and compare each with its digest, and the manifest with its seal. Raises
    BackupError."""
    _check_plain(file)
    try:
        with tarfile.open(file) as archive:
            archive.extractall(folder, filter="data")
        paper = (folder / MANIFEST).read_bytes()
        manifest = Manifest(**{**json.loads(paper), "sealed": False})  # a file cannot say it of itself
    except (tarfile.TarError, OSError, ValueError, TypeError) as error:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            raise BackupError(
                f"ดิสก์ที่ {folder.parent} เต็ม ไม่เกี่ยวกับไฟล์สำรอง {file} ทำที่ว่างแล้วสั่งอีกครั้ง / "
                f"The disk of {folder.parent} has no room for what {file} holds; nothing is wrong with the file. Make "
                f"room, and run this again: {error}"
            ) from error
        raise BackupError(f"{file} is not a whole backup of Okat: {error}") from error
    found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {MANIFEST, SEAL, LOCK}
    if found != set(manifest.digests):
        raise BackupError(
            f"{file}: these members are missing or were added: {sorted(found ^ set(manifest.digests))[:5]}"
        )
    for name, digest in manifest.digests.items():
        if _digest(folder / name) != digest:
            raise BackupError(f"{file}: {name} was changed or is damaged; take another copy of the backup.")
    if seal is None or not (folder / SEAL).exists():
        return manifest
    if not hmac.compare_digest((folder / SEAL).read_bytes(), seal(paper).encode("ascii")):
        raise BackupError(
            f"{file}: the manifest was changed, or the key file at hand is not that city's: set OKAT_KEYS to the file "
            "of that city, or take another copy of the backup."
        )
    return replace(manifest, sealed=True)


def _kept(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and not path.name.startswith(durable.DRAFT)


class _Hashed:
    """Reads a file and hashes what it gave: the digest is of what went into the archive, also where the file grows."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._hash = file, hashlib.sha256()

    def read(self, size: int = -1, /) -> bytes:
        read = self._file.read(size)
        self._hash.update(read)
        return read

    def digest(self) -> str:
        return self._hash.hexdigest()


def _add(archive: tarfile.TarFile, path: Path, name: str) -> str:
    with path.open("rb") as file:
        read = _Hashed(file)
        archive.addfile(archive.gettarinfo(arcname=name, fileobj=file), read)
        return read.digest()


def _digest(path: Path) -> str:
    with path.open("rb") as lines:
        return hashlib.file_digest(lines, "sha256").hexdigest()


def _dump(server: Mapping[str, Any], dump: Path) -> dict[str, int]:
    """The dump and the counts come from one snapshot, so that they agree while people work."""
    name = str(server["NAME"])
    try:
        with servers.connect(server, name, program=READER) as link, link.transaction():
            link.execute("set transaction isolation level repeatable read")
            snapshot = link.execute("select pg_export_snapshot()").fetchone()
            assert snapshot is not None
            rows = servers.rows(link)
            given = (f"--lock-wait-timeout={servers.LOCK_SECONDS}s", f"--snapshot={snapshot[0]}")
            servers.run("pg_dump", server, "-Fc", *given, "-f", str(dump), "-d", name)
    except (psycopg.Error, servers.ServerError) as error:
        if isinstance(error, psycopg.errors.LockNotAvailable) or "LOCK TABLE" in str(error):
            raise BackupError(
                f"มีงานอื่นล็อกตารางไว้เกิน {servers.LOCK_SECONDS} วินาที จึงยังไม่ได้สำรอง รอให้จบแล้วสั่งอีกครั้ง / "
                f"Something keeps a table locked for more than {servers.LOCK_SECONDS} s, such as a new version's "
                "change of the tables. No backup was made: wait until it has ended, and run this again."
            ) from error
        raise BackupError(f"สำรองไม่ได้ / No backup was made: {error}") from error
    return rows
