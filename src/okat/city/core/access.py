"""Who may call a view. A view without one of these marks is refused: deny by default (core.middleware)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from okat.city.core.permissions import Permission

V = TypeVar("V", bound=Callable[..., object])


@dataclass(frozen=True)
class Access:
    """`permissions` empty: anybody signed in. Staff pages want the second factor too."""

    signed_in: bool = True
    permissions: tuple[Permission, ...] = ()


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


def staff(*permissions: Permission) -> Callable[[V], V]:
    """Anybody with at least one of these permissions, after the second factor."""
    if not permissions:
        raise TypeError("a staff view names its permissions")
    return _mark(Access(permissions=permissions))


def of(view: object) -> Access | None:
    return getattr(view, "okat_access", None)
