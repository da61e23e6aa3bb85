"""Every write of the catalogue."""

from okat.city.catalogue.actions._handover import hand_over
from okat.city.catalogue.actions._holding import hold_courses
from okat.city.catalogue.actions._office import OpportunityImporter
from okat.city.catalogue.actions._ready import publishing_faults
from okat.city.catalogue.actions.lookouts import Wanted, count_ask, erase_lookouts, look_out, stop_looking
from okat.city.catalogue.actions.many import Published, publish_many
from okat.city.catalogue.actions.one import cancel, close, publish, set_rule, write
from okat.city.catalogue.actions.places import follow_venue
from okat.city.catalogue.actions.sharing import answer_pledge, pledge, seek, stop_seeking, take_back, use_pledge
from okat.city.catalogue.actions.starting import start_draft
from okat.city.catalogue.actions.wisdom import hide_holder, keep_holder, name_holder
from okat.city.catalogue.actions.wishes import add_wish, drop_wish, erase_wishes, move_wish

__all__ = [
    "OpportunityImporter",
    "Published",
    "Wanted",
    "add_wish",
    "answer_pledge",
    "cancel",
    "close",
    "count_ask",
    "drop_wish",
    "erase_lookouts",
    "erase_wishes",
    "follow_venue",
    "hand_over",
    "hide_holder",
    "hold_courses",
    "keep_holder",
    "look_out",
    "move_wish",
    "name_holder",
    "pledge",
    "publish",
    "publish_many",
    "publishing_faults",
    "seek",
    "set_rule",
    "start_draft",
    "stop_looking",
    "stop_seeking",
    "take_back",
    "use_pledge",
    "write",
]
