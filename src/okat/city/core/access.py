"""Who may call a view. A view without one of these marks is refused: deny by default (core.middleware)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from okat.city.core.permissions import Permission

V = TypeVar("V", bound=Callable[..., object])


@dataclass(frozen=True)
class Access:
    """`permissions` empty: anybody signed in. Staff pages want the second factor too.

    `unfinished`: the page is part of signing in, so the second factor and a fresh password may still be missing.
    """

    signed_in: bool = True
    permissions: tuple[Permission, ...] = ()
    unfinished: bool = False


PUBLIC = Access(signed_in=False)


def _mark(access: Access) -> Callable[[V], V]:
    def mark(view: V) -> V:
        view.__dict__["okat_access"] = access
        return view

    return mark


def public(view: V) -> V:
    """Anybody, signed in or not."""
    return _mark(PUBLIC)(view)


def signed_in(view: V) -> V:
    """Anybody with an account; the view itself checks that the object is theirs."""
    return _mark(Access())(view)


def signing_in(view: V) -> V:
    """Anybody whose password was right: for the pages that finish signing in, or leave."""
    return _mark(Access(unfinished=True))(view)


def staff(*permissions: Permission) -> Callable[[V], V]:
    """Anybody with at least one of these permissions, after the second factor."""
    if not permissions:
        raise TypeError("a staff view names its permissions")
    return _mark(Access(permissions=permissions))


def of(view: object) -> Access | None:
    return getattr(view, "okat_access", None)
