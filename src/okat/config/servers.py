"""The databases of one PostgreSQL server by their names, and the server's own programs.

`server` is Django's dictionary of one database.
"""

import contextlib
import os
import subprocess
from collections.abc import Iterator, Mapping
from typing import Any

import psycopg
from psycopg import sql

from okat.config import database
from okat.config.faults import OperatorError

LOCK_SECONDS = 60  # that a backup or a restore waits for a table that somebody changes


class ServerError(OperatorError):
    """The server or one of its programs refused; the message says why."""


def connect(server: Mapping[str, Any], name: str, *, program: str = "okat") -> psycopg.Connection[Any]:
    """`program` is what the server's list of connections calls it. Nobody is waited for longer than `LOCK_SECONDS`."""
    given = {"host": server["HOST"], "port": server["PORT"], "user": server["USER"], "password": server["PASSWORD"]}
    return psycopg.connect(
        dbname=name, autocommit=True, application_name=program, connect_timeout=database.CONNECT,
        options=f"-c lock_timeout={LOCK_SECONDS}s", **{key: value for key, value in given.items() if value},
    )  # fmt: skip


def run(program: str, server: Mapping[str, Any], *arguments: str) -> None:
    there = {
        "PGHOST": server["HOST"],
        "PGPORT": str(server["PORT"]),
        "PGUSER": server["USER"],
        "PGPASSWORD": server["PASSWORD"],
        "PGCONNECT_TIMEOUT": str(database.CONNECT),
    }
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own programs and our arguments
        [str(database.programs() / program), *arguments], capture_output=True, text=True, check=False,
        env={**os.environ, **{key: value for key, value in there.items() if value}},
    )  # fmt: skip
    if done.returncode != 0:
        # From its first fault on: after it stands the whole command that failed.
        raise ServerError(f"{program} failed: {done.stderr[max(done.stderr.find('error:'), 0) :].strip()[:400]}")


def rows(link: psycopg.Connection[Any]) -> dict[str, int]:
    names = link.execute("select tablename from pg_tables where schemaname = 'public' order by 1").fetchall()
    counts = {}
    for (name,) in names:
        found = link.execute(sql.SQL("select count(*) from {}").format(sql.Identifier(name))).fetchone()
        counts[name] = int(found[0]) if found else 0
    return counts


@contextlib.contextmanager
def beside(server: Mapping[str, Any]) -> Iterator[psycopg.Connection[Any]]:
    """A connection to the same server but to no database of ours, to make, rename and drop."""
    with contextlib.closing(connect(server, "postgres")) as link:
        yield link


def recreate(server: Mapping[str, Any], name: str) -> None:
    drop(server, name)
    try:
        with beside(server) as link:
            link.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    except psycopg.errors.InsufficientPrivilege as error:
        raise ServerError(f"The database user may not make a database (it needs CREATEDB): {error}") from error
    except psycopg.Error as error:
        raise ServerError(f"A database could not be made; see that the disk has room: {error}") from error


def drop(server: Mapping[str, Any], name: str) -> None:
    with beside(server) as link:
        link.execute(sql.SQL("drop database if exists {} with (force)").format(sql.Identifier(name)))


def named(server: Mapping[str, Any], like: str) -> list[str]:
    """The databases whose name begins with `like`."""
    with beside(server) as link:
        found = link.execute(
            "select datname from pg_database where starts_with(datname, %s) order by datname", [like]
        ).fetchall()
    return [str(name) for (name,) in found]
