"""Every write of the catalogue."""

from okat.city.catalogue.actions._ready import publishing_faults
from okat.city.catalogue.actions.many import Published, publish_many
from okat.city.catalogue.actions.one import cancel, close, publish, set_rule, write
from okat.city.catalogue.actions.wishes import add_wish, drop_wish, erase_wishes, move_wish

__all__ = [
    "Published",
    "add_wish",
    "cancel",
    "close",
    "drop_wish",
    "erase_wishes",
    "move_wish",
    "publish",
    "publish_many",
    "publishing_faults",
    "set_rule",
    "write",
]
