"""What else there is of one opportunity for programs: its page names each in its head (`link rel=alternate`). Pure."""

from collections.abc import Callable
from typing import NamedTuple
from uuid import UUID

from django.utils.functional import Promise

from okat.city.core.registries import Registry


class Alternate(NamedTuple):
    """A media type (IANA), how it is called, and the address of an opportunity in it."""

    media: str
    title: str | Promise
    address: Callable[[UUID], str]


ALTERNATES: Registry[Alternate] = Registry("alternates")
