"""What a person wishes for, and who holds local wisdom."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from okat.city.catalogue.models.opportunity import Opportunity
from okat.city.core.classify import classify
from okat.city.core.ids import new_id
from okat.city.partners.models import Partner
from okat.city.people.models import Person, Wording
from okat.city.people.rules import How
from okat.city.places.models import Area
from okat.city.taxonomy.models import Term


class Wish(models.Model):
    """What a person would like, in the person's own order; a round's application may start from it."""

    PRIVACY = classify(
        neither="id place added_at", personal="person opportunity by",
        purpose="keeping a person's own choice among what fits", basis="PDPA s.24(4)",
    )  # fmt: skip

    id = models.BigAutoField(primary_key=True)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="wishes")
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="wishes")
    place = models.PositiveIntegerField()  # 1 is what the person wants most
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["person_id", "place", "id"]
        verbose_name_plural = "wishes"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person", "opportunity"], name="wish_once")
        ]

    def __str__(self) -> str:
        return str(self.id)


class WisdomQuerySet(models.QuerySet["Wisdom"]):
    def public(self) -> "WisdomQuerySet":
        """Holders who agreed to be named."""
        return self.filter(consent=True, withdrawn_on=None)


class Wisdom(models.Model):
    """A holder of local wisdom: who can teach what, and whether they agreed to be named in public."""

    PRIVACY = classify(
        neither="id partner subject area teaches_th teaches_en can_teach consent consent_how consent_on words terms"
        " withdrawn_on",
        personal="name phone",
        purpose="finding teachers of local wisdom", basis="PDPA s.19 (consent)",
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="wisdom")
    name = models.CharField(max_length=160)
    phone = models.CharField(max_length=40, blank=True)
    subject = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")  # vocabulary: subject
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    teaches_th = models.CharField(max_length=400)
    teaches_en = models.CharField(max_length=400, blank=True)
    can_teach = models.BooleanField(default=True)
    consent = models.BooleanField(default=False)
    consent_how = models.CharField(max_length=10, choices=How.choices, blank=True)
    consent_on = models.DateField(null=True, blank=True)
    words = models.ForeignKey(Wording, null=True, blank=True, on_delete=models.PROTECT, related_name="+")  # as read
    terms = models.CharField(max_length=20, blank=True)  # their version
    withdrawn_on = models.DateField(null=True, blank=True)

    objects = WisdomQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["subject_id", "name", "id"]
        verbose_name_plural = "wisdom"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(consent=False) | Q(consent_on__isnull=False), name="wisdom_consent_has_a_day"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def named(self) -> bool:
        """Whether everybody may read the name now."""
        return self.consent and self.withdrawn_on is None

    def as_words(self) -> dict[str, Any]:
        """What may be published."""
        return {"name": self.name, "th": self.teaches_th, "en": self.teaches_en or self.teaches_th}
