"""Addresses and telephone numbers: given, confirmed by their owner, taken away."""

import datetime as dt
import secrets

from django.db import IntegrityError, transaction

from okat.city.accounts.actions._telling import tell_change
from okat.city.accounts.models import Address, User
from okat.city.accounts.queries import code_hash, goes
from okat.city.accounts.rules import MOST_TRIES, Channel, How, normal_address
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.fresh import guarded
from okat.city.core.limits import DAY, tallied, tally
from okat.city.core.outbox import post

CODE_MINUTES, TRIES_A_DAY = 15, 10


class AddressTakenError(ValueError):
    """Another account has confirmed this address already."""


@action
@guarded
def give_address(*, user: User, channel: Channel, value: str, by: User | None, ask: bool = True) -> Address:
    """What somebody typed: it waits for its owner's word, in place of what waited before. Raises ValueError.

    `ask`: send there what its owner answers with, and tell the addresses that count until then. A code that cannot go
    now would be too old by the time it could: none is made, and the number waits to be rung.
    """
    normal = normal_address(channel, value)
    Address.objects.filter(user=user, channel=channel, confirmed_at=None).delete()
    address = Address(user=user, channel=channel, value=normal)
    address.save()
    audit.record(by=by, verb="accounts.address", subject=user, fields=[channel.value])
    if ask:
        if channel is not Channel.SMS or goes(channel):
            ask_owner(address=address, by=by)
        tell_change(user=user, what=f"{channel.value}_asked", by=by)
    return address


@action
def ask_owner(*, address: Address, by: User | None) -> None:
    """Send a link (e-mail) or a code of six digits (SMS); an earlier code stops working."""
    code = ""
    if address.channel == Channel.SMS:
        code = f"{secrets.randbelow(10**6):06d}"
        address.proof, address.tries = code_hash(address, code), 0
        address.proof_until = clock.now() + dt.timedelta(minutes=CODE_MINUTES)
        address.save(update_fields=["proof", "tries", "proof_until"])
    post(
        kind="accounts.confirm", channel=address.channel, address=address.value, language=address.user.language,
        params={"address": address.pk}, secret={"code": code} if code else None,
    )  # fmt: skip
    audit.record(by=by, verb="accounts.ask_owner", subject=address.user, fields=[address.channel])


@action
def confirm_by_code(*, address: Address, code: str, by: User) -> bool:
    """Whether the code was right, in time, not the sixth guess at it, and not the eleventh wrong one of the day. Raises
    AddressTakenError."""
    fresh = Address.objects.select_for_update(no_key=True).get(pk=address.pk)
    who = f"{fresh.user_id}:{fresh.value}"
    wrong = tallied(name="wrong-code", who=who, seconds=DAY)  # of whatever codes
    guesses = fresh.tries < MOST_TRIES and wrong < TRIES_A_DAY
    open_still = guesses and fresh.proof_until is not None and fresh.proof_until > clock.now()
    fresh.tries += 1
    fresh.save(update_fields=["tries"])
    fits = open_still and secrets.compare_digest(fresh.proof, code_hash(fresh, code))
    audit.record(by=by, verb="accounts.code_try", subject=fresh.user, reason="right" if fits else "wrong")
    if fits:
        confirm_address(address=fresh, how=How.CODE, by=by)
    else:
        tally(name="wrong-code", who=who, seconds=DAY)
    return fits


@action
@guarded
def confirm_by_call(*, address: Address, by: User) -> Address:
    """`by` rang the number and its owner answered. Nobody rings oneself. Raises AddressTakenError."""
    if address.user_id == by.pk:
        raise ValueError("somebody else rings")
    return confirm_address(address=address, how=How.OFFICER, by=by)


@action
def confirm_address(*, address: Address, how: How, by: User | None) -> Address:
    """From now on it counts, in place of the user's earlier one, which is told. Raises AddressTakenError when another
    account has it."""
    fresh = Address.objects.select_for_update(no_key=True).select_related("user").get(pk=address.pk)
    audit.record(by=by, verb="accounts.address_confirmed", subject=fresh.user, fields=[fresh.channel], reason=how.value)
    if fresh.confirmed_at is not None:
        return fresh
    before = Address.objects.filter(user=fresh.user, channel=fresh.channel, confirmed_at__isnull=False).first()
    try:
        with transaction.atomic():
            if before is not None:
                before.delete()
            fresh.confirmed_at, fresh.how = clock.now(), how.value
            fresh.proof, fresh.proof_until, fresh.tries = "", None, 0
            fresh.save()
    except IntegrityError as error:
        raise AddressTakenError(fresh.channel) from error
    if before is not None and before.value != fresh.value:
        old = (Channel(before.channel), before.value)
        tell_change(user=fresh.user, what=fresh.channel, by=by, instead=old)
    return fresh


@action
@guarded
def drop_addresses(*, user: User, channel: Channel, by: User) -> None:
    """Nothing goes there any more, and nobody signs in with it."""
    rows = Address.objects.filter(user=user, channel=channel)
    before = rows.filter(confirmed_at__isnull=False).first()
    rows.delete()
    audit.record(by=by, verb="accounts.address_dropped", subject=user, fields=[channel.value])
    if before is not None:
        tell_change(user=user, what=f"{channel.value}_gone", by=by, instead=(channel, before.value))
