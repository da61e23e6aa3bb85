"""Pages about a person that a slip of paper with a code opens to whoever has no account."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import Promise

from okat.city.core.permissions import Permission
from okat.city.core.registries import Registry


@dataclass(frozen=True)
class OwnPage:
    """`opens` says in words what the slip opens; `address` is the page's name, which shows what the session opened and
    takes no arguments; `there` answers whether this thing of this person can be shown now; `permission` is what whoever
    prints for a person needs."""

    opens: Promise
    address: str
    there: Callable[[UUID, UUID], bool]
    permission: Permission


# Filled by the app whose page it is. Reader: people, which prints the slips and takes the codes. Key: `app.thing`.
OWN_PAGES: Registry[OwnPage] = Registry("own pages")
