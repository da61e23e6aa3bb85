"""Commands that need the database, one function each; the command line calls them."""

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


class BadInput(click.ClickException):
    """Exit status 2: the input was refused and nothing was written."""

    exit_code = 2
