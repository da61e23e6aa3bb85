"""Consents, and the grants that let partners see a person."""

import datetime as dt

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.registries import publish
from okat.city.partners.models import Partner
from okat.city.partners.queries import check_stay
from okat.city.people import rules
from okat.city.people.actions._bases import basis_of
from okat.city.people.actions._build import consent_grant, consent_record, keep_words
from okat.city.people.actions._locks import hold_all, hold_joined, lock_person
from okat.city.people.actions._slips import paper_instead
from okat.city.people.actions.rows import ConsentRow
from okat.city.people.models import Basis, Consent, Grant, Person
from okat.city.people.queries import joined
from okat.city.people.rules import SENSITIVE_LAWS, Law, PeopleError, Purpose, Why
from okat.city.people.rules.wording import Words
from okat.thai.partial import PartialDate


@action
def record_consent(*, person: Person, given: ConsentRow, by: User, partner: Partner | None = None) -> Consent:
    """Record a consent; one in force for the same purpose and recipient is replaced (withdrawn and given anew), and
    what was opened by it rests on the new one, as far as that reaches.

    A consent to keep the record lets the recipient see the person, by a grant of its own. Raises PeopleError where a
    guardian must agree.
    """
    check_stay(given.recipient.pk)  # the office before the person, as when it leaves
    hold_joined(person)  # what was said under a record that was joined into this one is replaced too
    person = lock_person(person)
    birth = PartialDate.from_iso(person.birth) if person.birth else None
    if rules.needs_guardian(birth, clock.today()) and given.how != rules.How.GUARDIAN:
        raise PeopleError("guardian", _("Under 20 a parent or guardian agrees too: choose “parent or guardian”."))
    if given.how in (rules.How.WITNESS, rules.How.GUARDIAN) and not given.witness.strip():
        raise PeopleError("witness", _("Write the name of the witness or guardian."))
    old = _same(person, given.purpose, given.recipient)
    _withdraw(old, by)
    keep_words([given.words] if given.words else [])
    made = consent_record(person, given, by)
    made.save(force_insert=True)
    Consent.objects.filter(pk__in=[one.pk for one in old]).update(replaced_by=made)
    rested = Grant.objects.filter(consent__in=old, ended_at=None)
    if given.purpose == Purpose.CARE:
        rested.update(ended_at=clock.now())
        consent_grant(made).save(force_insert=True)
    else:
        rested.update(consent=made, sensitive=made.sensitive)
    audit.record(
        by=by, verb="people.consent", subject=person, fields=["consent", given.purpose], reason=given.how,
        partner=partner.code if partner else given.recipient.code,
    )  # fmt: skip
    return made


@action
def keep_wording(*, words: Words, by: User) -> str:
    """For a consent that another app holds: what was read is kept here, under the digest that comes back."""
    keep_words([words])
    audit.record(by=by, verb="people.wording", fields=["words"])
    return words.digest


@action
def withdraw_consent(*, consent: Consent, by: User) -> Consent:
    """Withdraw a consent; every grant that rests on it ends at once, and those who hold open cases are told. What a
    joined record had said to the same partner for the same purpose is withdrawn with it: it is one person's word."""
    person = consent.person.merged_into or consent.person
    hold_joined(person)
    person = lock_person(person)
    row = Consent.objects.select_for_update(of=("self",), no_key=True).select_related("recipient").get(pk=consent.pk)
    if row.withdrawn_at is None:
        gone = [row, *_same(person, row.purpose, row.recipient)]
        Grant.objects.filter(consent__in=gone, ended_at=None).update(ended_at=clock.now())
        _withdraw(gone, by)
        if row.purpose == Purpose.CONTACT and row.recipient_id == person.registered_by_id:
            paper_instead(person)
        own = next((one for one in gone if one.person_id == person.pk), row)
        publish("consent.withdrawn", person=person, consent=own, by=by)
    audit.record(
        by=by,
        verb="people.withdraw_consent",
        subject=person,
        fields=["consent", row.purpose],
        partner=row.recipient.code,
    )
    return row


def _same(person: Person, purpose: str, recipient: Partner) -> list[Consent]:
    """The consents in force for one purpose and recipient: the person's, and those of records joined into theirs."""
    rows = Consent.objects.filter(purpose=purpose, recipient=recipient, withdrawn_at=None)
    return list(rows.filter(person__in=joined(person)))


