"""The outbox: every letter is a row, written by whoever does what it tells, in the same transaction.

`post` puts it there; `sending` takes it out; `channels` carries it. Nothing else of Okat sends letters.
"""

from okat.city.core.outbox.kinds import KINDS, LetterKind, Words, tell
from okat.city.core.outbox.posting import post, post_all, post_each, take_back

__all__ = ["KINDS", "LetterKind", "Words", "post", "post_all", "post_each", "take_back", "tell"]
