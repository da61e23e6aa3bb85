"""Starts Django for a command, with the database running."""

import os


def boot(*, fast: bool = False) -> None:
    """Start the database (`fast` gives up durability: tests only), compile changed catalogues, load the apps."""
    from okat.config import database, messages

    messages.compile_all()
    database.start(options=database.FAST if fast else database.DURABLE)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "okat.config.settings")
    import django

    django.setup()
