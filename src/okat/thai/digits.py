"""Thai digits (๐-๙, U+0E50 to U+0E59) and Arabic digits."""

from __future__ import annotations

THAI = "๐๑๒๓๔๕๖๗๘๙"
ARABIC = "0123456789"
_TO_ARABIC = str.maketrans(THAI, ARABIC)
_TO_THAI = str.maketrans(ARABIC, THAI)


def to_arabic(text: str) -> str:
    """The text with each Thai digit replaced by its Arabic one; all else is kept."""
    return text.translate(_TO_ARABIC)


def to_thai(text: str) -> str:
    """The text with each Arabic digit replaced by its Thai one; all else is kept."""
    return text.translate(_TO_THAI)
