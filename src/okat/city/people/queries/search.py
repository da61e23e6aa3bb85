"""Search first: there is no list of people to browse."""

import contextlib
import functools
import operator
import re

from django.db.models import Q, QuerySet

from okat.city.accounts.models import User
from okat.city.core import audit, crypto
from okat.city.people.models import Person
from okat.city.people.queries.joining import leads_to
from okat.city.people.queries.scope import Reader, visible_to
from okat.city.people.rules import LIVING
from okat.thai import dates, digits, phone, text
from okat.thai.errors import ThaiValueError
from okat.thai.names import take_titles, untitled
from okat.thai.pin import parse_pin

LIMIT = 20
SHORTEST = 2
_AS_ON_PAGE = "|"
_HAS_DIGIT = re.compile("[0-9]")


def pin_hash(number: str) -> str:
    """The keyed hash under which an identity number is found."""
    return crypto.keyed_hash(number, "pin")


def fold_names(*names: str, title: str = "") -> str:
    """What the search box looks through: each word folded after a space, so that words match from their start. A name
    that somebody typed with its title is found by itself too, and one with a title that is none of the known ones as a
    page writes the two, after a bar."""
    apart = [take_titles(name)[1] for name in names]
    more = [name for name in apart if name not in names]
    words = [text.fold(word) for name in (*names, *more) for word in name.split()]
    known = not (title and names[0]) or take_titles(f"{title} ก")[1] == "ก"
    page = "" if known else text.fold(f"{title}{names[0]}".split(" ")[0])
    return "".join([*(f" {word}" for word in words if word), *([f" {_AS_ON_PAGE}{page}"] if page else [])])[:320]


def search(user: Reader, wish: str, *, limit: int = LIMIT) -> list[Person]:
    """Persons in the user's scope by name, telephone, identity number or birth date; at most `limit`, best first.

    Too short a text finds nobody. The search is recorded, without its text.
    """
    wanted = _wanted(text.normalise(wish)[:200])
    if wanted is None or not isinstance(user, User):
        return []
    known = leads_to(Person.objects.filter(wanted))  # by what a joined record says, too
    found = list(visible_to(user).filter(pk__in=known).select_related("area", "household")[:limit])
    audit.record(by=user, verb="people.search", fields=_kinds(wish))
    return found


def exact(wish: str) -> QuerySet[Person]:
    """Anyone by a whole identity number or telephone number, in scope or not: for an emergency only (audited there)."""
    plain = text.normalise(wish)[:60]
    wanted = _number(digits.to_arabic(plain))
    if wanted is None:
        return Person.objects.none()
    return Person.objects.filter(pk__in=leads_to(Person.objects.filter(wanted)), status__in=LIVING)


def tried(wish: str) -> str:
    """A keyed hash of a number that was typed, the same however it was written."""
    plain = digits.to_arabic(text.normalise(wish))[:60]
    with contextlib.suppress(ThaiValueError):
        plain = phone.parse_phone(plain).number
    with contextlib.suppress(ThaiValueError):
        plain = parse_pin(plain).digits
    return crypto.keyed_hash(plain, "emergency-try")


def _wanted(wish: str) -> Q | None:
    plain = digits.to_arabic(wish)
    if not _HAS_DIGIT.search(plain):
        return _names(wish)
    return _number(plain) or _birth(plain)


def _number(plain: str) -> Q | None:
    try:
        return Q(pin_hash=pin_hash(parse_pin(plain).digits))
    except ThaiValueError:
        pass
    try:
        return Q(phone=phone.parse_phone(plain).number)
    except ThaiValueError:
        return None


def _birth(plain: str) -> Q | None:
    try:
        known = dates.parse_date(plain)
    except ThaiValueError:
        return None
    return Q(birth_first__gte=known.first(), birth_first__lte=known.last())


def _names(wish: str) -> Q | None:
    """By all words as they were typed, with the title before them or without."""
    readings = [_words(reading) for reading in (wish, *untitled(wish))]
    found = [_all_of(" ", words) for words in readings if words]
    if readings[0]:
        found.append(_all_of(f" {_AS_ON_PAGE}", readings[0]))
    return functools.reduce(operator.or_, found) if found else None


def _words(wish: str) -> list[str]:
    words = [folded for word in wish.split() if (folded := text.fold(word))]
    return words[:5] if sum(map(len, words)) >= SHORTEST else []


def _all_of(lead: str, words: list[str]) -> Q:
    wanted = Q(find__contains=f"{lead}{words[0]}")
    for word in words[1:]:
        wanted &= Q(find__contains=f" {word}")
    return wanted


def _kinds(wish: str) -> list[str]:
    return ["number"] if _HAS_DIGIT.search(digits.to_arabic(wish)) else ["name"]
