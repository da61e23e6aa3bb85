"""The network: partners, their members, memoranda, venues and what each puts in."""

from typing import ClassVar

from django.conf import settings
from django.core.signing import dumps
from django.db import models

from okat.city.core import clock
from okat.city.core.classify import classify
from okat.city.partners.rules import Answer, Role, VenueKind, say_unit
from okat.city.places.models import Area
from okat.city.taxonomy.models import Term


class Partner(models.Model):
    """An agency, school, foundation or company of the network. `left_on` set: it has left; its rows stay."""

    PRIVACY = classify(
        neither="id code th en kind area about_th about_en website email phone left_on joined_on former successor"
    )

    class Kind(models.TextChoices):
        MUNICIPALITY = "municipality", "Municipality"
        PROVINCIAL = "provincial", "Provincial office"
        SCHOOL = "school", "School"
        UNIVERSITY = "university", "University"
        FOUNDATION = "foundation", "Foundation"
        COMPANY = "company", "Company"
        COMMUNITY = "community", "Community organisation"
        FUNDER = "funder", "Funder"

    id = models.BigAutoField(primary_key=True)
    code = models.SlugField(max_length=40, unique=True)
    th = models.CharField(max_length=200)
    en = models.CharField(max_length=200)
    kind = models.CharField(max_length=14, choices=Kind.choices)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="partners")
    about_th = models.TextField(blank=True)
    about_en = models.TextField(blank=True)
    website = models.URLField(blank=True)
    email = models.EmailField(blank=True)  # of the office
    phone = models.CharField(max_length=40, blank=True)
    joined_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    former = models.JSONField(default=list, blank=True)  # names it had before: [{"th", "en", "until"}], newest last
    successor = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering: ClassVar[list[str]] = ["code"]

    def __str__(self) -> str:
        return self.th


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> "MembershipQuerySet":
        return self.filter(ended_on=None, partner__left_on=None, user__is_active=True)


class Membership(models.Model):
    """One user's role in one partner, within areas; no areas means the partner's own."""

    PRIVACY = classify(neither="id partner role areas began_on ended_on", personal="user")

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Role])
    areas = models.ManyToManyField(Area, blank=True, related_name="+")
    began_on = models.DateField()
    ended_on = models.DateField(null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering: ClassVar[list[str]] = ["id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["partner", "user", "role"], condition=models.Q(ended_on=None), name="one_role_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.user} ({self.role}, {self.partner.code})"


class Invitation(models.Model):
    """A role that was offered to whoever holds an e-mail address. It is a membership only once it was accepted."""

    PRIVACY = classify(
        neither="id partner role areas language made_at expires_at answered_at answer",
        personal="name address by accepted_by", purpose="work in the network", basis="PDPA s.24(3)", keep_days=90,
    )  # fmt: skip
    SALT = "okat.partners.invitation"

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="invitations")
    role = models.CharField(max_length=20, choices=[(r.value, r.value) for r in Role])
    areas = models.ManyToManyField(Area, blank=True, related_name="+")
    name = models.CharField(max_length=160)  # as whoever invites calls them
    address = models.CharField(max_length=254)
    language = models.CharField(max_length=2, default="th")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)
    answer = models.CharField(max_length=8, blank=True, choices=[(a.value, a.value) for a in Answer])
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["partner", "role", "address"], condition=models.Q(answered_at=None), name="one_invitation_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.role}, {self.partner_id})"

    def token(self) -> str:
        """Signed, so that no row of the database holds a working link; sending it again ends the earlier one."""
        return dumps([self.pk, int(self.expires_at.timestamp())], salt=self.SALT)


class Absence(models.Model):
    """Days on which somebody does not work: what waits for them stands with their team meanwhile (queries.at_work)."""

    PRIVACY = classify(
        neither="id since until made_at ended_at", personal="user by",
        purpose="work goes on while somebody is away", basis="PDPA s.24(3) contract", keep_days=365,
    )  # fmt: skip

    id = models.BigAutoField(primary_key=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="absences")
    since = models.DateField()
    until = models.DateField()  # the last day
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)  # taken back, or another stands in its place

    class Meta:
        ordering: ClassVar[list[str]] = ["since", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(until__gte=models.F("since")), name="absence_ends_after_start"),
            models.UniqueConstraint(fields=["user"], condition=models.Q(ended_at=None), name="absence_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.since} {self.until}"


class Memorandum(models.Model):
    """What partners signed together."""

    PRIVACY = classify(neither="id title partners signed_on until summary source")

    id = models.BigAutoField(primary_key=True)
    title = models.CharField(max_length=300)
    partners = models.ManyToManyField(Partner, related_name="memoranda")
    signed_on = models.DateField()
    until = models.DateField(null=True, blank=True)
    summary = models.TextField(blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["-signed_on", "id"]

    def __str__(self) -> str:
        return self.title


class Venue(models.Model):
    """A place where things happen. `opening` is day -> [[from, to]]; `accessibility` is format ->
    taxonomy.rules.Answer, for the formats that count at a venue."""

    PRIVACY = classify(
        neither="id partner th en kind open_to_all area address lat lon opening accessibility capacity phone"
    )

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="venues")
    th = models.CharField(max_length=200)
    en = models.CharField(max_length=200, blank=True)
    kind = models.CharField(
        max_length=16, choices=[(k.value, k.value) for k in VenueKind], default=VenueKind.OTHER.value
    )
    open_to_all = models.BooleanField(default=False)  # a learning space: anybody may come in while it is open
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="venues")
    address = models.CharField(max_length=300, blank=True)
    lat = models.FloatField(null=True, blank=True)
    lon = models.FloatField(null=True, blank=True)
    opening = models.JSONField(default=dict)
    accessibility = models.JSONField(default=dict)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    phone = models.CharField(max_length=40, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["th", "id"]

    def __str__(self) -> str:
        return self.th


class Contribution(models.Model):
    """What a partner offers to share, or looks for: money or kind, planned and used."""

    PRIVACY = classify(neither="id partner direction resource title unit planned used area starts_on ends_on note")

    class Direction(models.TextChoices):
        GIVES = "gives", "Offers"
        SEEKS = "seeks", "Looks for"

    id = models.BigAutoField(primary_key=True)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, related_name="contributions")
    direction = models.CharField(max_length=5, choices=Direction.choices, default=Direction.GIVES)
    resource = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="+")  # vocabulary: resource
    title = models.CharField(max_length=300)
    unit = models.CharField(max_length=20)  # baht, hour, trip, set
    planned = models.DecimalField(max_digits=14, decimal_places=2)
    used = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    area = models.ForeignKey(Area, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["partner_id", "id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(planned__gte=0, used__gte=0), name="contribution_not_negative")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def unit_words(self) -> str:
        return say_unit(self.unit)
