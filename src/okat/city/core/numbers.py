"""Whole numbers of addresses, hidden fields and other programs' answers, read in one way.

Python's own `int` is no reader of what comes from outside: it refuses more than 4300 digits with an error, takes
`1_000` and digits of every script, and `str.isdigit` says yes to `²`, at which `int` breaks. What people type into a
field is read by the field (core.forms, okat.thai).
"""

MOST_KEPT = 2**63 - 1  # the greatest number that a column of ours holds
_LONGEST = 20  # digits; more than that is no number of ours, whatever zeros it begins with


def whole(text: object, *, least: int = 0, most: int = MOST_KEPT) -> int | None:
    """The number that plain digits say; None for anything else, and where it lies out of bounds."""
    said = text if isinstance(text, str) else ""
    if not (len(said) <= _LONGEST and said.isascii() and said.isdigit()):
        return None
    number = int(said)
    return number if least <= number <= most else None
