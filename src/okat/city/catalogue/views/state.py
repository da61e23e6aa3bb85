"""The bar that an opportunity's own officers see: where it stands, what is missing, what may be done."""

from okat.city.catalogue import actions
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import Status
from okat.city.catalogue.views import words

TONES = {"draft": "warn", "published": "good", "closed": "plain", "cancelled": "no"}


def state_of(opportunity: Opportunity) -> dict[str, object]:
    """What the bar of an opportunity's own officers says and offers."""
    status = Status(opportunity.status)
    return {
        "status_words": words.status_words(opportunity),
        "tone": TONES[status],
        "still": actions.publishing_faults(opportunity) if status in {Status.DRAFT, Status.CLOSED} else [],
        "may_publish": status in {Status.DRAFT, Status.CLOSED},
        "may_close": status is Status.PUBLISHED,
        "may_cancel": status is not Status.CANCELLED,
    }
