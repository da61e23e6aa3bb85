"""Cases, the referrals between partners, what happened, what came of it, and the plan."""

import datetime as dt
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.functional import Promise

from okat.city.cases.rules import (
    AWAY,
    DONE,
    FOLLOW_UP_DAYS,
    GIVEN_BACK,
    Answer,
    GoalStatus,
    Sector,
    Source,
    State,
    Verb,
)
from okat.city.catalogue.models import Opportunity
from okat.city.core.classify import classify
from okat.city.core.ids import new_id
from okat.city.partners.models import Partner
from okat.city.people.models import Consent, Person
from okat.city.people.rules import HIDDEN_TITLE
from okat.city.taxonomy.models import Term

PURPOSE = "help that arrives: following a case to its outcome"
BASIS = "PDPA s.19 consent at each hand-over; s.24(4) public task"


class Case(models.Model):
    """One person on the way to one opportunity. `acts_next` is the partner whose turn it is (None: the person's, or
    nobody's); `receiver` holds the case while a referral is open. `person` is empty once the record is erased.
    `reference` is the application of a round that it came from. `reminded_on`: last day on which it was called late.
    """

    PRIVACY = classify(
        neither="id opportunity source reference owner receiver acts_next state due_on version opened_at closed_at "
        "reminded_on",
        personal="person need opened_by", sensitive="goal_sealed", purpose=PURPOSE, basis=BASIS,
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="cases")
    need = models.ForeignKey(Term, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    opportunity = models.ForeignKey(Opportunity, null=True, blank=True, on_delete=models.PROTECT, related_name="cases")
    goal_sealed = models.BinaryField(null=True, blank=True)
    source = models.CharField(max_length=6, choices=Source.choices)
    reference = models.UUIDField(null=True, blank=True)
    owner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="cases_owned")
    receiver = models.ForeignKey(
        Partner, null=True, blank=True, on_delete=models.PROTECT, related_name="cases_received"
    )
    acts_next = models.ForeignKey(Partner, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices)
    due_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["due_on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["reference", "opportunity"], condition=Q(reference__isnull=False), name="case_of_place_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=AWAY, receiver__isnull=False) | (~Q(state__in=AWAY) & Q(receiver=None)),
                name="case_receiver_while_away",
            ),
            models.CheckConstraint(
                condition=Q(state=State.CLOSED, closed_at__isnull=False) | (~Q(state=State.CLOSED) & Q(closed_at=None)),
                name="case_closed_has_time",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["acts_next", "due_on", "id"], name="case_waits"),
            models.Index(fields=["owner", "state"], name="case_owner"),
            models.Index(fields=["receiver", "state"], name="case_receiver"),
            models.Index(fields=["person", "-opened_at"], name="case_person"),
            models.Index(fields=["due_on"], name="case_due", condition=Q(closed_at=None)),
        ]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def stage(self) -> State:
        return State(self.state)

    @property
    def given_back(self) -> dt.datetime | None:
        """Until when the round holds its place, which is being given back: the case does not go on meanwhile. As the
        queries of cases annotate it; what is done is not waited for."""
        return getattr(self, "returning", None) if self.stage not in (*DONE, State.CLOSED) else None

    @property
    def stage_label(self) -> str | Promise:
        """How it stands, in words."""
        return self.stage.label if self.given_back is None else GIVEN_BACK

    @property
    def tells(self) -> bool:
        """Whether what it is about says something of the person's health or a disability."""
        if self.opportunity is not None:
            return self.opportunity.telling
        return self.need is not None and self.need.sensitive

    @property
    def hidden(self) -> bool:
        """What it is about is not for this reader. A case that was read for nobody (`deep`) is not for anybody."""
        return self.tells and not getattr(self, "deep", False)

    @property
    def title_th(self) -> str:
        return HIDDEN_TITLE["th"] if self.hidden else self.titles[0]

    @property
    def title_en(self) -> str:
        return HIDDEN_TITLE["en"] if self.hidden else self.titles[1] or self.titles[0]

    @property
    def titles(self) -> tuple[str, str]:
        """What it is about in Thai and English, for the person themselves and for what is kept."""
        if self.opportunity is not None:
            return self.opportunity.title_th, self.opportunity.title_en
        return (self.need.th, self.need.en) if self.need is not None else ("ความช่วยเหลือ", "Help")


