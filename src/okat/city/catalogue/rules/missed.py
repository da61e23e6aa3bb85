"""What may be kept of a search that found nothing: words that several looked for, never who asked and nothing that
names somebody. Until then they lie nowhere in readable form: what one person types is theirs alone."""

from okat.thai.digits import to_arabic
from okat.thai.private import looks_personal
from okat.thai.text import length, normalise

SHORTEST, LONGEST = 2, 60  # characters: a letter says nothing, a long text is a story of somebody's own
SMALLEST = 5  # accounts or connections in one window of WITHIN seconds: what fewer looked for is not kept
WITHIN = 30 * 24 * 3600
PERIODS = (30, 90, 365)  # days


def keepable(text: str) -> str:
    """The text as it may be kept, in one spelling; empty where it must not be."""
    plain = to_arabic(normalise(text)).casefold()
    if not SHORTEST <= length(plain) <= LONGEST or looks_personal(text):
        return ""
    return plain
