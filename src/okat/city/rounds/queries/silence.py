"""What becomes of what somebody has in rounds where nobody can speak for them any more: said before it is so."""

from okat.city.people.models import Consent, Person
from okat.city.people.queries import speaks_for, unspoken, withdrawn_with


def silenced_by(consent: Consent) -> bool:
    """Whether withdrawing it leaves nobody who can speak for the person: no account and no office."""
    return Person.objects.filter(unspoken(but=withdrawn_with(consent)), pk=speaks_for(consent)).exists()
