"""What the catalogue adds to a person's page: the way to what fits, with the person's wishes."""

from django.urls import reverse
from django.utils.translation import gettext as _

from okat.city.accounts.models import User
from okat.city.core.permissions import Permission
from okat.city.core.registries import Panel, Step
from okat.city.people.models import Person
from okat.city.people.queries import may_act_for


def panel(user: User, person: Person) -> Panel:
    """Matching a person with the whole catalogue is a page of its own: it asks many questions of the record."""
    own = person.user_id == user.pk
    page = reverse("catalogue:fits-mine") if own else reverse("catalogue:fits-of", args=[person.pk])
    tell = reverse("catalogue:tell") if own else f"{reverse('catalogue:tell')}?person={person.pk}"
    steps = [Step(_("See what fits"), page)]
    if may_act_for(user, person, Permission.SEE_PERSON):  # not who may only look
        steps.append(Step(_("Tell me when there is one"), tell))
    return Panel(_("What fits this person"), (), tuple(steps))
