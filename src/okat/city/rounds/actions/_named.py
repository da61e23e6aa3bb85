"""What a refusal calls a place, beside a person."""

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity
from okat.city.people.models import Person
from okat.city.people.queries import may_see_sensitive
from okat.city.rounds.queries import place_name


def named(offer: Opportunity, person: Person, by: User) -> str:
    return place_name(offer, deep=may_see_sensitive(by, person))
