"""What JSON Schema calls formats, checked for real: its library alone lets any moment and any address pass."""

import datetime as dt
from urllib.parse import urlsplit

from jsonschema import FormatChecker

CHECKER = FormatChecker()


@CHECKER.checks("date-time", raises=ValueError)
def _moment(value: object) -> bool:
    """RFC 3339: with an offset."""
    return not isinstance(value, str) or ("T" in value and dt.datetime.fromisoformat(value).tzinfo is not None)


@CHECKER.checks("uri", raises=ValueError)
def _address(value: object) -> bool:
    return not isinstance(value, str) or (bool(urlsplit(value).scheme) and " " not in value)
