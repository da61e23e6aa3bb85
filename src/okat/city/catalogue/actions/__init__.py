"""Every write of the catalogue."""

from okat.city.catalogue.actions.many import Published, publish_many

__all__ = ["Published", "publish_many"]
