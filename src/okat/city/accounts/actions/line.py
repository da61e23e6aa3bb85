"""LINE: an account is joined to its owner's LINE by a code that is shown here and sent from there."""

import datetime as dt

from okat.city.accounts.actions.addresses import AddressTakenError, confirm_address
from okat.city.accounts.models import Address, User
from okat.city.accounts.rules import Channel, How
from okat.city.core import audit, clock, crypto, ids
from okat.city.core.action import action
from okat.city.core.fresh import guarded
from okat.city.core.outbox import post

CODE_MINUTES = 15


@action
@guarded
def ask_line(*, user: User, by: User) -> str:
    """A code, shown once: whoever sends it to the city's LINE account within a quarter of an hour is this user."""
    Address.objects.filter(user=user, channel=Channel.LINE, confirmed_at=None).delete()
    code = ids.receipt()
    until = clock.now() + dt.timedelta(minutes=CODE_MINUTES)
    Address(user=user, channel=Channel.LINE, value="", proof=_proof(code), proof_until=until).save()
    audit.record(by=by, verb="accounts.ask_line", subject=user, fields=["line"])
    return code


@action
def link_line(*, text: str, line_user: str, by: None = None) -> User | None:
    """What was sent to the city's LINE account: whose code it is, if anybody's. One LINE is one account's alone."""
    asked = Address.objects.filter(
        channel=Channel.LINE, confirmed_at=None, proof=_proof(text), proof_until__gt=clock.now()
    )
    address = asked.select_for_update(of=("self",), no_key=True).select_related("user").first()
    audit.record(by=by, verb="accounts.line_message", subject=address.user if address else None)
    if address is None or not address.user.is_active:
        return None
    address.value = line_user
    address.save(update_fields=["value"])
    try:
        confirm_address(address=address, how=How.CODE, by=address.user)
    except AddressTakenError:
        return None
    post(kind="accounts.line", user=address.user, channel=Channel.LINE.value, address=line_user)
    return address.user


@action
def lose_line(*, line_user: str, by: None = None) -> int:
    """They blocked the city's LINE account: what is sent there reaches nobody any more."""
    gone = Address.objects.filter(channel=Channel.LINE, value=line_user, confirmed_at__isnull=False)
    users = [address.user for address in gone.select_related("user")]
    gone.delete()
    audit.record(by=by, verb="accounts.line_lost", subject=users[0] if users else None, fields=["line"])
    return len(users)


def _proof(code: str) -> str:
    return crypto.keyed_hash("".join(c for c in code.upper() if c.isalnum()), "line-code")
