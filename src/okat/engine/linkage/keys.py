"""Keys under which a person is filed, so that a look-up reads a few hundred rows of a register of any size.

Store each of `keys(person)` as a row (person, kind, key) with an index on (kind, key), in a table that is
erased with the person: the keys are made from personal data. To look up, read at most `PER_KEY` persons for
each of `lookups(person)` and give them to `rank`: at most `MOST_LOOKUPS` keys, whatever the register's size.

Every kind is selective by itself or joins two facts, so that in a large register only the commonest names
overflow a key; such a person is still filed under birth date, house and telephone. Any two of (given name,
family name, birth year) that sound alike suffice to be found, or the house, or the telephone:

  pin, phone, house           as they are
  house-given                 for dwellings with more than PER_KEY persons, such as dormitories
  born                        whole birth date, day and month in either order: survives any change of name
  name                        sounds of the whole name in one piece: survives a name typed into one field
  name-year, given-year, family-year, given-day    sounds with a part of the birth date: survive marriage, a
                              changed given name, a wrong year
  start, start-year, end-year first or last sounds of both names: survive a misspelling that is heard
"""

from collections.abc import Iterator
from typing import NamedTuple

from okat.engine.linkage.person import PersonKey

PER_KEY = 100
"""Persons read for one key, the lowest ids first; beyond it a key says too little to be worth reading."""

MOST_LOOKUPS = 18
"""The most keys that one look-up reads."""


class Key(NamedTuple):
    kind: str
    key: str


def keys(person: PersonKey) -> tuple[Key, ...]:
    """The keys to store for a person, each once; none for an empty person."""
    return tuple(dict.fromkeys(_stored(person)))


def lookups(person: PersonKey) -> tuple[Key, ...]:
    """The keys to read when looking for a person: those stored, a year either way, and the names in turned order.

    A year is often off by one: until 1940 the Thai year began in April, and ages are counted in two ways.
    """
    return tuple(dict.fromkeys([*_stored(person), *_neighbours(person)]))


def _stored(person: PersonKey) -> Iterator[Key]:
    given, family = person.given_forms.sound, person.family_forms.sound
    for kind, value in (("pin", person.pin), ("phone", person.phone), ("house", person.house)):
        if value:
            yield Key(kind, value)
    if person.house and given:
        yield Key("house-given", f"{person.house}|{given}")
    if person.birth.full:
        yield Key("born", f"{person.birth.year}|{person.birth.calendar_day}")
    if given or family:
        yield Key("name", given + family)
    if given and family:
        yield Key("start", f"{given[:3]}|{family[:3]}")
    if given and person.birth.calendar_day:
        yield Key("given-day", f"{given}|{person.birth.calendar_day}")
    if person.birth.year is not None:
        yield from _with_year(given, family, person.birth.year)


def _with_year(given: str, family: str, year: int) -> Iterator[Key]:
    if given:
        yield Key("given-year", f"{given}|{year}")
    if family:
        yield Key("family-year", f"{family}|{year}")
    if given and family:
        yield Key("name-year", f"{given}{family}|{year}")
        yield Key("start-year", f"{given[:2]}|{family[:2]}|{year}")
        yield Key("end-year", f"{given[-2:]}|{family[-2:]}|{year}")


def _neighbours(person: PersonKey) -> Iterator[Key]:
    given, family, year = person.given_forms.sound, person.family_forms.sound, person.birth.year
    if not (given and family):
        return
    yield Key("name", family + given)
    if year is not None:
        for near in (year - 1, year + 1):
            yield Key("name-year", f"{given}{family}|{near}")
            yield Key("start-year", f"{given[:2]}|{family[:2]}|{near}")
