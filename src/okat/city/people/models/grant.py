"""Which partner may see whom, and what that rests on."""

import datetime as dt
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from okat.city.core import clock
from okat.city.core.classify import classify
from okat.city.core.ids import new_id
from okat.city.partners.models import Partner
from okat.city.people import rules
from okat.city.people.models.consent import Consent
from okat.city.people.models.person import BASIS, PURPOSE, Person


class Basis(models.Model):
    """What lets a partner hold records without a consent: a law, a partner, an end. One serves all the records of a
    file, or all that a partner registers by the same duty; when it ends, every grant that rests on it does."""

    PRIVACY = classify(
        neither="id partner law source since until ended_at", sensitive="why_sealed", purpose=PURPOSE, basis=BASIS
    )

    id = models.UUIDField(primary_key=True, default=new_id)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    law = models.CharField(max_length=10, choices=rules.Law.choices)
    source = models.CharField(max_length=60)  # "register", "import:ID", "task:ID": what it was recorded for
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    why_sealed = models.BinaryField(null=True, blank=True)  # where it was noted for one person: in words, by their key

    class Meta:
        ordering: ClassVar[list[str]] = ["since", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["partner", "law", "source"], condition=models.Q(ended_at=None), name="basis_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.law} {self.partner_id}"


class GrantQuerySet(models.QuerySet["Grant"]):
    """The one place that says which grants are in force: a query, and `Grant.holds` for rows that are at hand."""

    def resting(self) -> "GrantQuerySet":
        """Open, by a partner of the network, and what they rest on has not ended. The hour is left to the reader
        (`Grant.holds`): for statements whose text outlives it."""
        agreed = Q(consent__isnull=False, consent__withdrawn_at=None)
        lawful = Q(basis__isnull=False, basis__ended_at=None)
        rows = self.filter(agreed | lawful, ended_at=None, partner__left_on=None)
        return rows.annotate(basis_until=F("basis__until"))

    def in_force(self) -> "GrantQuerySet":
        now = clock.now()
        rows = self.resting().filter(since__lte=now).filter(Q(until=None) | Q(until__gt=now))
        return rows.filter(Q(basis__until=None) | Q(basis__until__gt=now))


class Grant(models.Model):
    """While it is in force, members of `partner` may see `person` (within their areas).

    `source` names what it was made for ("pin:ID", "consent:ID", "referral:ID"); it rests on a consent or on a basis in
    law, never on nothing, and is in force only while that is.
    """

    PRIVACY = classify(
        neither="id partner reason source sensitive since until ended_at consent basis", personal="person",
        purpose="who may see whom", basis="PDPA s.37(1)",
    )  # fmt: skip

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="grants")
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=10, choices=rules.Why.choices)
    source = models.CharField(max_length=60)
    sensitive = models.BooleanField(default=False)
    consent = models.ForeignKey(Consent, null=True, blank=True, on_delete=models.RESTRICT, related_name="grants")
    basis = models.ForeignKey(Basis, null=True, blank=True, on_delete=models.RESTRICT, related_name="grants")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = GrantQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "partner", "source"], condition=models.Q(ended_at=None), name="grant_once"
            ),
            models.CheckConstraint(
                condition=models.Q(consent=None) ^ models.Q(basis=None), name="grant_rests_on_one_thing"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["partner", "person"], name="grant_open", condition=models.Q(ended_at=None)),
            models.Index(fields=["source"], name="grant_source"),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.partner_id}"

    def holds(self, now: dt.datetime) -> bool:
        """`in_force` for a row read with `resting`; another row has no `basis_until` and raises KeyError."""
        end = self.end()
        return self.since <= now and (end is None or end > now)

    def end(self) -> dt.datetime | None:
        """The last moment: its own or that of what it rests on, whichever is earlier. For rows as in `holds`."""
        basis_until: dt.datetime | None = self.__dict__["basis_until"]
        return min((until for until in (self.until, basis_until) if until is not None), default=None)
