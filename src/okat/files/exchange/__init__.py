"""What other programs hand over about opportunities: Open Referral packages and calendars, as plain listings.

kind = recognised(data)                       # "hsds", "calendar" or "" for anything else, such as a spreadsheet
reading = read_listings(data, today=today)    # never half: errors name file, row and column
"""

from __future__ import annotations

import datetime as dt

from okat.files.exchange import calendars, hsds
from okat.files.exchange.errors import ListingError
from okat.files.exchange.listing import Listing, Meeting, Reading

__all__ = ["Listing", "ListingError", "Meeting", "Reading", "read_listings", "recognised"]


def recognised(data: bytes) -> str:
    """What the bytes are, whatever the file is called."""
    if hsds.is_package(data):
        return "hsds"
    return "calendar" if calendars.is_calendar(data) else ""


def read_listings(data: bytes, *, today: dt.date) -> Reading:
    """Everything that a package or calendar says. Raises ListingError for one that cannot be read at all."""
    return hsds.read_package(data, today=today) if hsds.is_package(data) else calendars.read_calendar(data, today=today)
