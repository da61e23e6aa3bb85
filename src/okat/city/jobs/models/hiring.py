"""What people can do, and where they went to work."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from okat.city.cases.models import Case
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import Per
from okat.city.core.classify import classify
from okat.city.core.ids import new_id
from okat.city.jobs.rules import HOURS_OF_A_WEEK
from okat.city.partners.models import Partner
from okat.city.people.models import Person


class StatedSkill(models.Model):
    """A skill that a person says they have; `skill` is a code of the city's words. Certificates stand beside it."""

    PRIVACY = classify(
        neither="id at", personal="person skill by", purpose="finding work that suits", basis="PDPA s.24(4) public task"
    )

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="stated_skills")
    skill = models.CharField(max_length=60)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar[list[str]] = ["at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "skill"], name="stated_once")
        ]

    def __str__(self) -> str:
        return self.skill


class Hire(models.Model):
    """One person's start at one employer, opened when their case becomes active. What was agreed is copied from the
    job and can be put right; `agreed_at` is empty until the employer has said so. `person` is empty once the record is
    erased; whether they are still in work stands in the case's follow-ups."""

    PRIVACY = classify(
        neither="id case employer opportunity started_on ended_on agreed_at", personal="person pay pay_per hours by",
        purpose="work that was agreed, and whether it lasts", basis="PDPA s.24(3) contract; s.24(4) public task",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="hire")
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="hires")
    employer = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="hires")
    opportunity = models.ForeignKey(Opportunity, on_delete=models.PROTECT, related_name="hires")
    pay = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)  # baht for `pay_per`
    pay_per = models.CharField(max_length=5, choices=[(p.value, p.value) for p in Per], default=Per.MONTH.value)
    hours = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)  # in a week
    started_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)
    agreed_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["-started_on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(hours=None) | Q(hours__gt=0, hours__lte=HOURS_OF_A_WEEK), name="hire_hours_fit_a_week"
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")), name="hire_ends_after_start"
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["employer", "agreed_at"], name="hire_employer")]

    def __str__(self) -> str:
        return str(self.id)
