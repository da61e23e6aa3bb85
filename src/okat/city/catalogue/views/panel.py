"""What the catalogue adds to a person's page: how much fits, the person's wishes, and the way to them."""

from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from okat.city.accounts.models import User
from okat.city.catalogue.queries.wishes import wishes
from okat.city.catalogue.solve import match
from okat.city.catalogue.views import words
from okat.city.core.registries import Found, Panel, Step
from okat.city.people.queries import visible_to

SHOWN = 5


def panel(user: User, person_id: UUID) -> Panel | None:
    """The page that shows this has opened the record, and noted it, already."""
    person = visible_to(user).select_related("area").filter(pk=person_id).first()
    if person is None:
        return None
    own = person.user_id == user.pk
    page = reverse("catalogue:fits-mine") if own else reverse("catalogue:fits-of", args=[person.pk])
    fits, nearly = match.count(person, user)
    told = ngettext("%(n)s opportunity fits", "%(n)s opportunities fit", fits) % {"n": fits}
    lines = [Found("fits", told, _("%(n)s more may fit, once a question is answered") % {"n": nearly}, page)]
    lines += [
        Found("wish", words.words_of(o), _("wish no. %(place)s") % {"place": place}, words.address(o))
        for place, o in enumerate(wishes(person)[:SHOWN], 1)
    ]
    return Panel(_("What fits this person"), tuple(lines), (Step(_("See what fits"), page),))
