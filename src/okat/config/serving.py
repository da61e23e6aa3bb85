"""What `okat serve` serves: the pages, with limits for the database, so that nobody's page waits for ever."""

from django.conf import settings

from okat.config.wsgi import application

__all__ = ["application"]


def _limits() -> None:
    from okat.city.core import connections

    connections.limit(statement=settings.STATEMENT_SECONDS, lock=settings.LOCK_SECONDS, idle=settings.IDLE_SECONDS)


_limits()
