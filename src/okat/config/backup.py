"""One file that holds a city: the database, the uploaded files and a manifest with digests. Never the keys.

A stolen backup opens no sealed value. Restoring builds a new database beside the present one, proves it, and only then
changes their names; what was there is kept under another name until somebody drops it.
"""

import contextlib
import datetime as dt
import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from okat.config import database

DUMP = "database.dump"
MANIFEST = "manifest.json"
FILES = "files/"


class BackupError(Exception):
    """The backup could not be made, read or restored; the message says why and what to do. Nothing has changed."""


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: rows by table, and the SHA-256 of each member of the archive."""

    made_at: str
    demo: bool
    rows: dict[str, int]
    digests: dict[str, str] = field(default_factory=dict)


def make(file: Path, *, server: Mapping[str, Any], media: Path, keys: Path, demo: bool) -> Manifest:
    """Write `file` whole or not at all. `server` is Django's dictionary of one database. Raises BackupError."""
    if keys.resolve().is_relative_to(media.resolve()):
        raise BackupError(
            f"The key file {keys} lies among the uploaded files; move it out, or it would be in the backup."
        )
    draft = file.with_name(f".{file.name}.part")
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=".okat-backup-") as folder:
        dump = Path(folder) / DUMP
        rows = _dump(server, dump)
        try:
            with tarfile.open(draft, "w") as archive:
                digests = {DUMP: _add(archive, dump, DUMP)}
                for path in sorted(p for p in media.rglob("*") if p.is_file() and not p.is_symlink()):
                    name = FILES + path.relative_to(media).as_posix()
                    digests[name] = _add(archive, path, name)
                manifest = Manifest(dt.datetime.now(dt.UTC).isoformat(timespec="seconds"), demo, rows, digests)
                paper = Path(folder) / MANIFEST
                paper.write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1), encoding="utf-8")
                _add(archive, paper, MANIFEST)
            draft.chmod(0o600)
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
    return manifest


def restore(
    file: Path, *, server: Mapping[str, Any], media: Path, opens: Callable[[bytes, str], object], replace: bool
) -> tuple[Manifest, list[str]]:
    """Bring back what `file` holds; the manifest and what was set aside (a database and a folder).

    `opens` raises where the keys at hand do not open a wrapped data key. Without `replace` only an empty database and
    folder are filled. Raises BackupError; then all is as it was.
    """
    if not replace and (_in_use(server) or (media.exists() and any(media.iterdir()))):
        raise BackupError("There is data here already. To put it aside and restore, say --yes.")
    media.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=media.parent, prefix=".okat-restore-") as folder:
        manifest = unpack(file, Path(folder))
        incoming = f"{server['NAME']}_incoming"
        _recreate(server, incoming)
        try:
            _load(server, incoming, Path(folder) / DUMP)
            _prove(_connect(server, incoming), manifest, opens)
        except BaseException:
            _drop(server, incoming)
            raise
        return manifest, _swap(server, incoming, Path(folder) / FILES, media)


def unpack(file: Path, folder: Path) -> Manifest:
    """Write the members into `folder` and compare each with its digest. Raises BackupError."""
    try:
        with tarfile.open(file) as archive:
            archive.extractall(folder, filter="data")
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        manifest = Manifest(**content)
    except (tarfile.TarError, OSError, ValueError, TypeError) as error:
        raise BackupError(f"{file} is not a whole backup of Okat: {error}") from error
    found = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()} - {MANIFEST}
    if found != set(manifest.digests):
        raise BackupError(
            f"{file}: these members are missing or were added: {sorted(found ^ set(manifest.digests))[:5]}"
        )
    for name, digest in manifest.digests.items():
        if _digest(folder / name) != digest:
            raise BackupError(f"{file}: {name} was changed or is damaged; take another copy of the backup.")
    return manifest


def _add(archive: tarfile.TarFile, path: Path, name: str) -> str:
    archive.add(path, name, recursive=False)
    return _digest(path)


def _digest(path: Path) -> str:
    with path.open("rb") as lines:
        return hashlib.file_digest(lines, "sha256").hexdigest()


def _connect(server: Mapping[str, Any], name: str) -> psycopg.Connection[Any]:
    given = {"host": server["HOST"], "port": server["PORT"], "user": server["USER"], "password": server["PASSWORD"]}
    return psycopg.connect(dbname=name, autocommit=True, **{key: value for key, value in given.items() if value})


