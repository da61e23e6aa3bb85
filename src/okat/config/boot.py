"""Starts Django for a command, with the database running."""

import os
import sys


def boot(*, fast: bool = False, any_keys: bool = False) -> None:
    """Start the database (`fast` gives up durability: tests only), compile changed catalogues, load the apps. Raises
    RefusedError where the key file is not this database's, before anything is written with it, unless `any_keys`;
    KeyFileError where there is none."""
    from okat.config import database, messages

    messages.compile_all()
    database.start(options=database.FAST if fast else database.DURABLE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "okat.config.settings")
    _settle()
    import django

    django.setup()
    _same_keys(any_keys=any_keys)


def _same_keys(*, any_keys: bool) -> None:
    from django.conf import settings
    from django.db import OperationalError

    from okat.city.core import key_marks
    from okat.config import checks, keys

    try:
        strange = key_marks.there() and key_marks.strange()
    except OperationalError:
        return  # it is away; whatever asks it next says so
    if strange and keys.unmake(settings.KEY_FILE):
        raise keys.missing(settings.KEY_FILE)
    if strange and not any_keys:
        raise checks.RefusedError(checks.told("keys_strange"))


def _settle() -> None:
    """A restore that was killed is finished or taken back before anything looks at the data."""
    from django.conf import settings

    from okat.config import restoring

    if said := restoring.settle(settings.DATABASES["default"], settings.MEDIA_ROOT):
        print(said, file=sys.stderr)
