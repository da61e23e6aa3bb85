"""One spelling for one address, and what a login may be.

What is compared is also what is written to: a letter goes to the stored spelling and nowhere else. So two spellings
that fall together here can never give one person's account to another, whatever a mail server thinks of them.
"""

import re
import unicodedata
from enum import StrEnum

import idna

from okat.thai.errors import ThaiValueError
from okat.thai.phone import Phone, parse_phone
from okat.thai.text import normalise


class Channel(StrEnum):
    """The ways on which somebody can be reached outside the application."""

    EMAIL = "email"
    SMS = "sms"
    LINE = "line"


class How(StrEnum):
    """How an address was shown to be its owner's."""

    LINK = "link"  # opened a link that was sent to it
    CODE = "code"  # typed a code that was sent to it
    OFFICER = "officer"  # a member rang it and the owner answered
    DEMO = "demo"  # made up together with a demonstration's account


MAX_ADDRESS = 254
# Drawn as nothing although Unicode counts them as letters, marks or signs; controls and formats go by their category.
_UNSEEN = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]")

_UNSEEN_KINDS = frozenset({"Cc", "Cf", "Co", "Cs"})


def normal_login(text: str) -> str:
    """As stored and as looked for: e-mail addresses and telephone numbers in their one form, anything else trimmed, in
    small letters and without what cannot be seen."""
    plain = _plain(text)
    if "@" in plain:
        return _email(text)
    if any(c.isalpha() for c in plain):
        return plain
    try:
        return parse_phone(plain).number
    except ThaiValueError:
        return plain


def normal_address(channel: Channel, text: str) -> str:
    """The one form of an address. Raises ValueError for what cannot be an address of this channel."""
    if channel is Channel.EMAIL:
        found = _email(text)
        fits = found.count("@") == 1 and found.isascii() and not found.startswith("@") and "." in found.split("@")[1]
    elif channel is Channel.SMS:
        found = _own_phone(text).number
        fits = True
    else:
        found = _visible(text)
        fits = bool(found) and found.isascii() and found.isalnum()
    if not fits or len(found) > MAX_ADDRESS or any(c.isspace() for c in found):
        raise ValueError(f"not an address of {channel}")
    return found


def is_address(login: str) -> bool:
    """Whether a login (in its normal form) is somebody's e-mail address or telephone number, and so needs a proof."""
    if "@" in login:
        return True
    try:
        _own_phone(login)
    except ValueError:
        return False
    return True


def _own_phone(text: str) -> Phone:
    """A number that can be one person's: hotlines and extensions of an office cannot."""
    try:
        phone = parse_phone(_plain(text))
    except ThaiValueError as error:
        raise ValueError("not a telephone number") from error
    if phone.kind == "short" or phone.extension:
        raise ValueError("not a person's telephone number")
    return phone


def _email(text: str) -> str:
    """The local part in small letters, the domain as mail servers are asked for it (xn--)."""
    local, _, domain = _visible(text).rpartition("@")
    return f"{_plain(local)}@{_domain(domain)}"


def _domain(text: str) -> str:
    try:
        return idna.encode(text.strip().rstrip(". "), uts46=True, std3_rules=True).decode()
    except (idna.IDNAError, UnicodeError):
        return _plain(text).rstrip(". ")


def _plain(text: str) -> str:
    """Compatible forms brought together (Unicode's NFKC_Casefold, Thai in one order of marks)."""
    before, text = "", _visible(text)
    for _ in range(4):  # each of the two may undo a sign of the other: usually settled at the second round
        if text == before:
            break
        before, text = text, normalise(unicodedata.normalize("NFKC", text.casefold()))
    return text


def _visible(text: str) -> str:
    """Without controls, formats and other signs that are drawn as nothing."""
    whole = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    return "".join(c for c in whole if unicodedata.category(c) not in _UNSEEN_KINDS or c.isspace()).strip()
