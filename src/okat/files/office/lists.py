"""What the cells of lists name: a known run of words before any part of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from okat.thai.text import normalise

_LIST = re.compile(r"\s*(?:[,;\n|、]|(?<!\d)/(?!\d)|(?:^|\s)\d{1,2}[.)]\s|•|(?:^|\s)-\s|และ|\s\+\s)\s*")
_LONGEST_RUN = 6  # parts of a list that may be one word together


def listed(texts: Iterable[str], find: Callable[[str], str | None]) -> dict[str, str | None]:
    """What lists name, each with what `find` knows of it: the longest run of parts that is known, commas and “และ” and
    all, before any part of it alone. An unknown part stands by itself."""
    found: dict[str, str | None] = {}
    for text in texts:
        parts = _parts(text)
        place = 0
        while place < len(parts):
            for last in range(min(len(parts), place + _LONGEST_RUN), place, -1):
                said = normalise(text[parts[place][0] : parts[last - 1][1]])
                known = find(said)
                if known is not None or last == place + 1:
                    found[said] = known
                    place = last
                    break
    return found


def _parts(text: str) -> list[tuple[int, int]]:
    """Where each part of a list begins and ends."""
    places, start = [], 0
    for found in _LIST.finditer(text):
        places.append((start, found.start()))
        start = found.end()
    places.append((start, len(text)))
    return [(first, last) for first, last in places if text[first:last].strip()]
