"""All channels by name. Beside them stands what is shown in the application, which needs no carrying."""

from collections.abc import Mapping

from okat.city.core.outbox.channels.email import Email
from okat.city.core.outbox.channels.line import Line
from okat.city.core.outbox.channels.shape import Channel
from okat.city.core.outbox.channels.sms import Sms

CHANNELS: Mapping[str, Channel] = {channel.name: channel for channel in (Line(), Email(), Sms())}


def set_up() -> tuple[str, ...]:
    """The channels that the settings give a server."""
    return tuple(name for name, channel in CHANNELS.items() if channel.is_set_up())


def goes(name: str) -> bool:
    """Whether the city has a server by which anything goes out on this channel."""
    return CHANNELS[name].is_set_up()
