"""What work suits somebody: the catalogue says who may and how far it is; skills and conditions are added."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from okat.city.accounts.models import User
from okat.city.catalogue.rules.ranking import Asker
from okat.city.catalogue.solve import match
from okat.city.jobs.queries.seeking import KINDS, offers
from okat.city.jobs.rules.fit import Name, Offer, Seeker, Weighed, weigh
from okat.city.people.models import Person


@dataclass(frozen=True)
class Suited:
    """One job for one person: the catalogue's answer and what work adds."""

    match: match.Match
    offer: Offer
    weighed: Weighed


@dataclass(frozen=True)
class Sought:
    """Jobs that suit, those for which a question is open (to the person by the rule, or to the employer by a hard
    condition), and how many are ruled out. `found` is the catalogue's answer."""

    suits: list[Suited]
    asks: list[Suited]
    out: int
    found: match.Fits


def seek(said: Mapping[str, Any], asker: Asker, seeker: Seeker) -> Sought:
    """From answers alone, such as a visitor's; one statement more than the catalogue's matching."""
    return _sorted(match.fits_for(said, asker, KINDS), seeker)


def seek_for(person: Person, user: User, seeker: Seeker) -> Sought:
    """For a person, from what the reader may know of them."""
    return _sorted(match.fits(person, user, KINDS), seeker)


def _sorted(found: match.Fits, seeker: Seeker) -> Sought:
    known = offers()
    suits: list[Suited] = []
    asks: list[Suited] = []
    out = len(found.no)
    for one in _weighed(found.fits, known, seeker):
        if one.weighed.broken:
            out += 1
        else:
            (asks if one.weighed.unsaid else suits).append(one)
    for one in _weighed(found.nearly, known, seeker):
        if one.weighed.broken:
            out += 1
        else:
            asks.append(one)
    return Sought(sorted(suits, key=_order), sorted(asks, key=_order), out, found)


def _weighed(some: Iterable[match.Match], known: Mapping[Any, Offer], seeker: Seeker) -> Iterable[Suited]:
    nothing = Offer()
    for one in some:
        offer, points = known.get(one.id, nothing), one.points
        yield Suited(one, offer, weigh(offer, seeker, way=points.way, times=points.times, km=points.km))


def _order(one: Suited) -> Any:
    return match.order_of(one.match, one.weighed.total)


__all__ = ["Name", "Seeker", "Sought", "Suited", "seek", "seek_for"]
