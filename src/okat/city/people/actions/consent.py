"""Consents, and the grants that let partners see a person."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.registries import publish
from okat.city.partners.models import Partner
from okat.city.people import rules
from okat.city.people.actions._build import consent_grant, consent_record
from okat.city.people.actions._locks import lock_person
from okat.city.people.actions.rows import ConsentRow
from okat.city.people.models import Consent, Grant, Person
from okat.city.people.rules import PeopleError, Purpose, Why
from okat.thai.partial import PartialDate


@action
def record_consent(*, person: Person, given: ConsentRow, by: User, partner: Partner | None = None) -> Consent:
    """Record a consent; one in force for the same purpose and recipient is replaced (withdrawn and given anew).

    A consent to keep the record lets the recipient see the person. Raises PeopleError where a guardian must agree.
    """
    person = lock_person(person)
    birth = PartialDate.from_iso(person.birth) if person.birth else None
    if rules.needs_guardian(birth, clock.today()) and given.how != rules.How.GUARDIAN:
        raise PeopleError("guardian", _("Under 20 a parent or guardian agrees too: choose “parent or guardian”."))
    if given.how in (rules.How.WITNESS, rules.How.GUARDIAN) and not given.witness.strip():
        raise PeopleError("witness", _("Write the name of the witness or guardian."))
    old = _in_force(person).filter(purpose=given.purpose, recipient=given.recipient).first()
    if old is not None:
        _withdraw(old, by)
    made = consent_record(person, given, by)
    made.save(force_insert=True)
    if given.purpose == Purpose.CARE:
        pin = Grant.objects.filter(person=person, partner=given.recipient, source="pin", ended_at=None)
        if not pin.update(consent=made, sensitive=given.sensitive):
            _grant_for(made)
    audit.record(
        by=by, verb="people.consent", subject=person, fields=["consent", given.purpose], reason=given.how,
        partner=partner.code if partner else given.recipient.code,
    )  # fmt: skip
    return made


def _grant_for(consent: Consent) -> None:
    if not Grant.objects.filter(person=consent.person, partner=consent.recipient, ended_at=None, source="pin").exists():
        consent_grant(consent).save(force_insert=True)


@action
def withdraw_consent(*, consent: Consent, by: User) -> Consent:
    """Withdraw a consent; every grant that rests on it ends at once, and those who hold open cases are told."""
    person = lock_person(consent.person)
    row = Consent.objects.select_for_update(of=("self",)).select_related("recipient").get(pk=consent.pk)
    if row.withdrawn_at is None:
        _withdraw(row, by)
        Grant.objects.filter(consent=row, ended_at=None).update(ended_at=clock.now())
        publish("consent.withdrawn", person=person, consent=row, by=by)
    audit.record(
        by=by,
        verb="people.withdraw_consent",
        subject=person,
        fields=["consent", row.purpose],
        partner=row.recipient.code,
    )
    return row


def _withdraw(consent: Consent, by: User) -> None:
    consent.withdrawn_at, consent.withdrawn_by = clock.now(), by
    consent.save(update_fields=["withdrawn_at", "withdrawn_by"])


def _in_force(person: Person) -> QuerySet[Consent]:
    return Consent.objects.filter(person=person, withdrawn_at=None)


@action
def grant(
    *, person: Person, partner: Partner, reason: Why, source: str, by: User, consent: Consent | None = None,
    until: dt.datetime | None = None,
) -> Grant:  # fmt: skip
    """Let a partner's members see a person while `source` ("referral:ID") is open. The same source grants once.

    Sensitive data only where the consent was explicit. Raises PeopleError when the consent is withdrawn or is for
    somebody else.
    """
    person = lock_person(person)
    if consent is not None:
        consent = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
        if consent.withdrawn_at is not None or consent.person_id != person.pk or consent.recipient_id != partner.pk:
            raise PeopleError("consent_withdrawn", _("There is no consent in force for this office."))
    made, fresh = Grant.objects.get_or_create(
        person=person, partner=partner, source=source, ended_at=None,
        defaults={
            "reason": reason, "since": clock.now(), "until": until, "consent": consent,
            "sensitive": consent is not None and consent.sensitive,
        },
    )  # fmt: skip
    audit.record(
        by=by, verb="people.grant" if fresh else "people.grant_again", subject=person, fields=["grant"],
        partner=partner.code, reason=reason,
    )  # fmt: skip
    return made


@action
def end_grant(*, source: str, by: User, person: Person | None = None, partner: Partner | None = None) -> int:
    """End the grants of a source (of one person or partner, where given); the number that ended."""
    wanted = Q(source=source, ended_at=None)
    if person is not None:
        wanted &= Q(person=person)
    if partner is not None:
        wanted &= Q(partner=partner)
    rows = list(Grant.objects.select_for_update(of=("self",)).filter(wanted).select_related("person", "partner"))
    Grant.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=clock.now())
    audit.record_many(by=by, verb="people.end_grant", subjects=[row.person for row in rows], fields=["grant"])
    if not rows:
        audit.record(by=by, verb="people.end_grant", fields=["none"])
    return len(rows)
