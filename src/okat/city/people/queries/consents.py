"""Consents and grants in force."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F

from okat.city.partners.models import Partner
from okat.city.people.models import Consent, Person
from okat.city.people.queries.scope import grants_in_force
from okat.city.people.rules import Purpose


def joined(person: Person) -> list[UUID]:
    """The record and those that were joined into it, and into those."""
    found, last = [person.pk], [person.pk]
    while last:
        last = list(Person.objects.filter(merged_into__in=last).values_list("pk", flat=True))
        found += last
    return found


def consented(person: Person, purpose: Purpose, recipient: Partner, *, sensitive: bool = False) -> Consent | None:
    """The consent in force for one purpose and recipient (with the explicit one, where `sensitive`), or None."""
    found = Consent.objects.filter(person=person, purpose=purpose, recipient=recipient, withdrawn_at=None)
    return (found.filter(sensitive=True) if sensitive else found).first()


def consents_of(person: Person) -> list[Consent]:
    """All, withdrawn ones too and what joined records said, newest first, with recipients."""
    rows = Consent.objects.filter(person__in=joined(person))
    rows = rows.annotate(said=F("words__text"), language=F("words__language"))
    return list(rows.select_related("recipient", "by", "evidence"))


@dataclass(frozen=True)
class Said:
    """One time that it was allowed, and the witness or guardian who was named."""

    consent: Consent
    witness: str


@dataclass(frozen=True)
class Allowed:
    """What is allowed to one office for one purpose, and each time that it was said: joined records may both say it,
    and `open`, the consent by which it is withdrawn, withdraws all. None where it was withdrawn."""

    open: Consent | None
    times: list[Said]

    @property
    def any(self) -> Consent:
        return self.times[0].consent


def allowed(person: Person, consents: Iterable[Consent]) -> list[Allowed]:
    """Each purpose and office in force once, and each that was withdrawn by itself, in the order given."""
    found: dict[object, Allowed] = {}
    for row in consents:
        said = Said(row, person.unseal(row.witness_sealed) or "")
        of = (row.purpose, row.recipient_id) if row.withdrawn_at is None else row.pk
        found.setdefault(of, Allowed(None if row.withdrawn_at else row, [])).times.append(said)
    return list(found.values())


def rests_on(consent: Consent, *, app: str) -> list[str]:
    """What of an app lets its recipient see the person by this consent now: the rest of each grant's source."""
    sources = grants_in_force().filter(consent=consent, source__startswith=f"{app}:").values_list("source", flat=True)
    return [source.partition(":")[2] for source in sources]


def speaks_for(consent: Consent) -> UUID:
    """Whose word it is: a record that was joined into another speaks for that one."""
    return consent.person.merged_into_id or consent.person_id


def withdrawn_with(consent: Consent) -> list[Consent]:
    """The consent, and what joined records said to the same office for the same purpose: one word of one person."""
    person = consent.person.merged_into or consent.person
    same = Consent.objects.filter(purpose=consent.purpose, recipient=consent.recipient_id, withdrawn_at=None)
    others = same.filter(person__in=joined(person)).exclude(pk=consent.pk).select_related("recipient", "person")
    return [consent, *others]


def sees_by_it_alone(consent: Consent) -> bool:
    """Whether the recipient sees the person now, and would not without this consent."""
    grants = grants_in_force().filter(person=speaks_for(consent), partner=consent.recipient_id)
    rests = set(grants.order_by().values_list("consent", flat=True))
    return bool(rests) and rests <= {one.pk for one in withdrawn_with(consent)}


def has_grant(person: Person, partner: Partner) -> bool:
    """Whether the partner's members may see the person now."""
    return grants_in_force().filter(person=person, partner=partner).exists()
