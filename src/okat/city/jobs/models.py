"""How many work for an employer, and what is asked of partners about work."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from okat.city.catalogue.models import Opportunity
from okat.city.core.classify import classify
from okat.city.jobs.rules import HOURS_OF_A_WEEK, About, Lodging, Strength, When
from okat.city.partners.models import Partner
from okat.city.taxonomy.models import Term


class Headcount(models.Model):
    """What an employer says of one day; `wage` is the least daily wage in baht that it named (None: the table's)."""

    PRIVACY = classify(
        neither="id partner on heads employed helped wage at", personal="by",
        purpose="the employment quota", basis="PDPA s.24(6)",
    )  # fmt: skip

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="headcounts")
    on = models.DateField()
    heads = models.PositiveIntegerField()
    employed = models.PositiveIntegerField()
    helped = models.PositiveIntegerField(default=0)
    wage = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["-on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["partner", "on"], name="headcount_once"),
            models.CheckConstraint(condition=Q(employed__lte=F("heads")), name="headcount_fits"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.heads}"


class Ask(models.Model):
    """What an employer or a young person asks `to`. `employer` is set for candidates; `phone` is the asker's own."""

    PRIVACY = classify(
        neither="id about to employer opportunity occupation wanted when at answered_at answer answered_by",
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


class Work(models.Model):
    """What an opportunity has to do with work: a job is done in an occupation, a course leads to it; the skills (codes
    of the city's words) that it asks for and that it teaches; what lodging comes with it and whom to ask about it;
    how strong one must be. `hours` in a week, of a job. `before` is what stood here before an import."""

    PRIVACY = classify(
        neither="id opportunity occupation needed taught hours lodging strength before", personal="lodging_contact",
        purpose="whom to ask about lodging, as its provider publishes it", basis="PDPA s.24(4)",
    )  # fmt: skip

    id = models.BigAutoField(primary_key=True)
    opportunity = models.OneToOneField(Opportunity, on_delete=models.CASCADE, related_name="work")
    occupation = models.ForeignKey(Term, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    needed = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    taught = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    hours = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    lodging = models.CharField(max_length=10, choices=[(v.value, v.value) for v in Lodging], blank=True)
    lodging_contact = models.CharField(max_length=200, blank=True)
    strength = models.CharField(max_length=10, choices=[(v.value, v.value) for v in Strength], blank=True)
    before = models.JSONField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        verbose_name_plural = "work"
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["needed"], name="work_needed"), GinIndex(fields=["taught"], name="work_taught"),
        ]  # fmt: skip
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(hours=None) | Q(hours__gt=0, hours__lte=HOURS_OF_A_WEEK), name="work_hours_fit_a_week"
            )
        ]

    def __str__(self) -> str:
        return str(self.opportunity_id)
