"""Who can use what: the city's formats and abilities as conditions of a search. See rules.access."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db.models import Q

from okat.city.catalogue.rules.access import Clause, Sides, demand_of
from okat.city.catalogue.rules.look import Look
from okat.city.taxonomy.queries import words
from okat.files.usable import Ability, read_usable


@lru_cache(maxsize=4)
def _abilities(folder: Path) -> tuple[Ability, ...]:
    return read_usable(folder)


def abilities() -> tuple[Ability, ...]:
    """For whom the city says what must be there."""
    return _abilities(Path(settings.CITY))


def demand(formats: Iterable[str], usable: Iterable[str] = ()) -> tuple[Clause, ...]:
    """All that must hold for one who cannot do without these formats and is of these abilities. An unknown code is a
    condition that nothing meets: a shared address must never show more than it promises."""
    formats, usable = tuple(formats), tuple(usable)
    if not formats and not usable:
        return ()
    known = {one.code: one.clauses for one in abilities()}
    found = list(demand_of(formats, words().stages()))
    for code in usable:
        found += known.get(code, (frozenset({f"?:{code}"}),))
    return tuple(dict.fromkeys(found))


def demand_of_disabilities(types: Iterable[str]) -> tuple[Clause, ...]:
    """What follows from the types of disability in a record."""
    wanted = set(types)
    return demand((), [one.code for one in abilities() if one.disability in wanted])


def conditions(look: Look) -> list[Q]:
    """What a look demands; with `ask`, what may be usable once the provider has been asked."""
    wanted = demand(look.formats, look.usable)
    if not wanted:
        return []
    if not look.ask:
        return [Q(usable__overlap=sorted(clause)) for clause in wanted]
    open_to = [Q(usable__overlap=sorted(clause)) | ~Q(barred__contains=sorted(clause)) for clause in wanted]
    fits = Q(*(Q(usable__overlap=sorted(clause)) for clause in wanted))
    return [*open_to, ~fits]


def sides_of(usable: Iterable[str], barred: Iterable[str]) -> Sides:
    """Of a stored opportunity."""
    return Sides(frozenset(usable), frozenset(barred))
