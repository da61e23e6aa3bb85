"""Certificates: issued, taken back; the keys that sign them."""

import calendar
import datetime as dt
import secrets
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.cases import actions as cases
from okat.city.cases.models import Case
from okat.city.cases.rules import CaseError
from okat.city.catalogue.models import Opportunity
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.learning.models import Credential, Enrolment, PublicKey
from okat.city.learning.queries import courses, line, proofs
from okat.city.learning.rules import LearningError, Standing
from okat.city.learning.rules.completing import both, completed, narrative
from okat.city.learning.rules.proofs import REASONS, WRONG_NAME
from okat.city.people.actions import hold_all, hold_whose, tell
from okat.city.people.models import Person
from okat.files import credentials as ob
from okat.thai.text import normalise

BITS = 131_072
INSTEAD = " · "  # before the number of the certificate that one stands for
FULL = BITS // 2  # a list is closed half full, so that a free place is found by lot


@action
def issue(*, opportunity: Opportunity, by: User) -> list[Credential]:
    """Certificates for all who reached the course's rule and have none; their placements are completed with it. Whose
    certificate was taken back for its wrong name gets a new one. Raises LearningError where nobody is due."""
    hold_all(lambda: line.concerned([opportunity.pk]))  # whose placement is completed with it
    completion = courses.completion_of(opportunity)
    rule = courses.rule_of(completion)
    active = Enrolment.objects.select_for_update(of=("self",), no_key=True).filter(
        opportunity=opportunity, standing=Standing.ACTIVE, person__status="active"
    )
    rows = list(active.select_related("person__key", "person__user", "case"))
    progress = courses.progress_of(opportunity, rows)
    ready = [row for row in rows if completed(rule, progress[row.pk])]
    again = list(proofs.to_renew(opportunity))
    if not ready and not again:
        raise LearningError("nobody", _("Nobody has reached the rule of this course yet."))
    made = _certificates(ready, opportunity, narrative(rule), completion.months)
    Credential.objects.bulk_create(made, batch_size=1000)
    made += [issue_anew(certificate=one, by=by) for one in again]
    Enrolment.objects.filter(pk__in=[row.pk for row in ready]).update(standing=Standing.COMPLETED, ended_at=clock.now())
    code = opportunity.provider.code
    audit.record_many(by=by, verb="learning.issue", subjects=made, fields=["sealed"], partner=code)
    for row in ready:
        _complete(row.case, by)
    _tell([row.person for row in ready], "learning.issued", opportunity, by)
    return made


@action
def issue_anew(*, certificate: Credential, by: User) -> Credential:
    """A certificate in place of one that was taken back, with the name as the record has it now. It says which one it
    stands for; that one stays taken back. Raises LearningError where it holds, where another stands for it already,
    where the person is gone, and (but for a wrong name) where the rule of the course is not reached any more."""
    hold_whose(certificate)
    rows = Credential.objects.select_for_update(of=("self",), no_key=True).select_related(
        "opportunity__provider", "enrolment"
    )
    old = rows.get(pk=certificate.pk)
    row, course = old.enrolment, old.opportunity
    if old.revoked_at is None:
        raise LearningError("holds", _("This certificate holds. Take it back first."))
    if row is None or row.person is None:
        raise LearningError("gone", _("The learner's record was erased, so nothing can be issued."))
    if Credential.objects.filter(enrolment=row, revoked_at=None).exists():
        raise LearningError("again", _("A new certificate stands in its place already."))
    if old.reason != WRONG_NAME:
        rule = courses.rule_of(courses.completion_of(course))
        if not completed(rule, courses.progress_of(course, [row])[row.pk]):
            raise LearningError("nobody", _("The rule of the course is not reached. Correct the attendance first."))
    said = _criteria_of(old) or narrative(courses.rule_of(courses.completion_of(course)))
    (made,) = _certificates([row], course, said, None, instead=old)
    made.save(force_insert=True)
    audit.record(by=by, verb="learning.issue", subject=made, fields=["sealed"], partner=course.provider.code)
    _tell([row.person], "learning.issued", course, by)
    return made


def _criteria_of(old: Credential) -> str:
    """What the old one said of the rule, without what it may have said of the one before it."""
    document = proofs.document_of(old)
    said = document["credentialSubject"]["achievement"]["criteria"]["narrative"] if document else ""
    return "\n\n".join(part.partition(INSTEAD)[0] for part in said.split("\n\n")) if said else ""


def _complete(case: Case | None, by: User) -> None:
    """A placement that moved on meanwhile, or that somebody else records, stays as it is."""
    if case is None:
        return
    try:
        with transaction.atomic():
            cases.complete(case=case, by=by)
    except CaseError:
        return