def _withdraw(consents: list[Consent], by: User) -> None:
    for consent in consents:
        consent.withdrawn_at, consent.withdrawn_by = clock.now(), by
    Consent.objects.bulk_update(consents, ["withdrawn_at", "withdrawn_by"])


@action
def grant(
    *, person: Person, partner: Partner, reason: Why, source: str, rests_on: Consent | Basis, by: User,
    until: dt.datetime | None = None,
) -> Grant:  # fmt: skip
    """Let a partner's members see a person while `source` ("referral:ID") is open and what it rests on holds. The same
    source grants once while it does; a grant that opens nothing any more gives way to another.

    Sensitive data only where the consent was explicit, or the law says so. Raises PeopleError when what it is to rest
    on has ended or is for somebody else.
    """
    check_stay(partner.pk)
    person = lock_person(person)
    rest = _held(rests_on, person, partner)
    consent, basis = (rest, None) if isinstance(rest, Consent) else (None, rest)
    same = Grant.objects.filter(person=person, partner=partner, source=source, ended_at=None)
    made = same.in_force().first()
    fresh = made is None
    if made is None:
        same.update(ended_at=clock.now())
        made = Grant(
            person=person, partner=partner, source=source, reason=reason, since=clock.now(), until=until,
            consent=consent, basis=basis,
            sensitive=rest.sensitive if isinstance(rest, Consent) else rest.law in SENSITIVE_LAWS,
        )  # fmt: skip
        made.save()
    audit.record(
        by=by, verb="people.grant" if fresh else "people.grant_again", subject=person, fields=["grant"],
        partner=partner.code, reason=reason,
    )  # fmt: skip
    return made


def _held(rests_on: Consent | Basis, person: Person, partner: Partner) -> Consent | Basis:
    """As it stands now, locked until the transaction ends."""
    if isinstance(rests_on, Consent):
        consent = Consent.objects.select_for_update(of=("self",), no_key=True).get(pk=rests_on.pk)
        if consent.withdrawn_at is not None or consent.person_id != person.pk or consent.recipient_id != partner.pk:
            raise PeopleError("consent_withdrawn", _("There is no consent in force for this office."))
        return consent
    basis = Basis.objects.select_for_update(of=("self",), no_key=True).get(pk=rests_on.pk)
    over = basis.until is not None and basis.until <= clock.now()
    if over or basis.ended_at is not None or basis.partner_id != partner.pk:
        raise PeopleError("basis_ended", _("What let this office hold the record has ended."))
    return basis


@action
def record_basis(*, partner: Partner, law: Law, source: str, by: User, until: dt.datetime | None = None) -> Basis:
    """Note by which law, until when and for what (`source`, as "task:ID") a partner holds records without a consent.
    The same is noted once."""
    check_stay(partner.pk)
    made = basis_of(partner, law, source, until)
    audit.record(by=by, verb="people.basis", fields=["basis"], partner=partner.code, reason=law)
    return made


@action
def end_basis(*, basis: Basis, by: User) -> Basis:
    """It lets nobody see any more; twice is once."""
    row = Basis.objects.select_for_update(of=("self",), no_key=True).select_related("partner").get(pk=basis.pk)
    if row.ended_at is None:
        row.ended_at = clock.now()
        row.save(update_fields=["ended_at"])
    audit.record(by=by, verb="people.end_basis", fields=["basis"], partner=row.partner.code, reason=row.law)
    return row


@action
def end_grant(*, source: str, by: User, person: Person | None = None, partner: Partner | None = None) -> int:
    """End the grants of a source (of one person or partner, where given); the number that ended."""
    wanted = Q(source=source, ended_at=None)
    if person is not None:
        wanted &= Q(person=person)
    if partner is not None:
        wanted &= Q(partner=partner)
    hold_all(lambda: Grant.objects.filter(wanted).values_list("person", flat=True))
    rows = list(
        Grant.objects.select_for_update(of=("self",), no_key=True).filter(wanted).select_related("person", "partner")
    )
    Grant.objects.filter(pk__in=[row.pk for row in rows]).update(ended_at=clock.now())
    audit.record_many(by=by, verb="people.end_grant", subjects=[row.person for row in rows], fields=["grant"])
    if not rows:
        audit.record(by=by, verb="people.end_grant", fields=["none"])
    return len(rows)
