"""Finding opportunities."""

from okat.city.catalogue.queries.wishes import wishes

__all__ = ["wishes"]
