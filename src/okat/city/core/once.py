"""A form sent twice counts once."""

import uuid
from collections.abc import Callable
from typing import Any

from django.db import transaction

from okat.city.core import planned
from okat.city.core.action import framed
from okat.city.core.models import OnceToken


def once(*, user: Any, token: str, do: Callable[[], str]) -> str:
    """Run `do` (it writes and gives the address to go to) at most once per user and token.

    The mark and the work are one transaction: a second sending waits for the first, then gets its address.
    A form without a readable token is simply done.
    """
    try:
        key = uuid.UUID(token)
    except ValueError:
        return do()
    with transaction.atomic():
        mark = OnceToken(user=user, token=key)
        if not planned.insert_new(mark):
            return OnceToken.objects.get(user=user, token=key).location
        inside = framed.set(True)
        try:
            mark.location = do()
        finally:
            framed.reset(inside)
        planned.update(mark, "location")
        return mark.location


def done(*, user: Any, token: str) -> str:
    """Where an earlier sending of the same form led; empty for the first. Asked before a form is checked whose
    choices follow from what the first sending changed."""
    try:
        key = uuid.UUID(token)
    except ValueError:
        return ""
    mark = OnceToken.objects.filter(user=user, token=key).first()
    return mark.location if mark is not None else ""
