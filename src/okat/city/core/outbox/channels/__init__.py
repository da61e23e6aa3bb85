"""All channels by name."""

from collections.abc import Mapping

from okat.city.core.outbox.channels.email import Email
from okat.city.core.outbox.channels.shape import Channel

CHANNELS: Mapping[str, Channel] = {channel.name: channel for channel in (Email(),)}
