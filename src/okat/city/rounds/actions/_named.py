"""What a refusal calls a place, beside a person."""

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity
from okat.city.core.templatetags.okat import words
from okat.city.people.models import Person
from okat.city.people.queries import may_see_sensitive
from okat.city.rounds import solve
from okat.city.rounds.rules import HIDDEN


def named(offer: Opportunity, person: Person, by: User) -> str:
    """Its title; where all who take part tell something of a disability by that, only for whoever may see it."""
    told = solve.of_sensitive_kind(offer) and not may_see_sensitive(by, person)
    return str(HIDDEN) if told else words(offer)
