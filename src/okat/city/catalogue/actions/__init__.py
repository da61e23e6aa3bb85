"""Every write of the catalogue."""

from okat.city.catalogue.actions._ready import publishing_faults
from okat.city.catalogue.actions.many import Published, publish_many
from okat.city.catalogue.actions.one import cancel, close, publish, set_rule, write

__all__ = ["Published", "cancel", "close", "publish", "publish_many", "publishing_faults", "set_rule", "write"]
