"""What people say they can do, and where they go to work."""

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.cases.models import Case
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.permissions import Permission
from okat.city.jobs.models import Hire, StatedSkill
from okat.city.jobs.queries.skills import skills as words_of
from okat.city.jobs.queries.ways import work_of
from okat.city.jobs.rules import JobsError
from okat.city.notices.actions import notify
from okat.city.partners.queries import workers
from okat.city.people.models import Person
from okat.city.people.queries.plain import title_kept


@action
def state_skills(*, person: Person, skills: Iterable[str], by: User) -> int:
    """Keep exactly the skills that a person says they have; how many. Raises JobsError for a code that is none of the
    city's words."""
    wanted = set(skills)
    if unknown := wanted - {term.code for term in words_of(wanted)}:
        raise JobsError("skills", _("The city has no skill “%(code)s”.") % {"code": min(unknown)})
    rows = StatedSkill.objects.filter(person=person)
    kept = set(rows.values_list("skill", flat=True))
    rows.exclude(skill__in=wanted).delete()
    now = clock.now()
    StatedSkill.objects.bulk_create(
        [StatedSkill(person=person, skill=code, by=by, at=now) for code in sorted(wanted - kept)], ignore_conflicts=True
    )
    audit.record(by=by, verb="jobs.state_skills", subject=person, fields=["skills"])
    return len(wanted)


@action
def open_hire(*, case: Case, by: User) -> Hire:
    """A placement in a job began: what its offer says is taken as agreed until the employer says so. Opened twice, it
    is one. Raises JobsError for a case without a job."""
    job = case.opportunity
    if job is None:
        raise JobsError("case", _("This case leads to no job."))
    work = work_of(job)
    values = {
        "person": case.person, "employer": case.receiver or job.provider, "opportunity": job, "pay": job.amount,
        "pay_per": job.amount_per, "hours": work.hours if work else None, "started_on": clock.today(), "by": by,
    }  # fmt: skip
    hire, made = Hire.objects.get_or_create(case=case, defaults=values)
    audit.record(by=by, verb="jobs.hire", subject=hire, partner=hire.employer.code)
    if made:
        users = [user for user in workers(hire.employer, Permission.ANSWER_REFERRALS) if user.pk != by.pk]
        notify(
            users=users,
            kind="jobs.hired",
            params={"title": title_kept(job.title_th, telling=job.telling)},
            url=f"/jobs/hires/{hire.pk}/",
            by=by,
        )
    return hire


@action
def agree(
    *, hire: Hire, pay: Decimal | None, pay_per: str, hours: Decimal | None, started_on: dt.date, by: User
) -> Hire:
    """Say what was agreed; said again, the later word stands. Raises JobsError for a start after the end."""
    kept = Hire.objects.select_for_update(of=("self",), no_key=True).select_related("employer").get(pk=hire.pk)
    if kept.ended_on is not None and started_on > kept.ended_on:
        raise JobsError("started_on", _("It ended before this day."))
    kept.pay, kept.pay_per, kept.hours, kept.started_on = pay, pay_per, hours, started_on
    kept.agreed_at, kept.by = clock.now(), by
    kept.save()
    audit.record(by=by, verb="jobs.agree", subject=kept, fields=["pay", "hours", "started_on"],
                 partner=kept.employer.code)  # fmt: skip
    return kept


@action
def end_hire(*, case: Case, by: User) -> int:
    """The person left the job; 1, or 0 where none was opened or it had ended."""
    today = clock.today()
    rows = Hire.objects.filter(case=case, ended_on=None)
    done = rows.filter(started_on__lte=today).update(ended_on=today)
    done += rows.filter(started_on__gt=today).update(started_on=today, ended_on=today)  # left before the first day
    audit.record(by=by, verb="jobs.end_hire", subject=case)
    return done


@action
def erase_work(*, person: UUID, by: User) -> int:
    """The person's record is erased: what they can do goes; hires stay for the figures and lead to nobody."""
    gone, _each = StatedSkill.objects.filter(person=person).delete()
    left = Hire.objects.filter(person=person).update(person=None, pay=None, hours=None)
    audit.record(by=by, verb="jobs.erase", fields=["skills", "hires"])
    return gone + left
