"""What a button of a person's page or of an import is about to end, in words."""

from uuid import UUID

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from okat.city.core.ending import CONSENT_FOLLOWS, Ending
from okat.city.core.permissions import Permission
from okat.city.people.forms.fields import in_words
from okat.city.people.models import Consent, Person
from okat.city.people.queries import may_see_sensitive, pages, withdrawn_with
from okat.city.people.rules import Purpose
from okat.city.people.views.shared import user_of, working


def consent_of_mine(request: HttpRequest, consent: UUID) -> Ending:
    found = pages.own_record(user_of(request))
    return _consent(request, found, consent, reverse("people:mine") + "#consents")


def consent_of(request: HttpRequest, pk: UUID, consent: UUID) -> Ending:
    found, _partner = working(request, pk, Permission.RECORD_CONSENT)
    return _consent(request, found, consent, reverse("people:person", args=[pk]))


def _consent(request: HttpRequest, person: Person | None, pk: UUID, back: str) -> Ending:
    row = pages.consent_of(person, pk) if person is not None else None
    if row is None or person is None:
        raise Http404("consent")
    deep = may_see_sensitive(user_of(request), person)
    every = withdrawn_with(row)  # each says what follows from it, and what follows from both is said once
    follows = list(
        dict.fromkeys(str(said) for _app, says in CONSENT_FOLLOWS for one in every for said in says(one, deep))
    )
    title = _("Take back what was allowed to %(office)s?") % {"office": in_words(row.recipient)}
    after = _("It can be allowed again on any day; what ends now does not begin again by itself.")
    return Ending(title, follows, after, _("Take the consent back"), back)


def follows(consent: Consent) -> list[str]:
    """What people itself says."""
    office = {"office": in_words(consent.recipient)}
    if consent.purpose == Purpose.STUDY:
        return [
            _("It is asked no more: figures are whole tens of everybody, without names. Taking it back changes none.")
        ]
    said = [_("%(office)s may no longer do this: %(purpose)s.") % {**office, "purpose": consent.get_purpose_display()}]
    if consent.purpose == Purpose.CONTACT:
        said.append(_("What you must know comes on paper then, or somebody tells it face to face."))
    if pages.opened_by(consent):
        said.append(_("%(office)s no longer sees the record by it.") % office)
    return said
