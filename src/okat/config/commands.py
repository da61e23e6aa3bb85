"""Commands that need the database, one function each; the command line calls them."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import click

from okat.config.boot import boot


def migrate() -> None:
    boot()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)


def load_city(folder: str | None, say: Callable[[str], None]) -> None:
    boot()
    from django.conf import settings

    from okat.city.accounts.queries import system_user
    from okat.city.core.registries import CITY
    from okat.files.city import CityFolderError, read_city

    try:
        city = read_city(Path(folder) if folder else settings.CITY)
        for _, load in CITY:
            say(load(city=city, by=system_user()))
    except CityFolderError as error:
        raise BadInput(str(error)) from error


def import_areas(file: str, source: str, say: Callable[[str], None]) -> None:
    boot()
    from okat.city.accounts.queries import system_user
    from okat.city.places.actions import import_boundaries
    from okat.files.areas import AreasFileError, read_areas

    try:
        shapes = read_areas(Path(file).read_bytes())
        count, unknown = import_boundaries(shapes=shapes, source=source or Path(file).name, by=system_user())
    except AreasFileError as error:
        raise BadInput(f"{file}: nothing was imported\n{error}") from error
    say(f"{count} areas have their boundary" + (f"; unknown codes left out: {', '.join(unknown)}" if unknown else ""))


def demo(say: Callable[[str], None], *, serve_it: bool, clean: bool) -> None:
    """Build the demo where there is none, in one transaction, so that a stopped build leaves nothing behind."""
    boot()
    if clean:
        _empty_database()
        say("the demo's data are gone; `make demo` builds it again")
        return
    migrate()
    from django.db import transaction

    from okat.city.desk.commands.demo import build, users
    from okat.config import messages

    messages.compile_all()
    if build.built():
        say("the demo city is there already; its data are kept")
    else:
        with transaction.atomic():
            build.build(say)
    for line in users.lines():
        say(line)
    if serve_it:
        serve(say, port=8000, workers=1)


def serve(say: Callable[[str], None], *, port: int, workers: int) -> None:
    """Become the server; the database goes on when it stops."""
    migrate()
    say(f"serving at http://127.0.0.1:{port}")
    program = str(Path(sys.executable).parent / "granian")
    options = ["--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", str(workers)]
    os.execv(program, [program, *options, "okat.config.wsgi:application"])  # noqa: S606 - our own server, no shell


def _empty_database() -> None:
    from django.conf import settings
    from django.db import connection

    if not settings.DEMO:
        raise BadInput("OKAT_DEMO is 0: this is a real city, and its data are not thrown away.")
    with connection.cursor() as cursor:
        cursor.execute("drop schema public cascade; create schema public")


class BadInput(click.ClickException):
    """Exit status 2: the input was refused and nothing was written."""

    exit_code = 2
