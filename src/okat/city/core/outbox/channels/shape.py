"""The one shape of all channels."""

import datetime as dt
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from okat.city.core.outbox.kinds import Words

MOST_COST = 100_000_00  # satang for one letter; more is no price


@dataclass(frozen=True)
class Receipt:
    """What the other side calls the letter, and what it cost, in satang. Once it took the letter, nothing that it says
    besides can undo that: what our columns cannot hold is left out."""

    name: str = ""
    cost: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", "".join(c for c in self.name if c.isprintable())[:100])
        object.__setattr__(self, "cost", min(max(self.cost, 0), MOST_COST))


class NotSentError(Exception):
    """`code` is ours, short, and holds nothing of the letter or of what the other side wrote."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class LaterError(NotSentError):
    """The other side could not just now; the same letter goes again, `after` that time where it said one."""

    def __init__(self, code: str, after: dt.timedelta | None = None) -> None:
        super().__init__(code)
        self.after = after


class RefusedError(NotSentError):
    """This address will never take this letter; another channel may."""


class BrokenError(NotSentError):
    """A fault of ours, before any channel had the letter: another one would not help."""


class DownError(NotSentError):
    """The channel is shut to us (key, quota); another one may carry the letter, else it waits until it is mended."""


class Channel(Protocol):
    """A way to carry letters, in any language. `send` raises LaterError, RefusedError or DownError."""

    name: str
    longest: int  # characters of a letter

    def is_set_up(self) -> bool:
        """Whether the settings name a server for it."""
        ...

    def send(self, *, key: UUID, address: str, words: Words, language: str) -> Receipt:
        """Hand it over. The same `key` may come twice: the other side can know it by that."""
        ...