def _run(program: str, server: Mapping[str, Any], *arguments: str) -> None:
    there = {
        "PGHOST": server["HOST"],
        "PGPORT": str(server["PORT"]),
        "PGUSER": server["USER"],
        "PGPASSWORD": server["PASSWORD"],
    }
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs and our arguments
        [str(database.programs() / program), *arguments], capture_output=True, text=True, check=False,
        env={**os.environ, **{key: value for key, value in there.items() if value}},
    )  # fmt: skip
    if done.returncode != 0:
        raise BackupError(f"{program} failed: {done.stderr.strip()[-800:]}")


def _dump(server: Mapping[str, Any], dump: Path) -> dict[str, int]:
    """The dump and the counts come from one snapshot, so that they agree while people work."""
    with _connect(server, server["NAME"]) as link, link.transaction():
        link.execute("set transaction isolation level repeatable read")
        snapshot = link.execute("select pg_export_snapshot()").fetchone()
        assert snapshot is not None
        rows = _rows(link)
        _run("pg_dump", server, "-Fc", f"--snapshot={snapshot[0]}", "-f", str(dump), "-d", str(server["NAME"]))
    return rows


def _rows(link: psycopg.Connection[Any]) -> dict[str, int]:
    names = link.execute("select tablename from pg_tables where schemaname = 'public' order by 1").fetchall()
    counts = {}
    for (name,) in names:
        found = link.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(name))).fetchone()
        counts[name] = int(found[0]) if found else 0
    return counts


def _in_use(server: Mapping[str, Any]) -> bool:
    """Whether anybody has an account there; the system's own does not count."""
    with contextlib.closing(_connect(server, server["NAME"])) as link:
        there = link.execute("select to_regclass('public.accounts_user')").fetchone()
        if not there or there[0] is None:
            return False
        found = link.execute("select exists (select 1 from accounts_user where not is_system)").fetchone()
        return bool(found and found[0])


@contextlib.contextmanager
def _beside(server: Mapping[str, Any]) -> Iterator[psycopg.Connection[Any]]:
    """A connection to the same server but to no database of ours, to make, rename and drop."""
    with contextlib.closing(_connect(server, "postgres")) as link:
        yield link


def _recreate(server: Mapping[str, Any], name: str) -> None:
    _drop(server, name)
    try:
        with _beside(server) as link:
            link.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    except psycopg.Error as error:
        raise BackupError(f"The database user may not make a database (it needs CREATEDB): {error}") from error


def _drop(server: Mapping[str, Any], name: str) -> None:
    with _beside(server) as link:
        link.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def _load(server: Mapping[str, Any], name: str, dump: Path) -> None:
    _run(
        "pg_restore", server, "--no-owner", "--no-acl", "--exit-on-error", "--single-transaction", "-d", name, str(dump)
    )


def _prove(link: psycopg.Connection[Any], manifest: Manifest, opens: Callable[[bytes, str], object]) -> None:
    """Rows as counted at the time, the audit trail still guarded, and the keys at hand fitting."""
    with contextlib.closing(link):
        rows = _rows(link)
        if rows != manifest.rows:
            differ = sorted(name for name in {*rows, *manifest.rows} if rows.get(name) != manifest.rows.get(name))
            raise BackupError(f"After restoring, these tables differ from the manifest: {', '.join(differ[:8])}")
        guards = link.execute(
            "select count(*) from pg_trigger where tgrelid = 'core_auditentry'::regclass and not tgisinternal"
        ).fetchone()
        if not guards or guards[0] < 2:
            raise BackupError("The restored audit trail has lost its guards; the backup was not made by Okat.")
        sample = (
            "select distinct on (split_part(encode(wrapped, 'escape'), ':', 1)) wrapped, id::text from core_datakey"
        )
        for wrapped, subject in link.execute(sample).fetchall():
            try:
                opens(bytes(wrapped), subject)
            except Exception as error:
                raise BackupError(
                    "The key file at hand does not open this backup: set OKAT_KEYS to the file of that city."
                ) from error


def _swap(server: Mapping[str, Any], incoming: str, files: Path, media: Path) -> list[str]:
    """Give the new database and folder their names; the old ones carry the moment in theirs."""
    stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%d%H%M%S%f")
    name, aside = str(server["NAME"]), f"{server['NAME']}_before_{stamp}"
    kept = [aside]
    with _beside(server) as link:
        link.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = %s", [name])
        link.execute(sql.SQL("alter database {} rename to {}").format(sql.Identifier(name), sql.Identifier(aside)))
        link.execute(sql.SQL("alter database {} rename to {}").format(sql.Identifier(incoming), sql.Identifier(name)))
    if media.exists() and any(media.iterdir()):
        old = media.with_name(f"{media.name}.before-{stamp}")
        media.rename(old)
        kept.append(str(old))
    elif media.exists():
        media.rmdir()
    files.mkdir(exist_ok=True)
    shutil.move(files, media)
    return kept
