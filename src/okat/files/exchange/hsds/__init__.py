"""Open Referral HSDS 3.0 as a Tabular Data Package: a zip with datapackage.json and one CSV file for each table."""

from __future__ import annotations

import datetime as dt

from okat.files.exchange.hsds.check import check
from okat.files.exchange.hsds.join import listings
from okat.files.exchange.hsds.package import LIMITS, is_package, open_package, zipped
from okat.files.exchange.listing import Reading
from okat.files.office.limits import Limits

__all__ = ["is_package", "read_package", "zipped"]


def read_package(data: bytes, *, today: dt.date, limits: Limits = LIMITS) -> Reading:
    """All tables read, checked against the standard and each other, and joined to one listing for each service at
    each of its locations. Raises ListingError; what is wrong with rows is in the result."""
    package = open_package(data, limits)
    checked = check(package)
    found = listings(checked, today) if not checked.errors else ([], [], [])
    joined, errors, warnings = found
    files = {table.file: len(table.rows) for table in checked.tables.values()}
    return Reading(
        "hsds", sum(files.values()), tuple(joined), (*package.errors, *checked.errors, *errors),
        (*package.warnings, *checked.warnings, *warnings), files,
    )  # fmt: skip
