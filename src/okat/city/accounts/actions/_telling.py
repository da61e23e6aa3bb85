"""Telling whoever owns an account that what opens it was changed: in the application and by letter."""

from okat.city.accounts.models import User
from okat.city.accounts.queries import reachable
from okat.city.accounts.rules import Channel
from okat.city.core import registries
from okat.city.core.outbox import post


def tell_change(*, user: User, what: str, by: User | None, instead: tuple[Channel, str] | None = None) -> None:
    """`what` is a word of rules.CHANGED. The letter goes to each confirmed address, or to the one that was there before
    (`instead`): whoever took an account over cannot keep its owner from hearing of it."""
    registries.publish("account.changed", user=user, what=what, by=by)
    ways = [instead] if instead is not None else reachable([user])[user.pk].items()
    for channel, address in ways:
        post(
            kind="accounts.changed", user=user, channel=channel.value, address=address, params={"what": what},
            language=user.language,
        )  # fmt: skip
