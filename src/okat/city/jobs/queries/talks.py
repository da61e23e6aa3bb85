"""Reading times for talks."""

import datetime as dt

from django.db.models import Exists, OuterRef, QuerySet

from okat.city.accounts.models import User
from okat.city.core import clock
from okat.city.core.permissions import Permission
from okat.city.jobs.models import Ask, Slot
from okat.city.partners.queries import partners_where

OFFERED = 24  # times that a young person chooses from
NOTICE = dt.timedelta(hours=2)  # nobody is booked at shorter notice


def free() -> QuerySet[Slot]:
    """Times that can still be booked, the next first."""
    booked = Ask.objects.filter(slot=OuterRef("pk"))
    rows = Slot.objects.filter(~Exists(booked), start__gt=clock.now() + NOTICE, partner__left_on=None)
    return rows.select_related("partner").order_by("start", "id")


def offered() -> list[Slot]:
    return list(free()[:OFFERED])


def slots_of(user: User) -> QuerySet[Slot]:
    """Times from today on of the partners for which the user answers, with the ask that holds each."""
    mine = partners_where(user, Permission.ANSWER_REFERRALS)
    rows = Slot.objects.filter(partner__in=mine, start__gte=clock.now() - dt.timedelta(hours=12))
    return rows.select_related("partner", "ask").order_by("start", "id")


def slot_of(user: User, pk: int) -> Slot | None:
    return slots_of(user).filter(pk=pk).first()
