"""Starts Django for a command, with the database running."""

import os
import sys


def boot(*, fast: bool = False) -> None:
    """Start the database (`fast` gives up durability: tests only), compile changed catalogues, load the apps."""
    from okat.config import database, messages

    messages.compile_all()
    database.start(options=database.FAST if fast else database.DURABLE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "okat.config.settings")
    _settle()
    import django

    django.setup()


def _settle() -> None:
    """A restore that was killed is finished or taken back before anything looks at the data."""
    from django.conf import settings

    from okat.config import restoring

    if said := restoring.settle(settings.DATABASES["default"], settings.MEDIA_ROOT):
        print(said, file=sys.stderr)
