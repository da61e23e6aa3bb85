"""Opportunities of every kind, and their sessions."""

from typing import ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q

from okat.city.catalogue.rules import Kind, Per, Slot, Status
from okat.city.core.classify import classify
from okat.city.core.ids import new_id
from okat.city.partners.models import Partner, Venue
from okat.city.places.models import Area
from okat.city.taxonomy.models import Term


def _choices(values: type[Kind] | type[Status] | type[Per]) -> list[tuple[str, str]]:
    return [(value.value, value.value) for value in values]


class OpportunityQuerySet(models.QuerySet["Opportunity"]):
    def public(self) -> "OpportunityQuerySet":
        """What anybody may open: published, and what was (so that a shared link explains itself)."""
        return self.exclude(status=Status.DRAFT)

    def published(self) -> "OpportunityQuerySet":
        return self.filter(status=Status.PUBLISHED)


@pghistory.track(exclude=["contact", "phone", "email", "search", "title_fold", "telling"])
class Opportunity(models.Model):
    """One thing that a partner offers. Written through actions, which also keep the search columns.

    `rule` is the engine's eligibility tree (None: open to all); `reserves` [{"group", "seats"}] in precedence
    order; `priority` [{"th", "en", "points", "rule"}]: the points of each part whose rule is yes are added;
    `documents` [{"th", "en"}]; `need_codes` repeats the terms for search. `access` is stage -> format -> answer as the
    provider said it; `usable` and `barred` are the tokens that follow from it and from the venue (rules.access).
    `telling`: who takes part in it is told of a disability or of health by that (solve.tells); it is public, a name
    beside it is not.
    """

    PRIVACY = classify(
        neither="id provider funder kind status title_th title_en summary_th summary_en about_th about_en needs "
        "access need_codes usable barred telling level credits rule rule_digest rule_note needs_papers capacity "
        "seats_taken reserves priority area venue lat lon online place_note slots hours cost stipend amount amount_per "
        "opens_on closes_on starts_on ends_on documents url published_at ended_at end_reason search title_fold "
        "import_batch row_key row_digest timetable version created_at updated_at",
        personal="contact phone email teachers",
        purpose="whom to ask about an opportunity, as its provider publishes it",
        basis="PDPA s.24(4)",
    )

    id = models.UUIDField(primary_key=True, default=new_id)
    provider = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="opportunities")
    funder = models.ForeignKey(Partner, null=True, blank=True, on_delete=models.PROTECT, related_name="funded")
    kind = models.CharField(max_length=20, choices=_choices(Kind))
    status = models.CharField(max_length=10, choices=_choices(Status), default=Status.DRAFT.value)

    title_th = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    summary_th = models.CharField(max_length=400, blank=True)
    summary_en = models.CharField(max_length=400, blank=True)
    about_th = models.TextField(blank=True)
    about_en = models.TextField(blank=True)
    needs = models.ManyToManyField(Term, blank=True, related_name="+")  # vocabulary: need
    access = models.JSONField(default=dict, blank=True)

    rule = models.JSONField(null=True, blank=True)
    rule_digest = models.CharField(max_length=64, blank=True)
    rule_note = models.CharField(max_length=400, blank=True)  # legal source of the whole
    needs_papers = models.BooleanField(default=False)  # house registration or identity card
    capacity = models.PositiveIntegerField(null=True, blank=True)  # None: no limit
    seats_taken = models.PositiveIntegerField(default=0)
    reserves = models.JSONField(default=list, blank=True)
    priority = models.JSONField(default=list, blank=True)

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="opportunities")
    venue = models.ForeignKey(Venue, null=True, blank=True, on_delete=models.PROTECT, related_name="opportunities")
    lat = models.FloatField(null=True, blank=True)  # degrees, WGS 84; of the venue, the place or the area
    lon = models.FloatField(null=True, blank=True)
    online = models.BooleanField(default=False)
    place_note = models.CharField(max_length=300, blank=True)
    slots = ArrayField(models.CharField(max_length=20, choices=[(s.value, s.value) for s in Slot]), default=list)
    level = models.CharField(max_length=60, blank=True)  # schooling that it leads to; vocabulary: education
    credits = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    hours = models.DecimalField(max_digits=7, decimal_places=2, null=True, blank=True)
    cost = models.DecimalField(max_digits=12, decimal_places=2, default=0)  # baht that the person pays
    stipend = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)  # baht, in all
    amount = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)  # wage, loan, grant: baht
    amount_per = models.CharField(max_length=5, choices=_choices(Per), default=Per.ONCE.value)

    opens_on = models.DateField(null=True, blank=True)
    closes_on = models.DateField(null=True, blank=True)
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    teachers = models.ManyToManyField("catalogue.Wisdom", blank=True, related_name="teaches")
    documents = models.JSONField(default=list, blank=True)
    contact = models.CharField(max_length=200, blank=True)  # an office or the person it names
    phone = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    url = models.URLField(max_length=400, blank=True)

    published_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=400, blank=True)
    import_batch = models.UUIDField(null=True, blank=True, db_index=True)
    row_key = models.CharField(max_length=255, blank=True)  # what the row is called where it came from
    row_digest = models.CharField(max_length=64, blank=True)
    timetable = models.JSONField(default=list, blank=True)  # the meetings as the last import named them
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    need_codes = ArrayField(models.CharField(max_length=60), default=list, editable=False)
    usable = ArrayField(models.CharField(max_length=80), default=list, editable=False)
    barred = ArrayField(models.CharField(max_length=80), default=list, editable=False)
    telling = models.BooleanField(default=False, editable=False)
    search = SearchVectorField(null=True, editable=False)
    title_fold = models.CharField(max_length=400, blank=True, editable=False)

    objects = OpportunityQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["-published_at", "id"]
        indexes: ClassVar[list[models.Index]] = [
            GinIndex(fields=["search"], name="opportunity_search"),
            GinIndex(fields=["title_fold"], name="opportunity_fold", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["need_codes"], name="opportunity_needs"),
            GinIndex(fields=["usable"], name="opportunity_usable"),
            models.Index(fields=["status", "kind"], name="opportunity_kind"),
            models.Index(fields=["status", "-published_at", "id"], name="opportunity_newest"),
            models.Index(fields=["provider", "status"], name="opportunity_provider"),
            models.Index(fields=["area", "status"], name="opportunity_area"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(capacity=None) | Q(seats_taken__lte=F("capacity")), name="opportunity_seats_fit"
            ),
            models.CheckConstraint(condition=Q(cost__gte=0), name="opportunity_cost_not_negative"),
            models.UniqueConstraint(
                fields=["provider", "row_key"], condition=~Q(row_key=""), name="opportunity_row_once"
            ),
        ]

    def __str__(self) -> str:
        return self.title_th

    @property
    def places_left(self) -> int | None:
        """Free places; None where there is no limit."""
        return None if self.capacity is None else max(0, self.capacity - self.seats_taken)


class Session(models.Model):
    """One meeting of a course or one date of an event. `uid`: what it is called in the calendar or package that it
    came from; empty for those that were written here."""

    PRIVACY = classify(neither="id opportunity start end venue note uid")

    id = models.BigAutoField(primary_key=True)
    opportunity = models.ForeignKey(Opportunity, on_delete=models.CASCADE, related_name="sessions")
    start = models.DateTimeField(db_index=True)
    end = models.DateTimeField()
    venue = models.ForeignKey(Venue, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    uid = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["start", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="session_ends_after_start"),
            models.UniqueConstraint(fields=["opportunity", "uid"], condition=~Q(uid=""), name="session_uid_once"),
        ]

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d %H:%M}"