class Referral(models.Model):
    """One partner asks another to take the case. It ends when it is returned, taken back or done: so does access."""

    PRIVACY = classify(
        neither="id case sender receiver answer reason consent sent_at answered_at ended_at",
        personal="note_sealed", purpose=PURPOSE, basis=BASIS,
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="referrals")
    sender = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    receiver = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=8, choices=Answer.choices, default=Answer.SENT)
    reason = models.CharField(max_length=20, blank=True)
    note_sealed = models.BinaryField(null=True, blank=True)
    consent = models.ForeignKey(Consent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["sent_at", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["case"], condition=Q(ended_at=None), name="referral_one_open")
        ]

    def __str__(self) -> str:
        return str(self.id)


class Transition(models.Model):
    """What happened, as codes: the sentence is made for the reader's language. Append-only; the person sees it, so it
    holds no note. `taken_back_at`, which alone is written later: why it was left said something of a life that is not
    so, and counts for nothing. `tells`: what it was about says something of health or a disability (None: of before it
    was asked). What the person did has no `by`: it stays when the record is erased."""

    PRIVACY = classify(
        neither="id case at actor partner other verb before after reason title_th title_en tells taken_back_at",
        personal="by", purpose=PURPOSE, basis=BASIS,
    )  # fmt: skip

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="transitions")
    at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False
    )
    actor = models.CharField(max_length=8)
    partner = models.ForeignKey(Partner, null=True, on_delete=models.PROTECT, related_name="+")
    other = models.ForeignKey(Partner, null=True, on_delete=models.PROTECT, related_name="+")
    verb = models.CharField(max_length=10, choices=Verb.choices)
    before = models.CharField(max_length=10, blank=True)
    after = models.CharField(max_length=10)
    reason = models.CharField(max_length=20, blank=True)
    title_th = models.CharField(max_length=200, blank=True)
    title_en = models.CharField(max_length=200, blank=True)
    tells = models.BooleanField(null=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["case", "id"], name="transition_case")]
        triggers: ClassVar[list[pgtrigger.Trigger]] = [
            pgtrigger.ReadOnly(name="case_history", exclude=["taken_back_at"]),
            pgtrigger.Protect(name="case_history_stays", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.before} {self.verb} {self.after}"


class FollowUp(models.Model):
    """How the person is after so many days; 0: an outcome without a placement. Empty `outcome`: still to ask.
    `taken_back_at`: it said something of a life that is not so; it stays to be read, and counts for nothing."""

    PRIVACY = classify(
        neither="id case after_days due_on recorded_at taken_back_at partner", personal="outcome note_sealed by",
        purpose=PURPOSE, basis=BASIS,
    )  # fmt: skip

    id = models.BigAutoField(primary_key=True)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="follow_ups")
    after_days = models.PositiveSmallIntegerField(choices=[(n, str(n)) for n in (0, *FOLLOW_UP_DAYS)])
    due_on = models.DateField()
    outcome = models.CharField(max_length=12, blank=True)
    note_sealed = models.BinaryField(null=True, blank=True)
    recorded_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    partner = models.ForeignKey(Partner, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["due_on", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["case", "after_days"], condition=Q(recorded_at=None), name="follow_up_pending_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.after_days}: {self.outcome}"


class Goal(models.Model):
    """One line of the case plan: what one partner is to reach in one sector. A child's case has several."""

    PRIVACY = classify(
        neither="id case sector partner status due_on made_at ended_at", personal="by", sensitive="text_sealed",
        purpose=PURPOSE, basis=BASIS,
    )  # fmt: skip

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="goals")
    sector = models.CharField(max_length=8, choices=Sector.choices)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="+")
    text_sealed = models.BinaryField(null=True)
    status = models.CharField(max_length=7, choices=GoalStatus.choices, default=GoalStatus.OPEN)
    due_on = models.DateField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["made_at", "id"]

    def __str__(self) -> str:
        return f"{self.sector} {self.status}"
