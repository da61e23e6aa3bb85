"""What a place is called beside a person."""

from okat.city.catalogue.models import Opportunity
from okat.city.core.templatetags.okat import words
from okat.city.rounds.rules import HIDDEN


def hidden(offer: Opportunity, *, deep: bool) -> bool:
    """Whether taking part tells of a disability or of health (`Opportunity.telling`), and the reader may not see what
    is sensitive of the person beside whom it stands (`deep`)."""
    return offer.telling and not deep


def place_name(offer: Opportunity, *, deep: bool) -> str:
    """Its title, where that may be read."""
    return str(HIDDEN) if hidden(offer, deep=deep) else words(offer)
