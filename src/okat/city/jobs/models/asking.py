"""What is asked of partners about work, and the times at which their advisers talk."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from okat.city.catalogue.models import Opportunity
from okat.city.core.classify import classify
from okat.city.jobs.rules import About, When
from okat.city.jobs.rules.talks import FORGET_DAYS, How
from okat.city.partners.models import Partner
from okat.city.taxonomy.models import Term


class Slot(models.Model):
    """A time at which an adviser of a partner can talk; free while no ask holds it."""

    PRIVACY = classify(
        neither="id partner start minutes how at", personal="by", purpose="a talk about ways into work",
        basis="PDPA s.24(4) public task", keep_days=FORGET_DAYS,
    )  # fmt: skip

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="slots")
    start = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    how = models.CharField(max_length=6, choices=[(h.value, h.value) for h in How])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["start", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partner", "start", "how"], name="slot_once"),
            models.CheckConstraint(condition=Q(minutes__gte=5, minutes__lte=240), name="slot_minutes"),
        ]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d %H:%M}"


class Ask(models.Model):
    """What an employer or a young person asks `to`. `employer` is set for candidates; `phone` is how the asker can be
    reached; a talk may hold a `slot`. Talks are forgotten earlier than `keep_days` (rules.talks)."""

    PRIVACY = classify(
        neither="id about to employer opportunity occupation wanted when slot at answered_at answer answered_by",
        personal="by name phone",
        purpose="answering whoever asked", basis="PDPA s.24(3)", keep_days=365,
    )  # fmt: skip

    id = models.BigAutoField(primary_key=True)
    about = models.CharField(max_length=10, choices=[(a.value, a.value) for a in About])
    to = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="asks")
    employer = models.ForeignKey(Partner, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    opportunity = models.ForeignKey(Opportunity, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    occupation = models.ForeignKey(Term, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    wanted = models.PositiveIntegerField(null=True, blank=True)  # persons
    name = models.CharField(max_length=80, blank=True)  # of whoever asks without an account
    phone = models.CharField(max_length=40, blank=True)
    when = models.CharField(max_length=10, choices=[(w.value, w.value) for w in When], blank=True)
    slot = models.OneToOneField(Slot, null=True, blank=True, on_delete=models.PROTECT, related_name="ask")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    answer = models.CharField(max_length=600, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(about=About.TALK) | (Q(employer__isnull=False) & Q(wanted__gt=0)),
                name="ask_says_for_whom",
            )
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["to", "at"], name="ask_waits", condition=Q(answered_at=None))
        ]

    def __str__(self) -> str:
        return str(self.id)
