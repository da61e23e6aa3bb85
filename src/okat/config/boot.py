"""Starts Django for a command, with the database running."""

import os


def boot(*, fast: bool = False) -> None:
    """Start the database (`fast` gives up durability: tests only) and load the apps."""
    from okat.config import database

    database.start(options=database.FAST if fast else database.DURABLE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "okat.config.settings")
    import django

    django.setup()