def _certificates(
    ready: Sequence[Enrolment],
    course: Opportunity,
    criteria: str,
    months: int | None,
    instead: Credential | None = None,
) -> list[Credential]:
    now = clock.now().replace(microsecond=0)
    key = _signing_key()
    number, places = _places(len(ready))
    secret, until = proofs.secret(key.name), _after(now, months)
    made = []
    for row, place in zip(ready, places, strict=True):
        assert row.person is not None
        assert row.person.key is not None
        certificate = Credential(
            enrolment=row, person=row.person, opportunity=course, key=key, list_number=number, place=place,
            issued_at=now, valid_until=instead.valid_until if instead else until, replaces=instead,
        )  # fmt: skip
        award = _award_of(certificate, row.person.full_name, criteria)
        certificate.sealed = row.person.key.seal(ob.certify(award, secret, at=now))
        made.append(certificate)
    return made


def _award_of(certificate: Credential, learner: str, criteria: str) -> ob.Award:
    course, base, old = certificate.opportunity, proofs.base(), certificate.replaces
    if old is not None:
        thai, english = both(criteria)
        criteria = f"{thai}{INSTEAD}แทนใบเลขที่ {old.pk}\n\n{english}{INSTEAD}in place of number {old.pk}"
    return ob.Award(
        id=f"urn:uuid:{certificate.pk}",
        issuer=ob.Issuer(proofs.issuer(), course.provider.th, f"{base}/"),
        learner=learner,
        achievement=f"{base}/catalogue/{course.pk}/",
        title=course.title_th,
        about=normalise(course.summary_th or course.title_th, keep_lines=True),
        criteria=criteria,
        valid_from=certificate.issued_at,
        valid_until=certificate.valid_until,
        ended_at=_first(certificate).issued_at,
        status=ob.Status(proofs.list_url(certificate.list_number), certificate.place),
    )


def _first(certificate: Credential) -> Credential:
    """When the course was completed: the first of a chain says it."""
    while certificate.replaces is not None:
        certificate = certificate.replaces
    return certificate


def _signing_key() -> PublicKey:
    """The newest key of the key file, with its public half written down. Raises LearningError where it was called
    back: rotate the key file first."""
    name = settings.KEYRING.first
    public = ob.public_of(settings.KEYRING.certificate_seed(name))
    row, _fresh = PublicKey.objects.get_or_create(name=name, defaults={"public": public, "since": clock.now()})
    if row.revoked_at is not None or row.public != public:
        raise LearningError("key", _("The signing key was called back. Run “okat keys rotate” and restart."))
    return row


def _places(count: int) -> tuple[int, list[int]]:
    """A list with room, and free places in it by lot."""
    last = Credential.objects.order_by("-list_number").values_list("list_number", flat=True).first() or 1
    taken = set(Credential.objects.filter(list_number=last).values_list("place", flat=True))
    if len(taken) + count > FULL and taken:
        last, taken = last + 1, set()
    found: list[int] = []
    while len(found) < count:
        place = secrets.randbelow(BITS)
        if place not in taken:
            taken.add(place)
            found.append(place)
    return last, found


def _after(at: dt.datetime, months: int | None) -> dt.datetime | None:
    """The same day so many months later, or the last day of that month."""
    if months is None:
        return None
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    return at.replace(year=year, month=month + 1, day=min(at.day, calendar.monthrange(year, month + 1)[1]))


@action
def revoke(*, certificate: Credential, reason: str, by: User) -> Credential:
    """Take it back: whoever verifies it from now on is told so. A second time changes nothing."""
    if reason not in REASONS:
        raise LearningError("reason", _("Choose a reason."))
    hold_whose(certificate)
    row = (
        Credential.objects.select_for_update(of=("self",), no_key=True).select_related("person").get(pk=certificate.pk)
    )
    code = certificate.opportunity.provider.code
    audit.record(by=by, verb="learning.revoke", subject=row, fields=["revoked_at"], reason=reason, partner=code)
    if row.revoked_at is None:
        row.revoked_at, row.reason = clock.now(), reason
        row.save(update_fields=["revoked_at", "reason"])
        _tell([row.person], "learning.revoked", certificate.opportunity, by)
    return row


@action
def call_back_key(*, key: PublicKey, by: User) -> None:
    """Somebody else may have the key: nothing that it signed holds any more, at any date."""
    PublicKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=clock.now())
    audit.record(by=by, verb="learning.call_back_key", subject=key, fields=["revoked_at"])


@action
def record_download(*, certificates: Iterable[Credential], by: User) -> None:
    audit.record_many(by=by, verb="learning.download", subjects=certificates)


def _tell(people: Sequence[Person | None], kind: str, course: Opportunity, by: User) -> None:
    known = [person for person in people if person is not None]
    if known:
        tell(people=known, kind=kind, params={"title": course.title_th}, url="/learning/mine/", by=by)
