"""Addresses and telephone numbers: given, confirmed by their owner, taken away."""

from django.db import IntegrityError, transaction

from okat.city.accounts.models import Address, User
from okat.city.accounts.rules import Channel, How, normal_address
from okat.city.core import audit, clock
from okat.city.core.action import action


class AddressTakenError(ValueError):
    """Another account has confirmed this address already."""


@action
def give_address(*, user: User, channel: Channel, value: str, by: User | None) -> Address:
    """What somebody typed: it waits for its owner's word, in place of what waited before. Raises ValueError."""
    normal = normal_address(channel, value)
    Address.objects.filter(user=user, channel=channel, confirmed_at=None).delete()
    address = Address(user=user, channel=channel, value=normal)
    address.save()
    audit.record(by=by, verb="accounts.address", subject=user, fields=[channel.value])
    return address


@action
def confirm_address(*, address: Address, how: How, by: User | None) -> Address:
    """From now on it counts, in place of the user's earlier one. Raises AddressTakenError when it is another's."""
    fresh = Address.objects.select_for_update().get(pk=address.pk)
    audit.record(by=by, verb="accounts.address_confirmed", subject=fresh.user, fields=[fresh.channel], reason=how.value)
    if fresh.confirmed_at is not None:
        return fresh
    earlier = Address.objects.filter(user=fresh.user_id, channel=fresh.channel, confirmed_at__isnull=False)
    earlier.delete()
    fresh.confirmed_at, fresh.how = clock.now(), how.value
    fresh.proof, fresh.proof_until, fresh.tries = "", None, 0
    try:
        with transaction.atomic():
            fresh.save()
    except IntegrityError as error:
        raise AddressTakenError(fresh.channel) from error
    return fresh
