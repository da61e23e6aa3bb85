"""Reading people: always through the scope of the one who reads."""

from okat.city.people.queries.consents import (
    allowed,
    consented,
    consents_of,
    has_grant,
    joined,
    rests_on,
    sees_by_it_alone,
    speaks_for,
    withdrawn_with,
)
from okat.city.people.queries.contact import numbers_for
from okat.city.people.queries.linking import account_called, asked_about, asked_of, works_for_a_partner
from okat.city.people.queries.record import (
    accesses_of,
    export_of,
    find_person,
    note_list,
    note_look,
    open_person,
    open_to_act,
    refuse_dead,
    timeline,
)
from okat.city.people.queries.scope import (
    Reach,
    acted_for_by,
    may_act_for,
    may_see_point,
    may_see_sensitive,
    reach,
    seeing_partner,
    sensitive_to,
    standing,
    visible_to,
)
from okat.city.people.queries.search import search
from okat.city.people.queries.sheet import Sheet, open_sheet

__all__ = [
    "Reach",
    "Sheet",
    "accesses_of",
    "account_called",
    "acted_for_by",
    "allowed",
    "asked_about",
    "asked_of",
    "consented",
    "consents_of",
    "export_of",
    "find_person",
    "has_grant",
    "joined",
    "may_act_for",
    "may_see_point",
    "may_see_sensitive",
    "note_list",
    "note_look",
    "numbers_for",
    "open_person",
    "open_sheet",
    "open_to_act",
    "reach",
    "refuse_dead",
    "rests_on",
    "search",
    "seeing_partner",
    "sees_by_it_alone",
    "sensitive_to",
    "speaks_for",
    "standing",
    "timeline",
    "visible_to",
    "withdrawn_with",
    "works_for_a_partner",
]
