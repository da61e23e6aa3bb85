"""Objects of this app's addresses, for tests/access."""

from tests.access.thing import Thing
from tests.small_city import SmallCity

from okat.city.accounts import actions, queries
from okat.city.accounts.rules import Channel


def reset(city: SmallCity) -> Thing:
    uid, token = queries.reset_parts(city.resident)
    return Thing({"uid": uid, "token": token}, public=True)  # whoever holds the letter


def channel(city: SmallCity) -> Thing:
    return Thing({"channel": "email"}, public=True)  # everybody's own


def asked(city: SmallCity) -> Thing:
    actions.give_address(user=city.resident, channel=Channel.EMAIL, value="again@example.org", by=city.resident)
    return Thing({"channel": "email"}, owner=city.resident)


def confirm(city: SmallCity) -> Thing:
    made = actions.give_address(user=city.resident, channel=Channel.EMAIL, value="new@example.org", by=city.resident)
    return Thing({"token": made.token()}, owner=city.resident)


MAKERS = {
    "accounts:reset": reset, "accounts:confirm": confirm, "accounts:address": channel, "accounts:address-drop": channel,
    "accounts:address-again": asked,
}  # fmt: skip
