"""The learner's passport, and the links by which it is shown to others."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Prefetch, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from okat.city.accounts.models import User
from okat.city.core import clock, crypto
from okat.city.core.templatetags.okat import be
from okat.city.learning.models import Credential, Enrolment, PassportLink, PassportOpening, PublicKey
from okat.city.learning.queries import proofs
from okat.city.learning.rules import LearningError, Standing
from okat.city.people.models import Person
from okat.files import credentials as ob


def digest(token: str) -> str:
    """What is kept of a link's secret."""
    return crypto.keyed_hash(token, "learning.passport")


def good_links() -> QuerySet[PassportLink]:
    """Those that open something now."""
    return proofs.standing_links().filter(until__gt=clock.now())


def links_of(user: User) -> list[PassportLink]:
    """Those that this account made, good ones and past ones, with each opening."""
    openings = Prefetch("openings", PassportOpening.objects.select_related("by"))
    return list(PassportLink.objects.filter(by=user).select_related("person").prefetch_related(openings))


def own_link(user: User, pk: UUID) -> PassportLink:
    """Raises Http404, also for somebody else's."""
    found = PassportLink.objects.filter(pk=pk, by=user).first()
    if found is None:
        raise Http404("link")
    return found


def link_of(person: Person, pk: UUID) -> PassportLink:
    """One that shows this person's passport now. Raises Http404."""
    found = good_links().filter(pk=pk, person=person).first()
    if found is None:
        raise Http404("link")
    return found


def links_to(person: UUID) -> list[PassportLink]:
    """Those that show this person's passport now, with the number of times that each was opened."""
    return list(good_links().filter(person=person).annotate(times=Count("openings")))


def has_links(person: Person) -> bool:
    """Whether somebody made one that nobody has ended yet."""
    return PassportLink.objects.filter(person=person, withdrawn_at=None).exists()


def link_by(token: str) -> PassportLink | None:
    """A link that is good now; None for all others alike."""
    return good_links().filter(digest=digest(token)).select_related("person__key").first()


def good_until(link: PassportLink) -> str:
    return _("good until %(day)s") % {"day": be(link.until)}


def certificates_that_hold(person: Person) -> list[Credential]:
    rows = Credential.objects.filter(person=person).select_related("opportunity__provider", "key", "person__key")
    return [row for row in rows if not proofs.state_of(row)]


def completed_without(person: Person) -> list[Enrolment]:
    """Courses completed for which there is no certificate that could be shown instead."""
    rows = Enrolment.objects.filter(person=person, standing=Standing.COMPLETED, certificates=None)
    return list(rows.select_related("opportunity__provider"))


def presentation(certificates: list[Credential]) -> dict[str, Any]:
    """All that hold, in one signed file for a wallet. Raises LearningError where none does (`empty`), and where the
    newest key was called back (`key`)."""
    documents = [proofs.document_of(row) for row in certificates if not proofs.state_of(row)]
    found = [document for document in documents if document]
    if not found:
        raise LearningError("empty", _("There is no certificate yet that could be put into a file."))
    first = settings.KEYRING.first
    if PublicKey.objects.filter(name=first).exclude(revoked_at=None).exists():
        raise LearningError("key", _("The city's signing key was called back. Ask the city team, and try again later."))
    return ob.present(found, proofs.secret(first), at=clock.now())
