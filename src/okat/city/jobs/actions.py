"""What employers write down, and what is asked and answered."""

from collections.abc import Iterable
from uuid import UUID

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.permissions import Permission
from okat.city.jobs.models import Ask, Headcount, Work
from okat.city.jobs.rules import About
from okat.city.jobs.rules.quota import Count, quota
from okat.city.notices.actions import notify
from okat.city.partners.models import Partner
from okat.city.partners.queries import workers
from okat.city.taxonomy.models import Term


@action
def keep_headcount(*, partner: Partner, count: Count, by: User) -> Headcount:
    """Write what the employer says of one day; said again of the same day, it replaces. Raises what `quota` raises."""
    quota(count)
    values = {
        "heads": count.heads, "employed": count.employed, "helped": count.helped, "wage": count.wage, "by": by,
        "at": clock.now(),
    }  # fmt: skip
    kept, _fresh = Headcount.objects.update_or_create(partner=partner, on=count.on, defaults=values)
    audit.record(by=by, verb="jobs.headcount", subject=kept, fields=["heads", "employed", "helped", "wage"],
                 partner=partner.code)  # fmt: skip
    return kept


@action
def ask_for_candidates(
    *, employer: Partner, to: Partner, wanted: int, by: User, opportunity: Opportunity | None = None, phone: str = ""
) -> Ask:
    """Ask `to` to propose the employer's work to people who agreed to it; nobody's name goes to the employer."""
    ask = Ask(about=About.CANDIDATES, to=to, employer=employer, opportunity=opportunity, wanted=wanted, phone=phone,
              by=by, at=clock.now())  # fmt: skip
    return _ask(ask, by)


@action
def ask_to_talk(
    *, to: Partner, name: str, phone: str, when: str, asker: User | None, by: User, occupation: Term | None = None
) -> Ask:
    """A young person asks for a talk, with or without an account (`asker`; then `by` is the system's user). What was
    answered in the interest questions is not sent along."""
    ask = Ask(about=About.TALK, to=to, occupation=occupation, name=name, phone=phone, when=when, by=asker,
              at=clock.now())  # fmt: skip
    return _ask(ask, by)


def _ask(ask: Ask, by: User) -> Ask:
    ask.save()
    audit.record(by=by, verb="jobs.ask", subject=ask, partner=ask.to.code, reason=ask.about)
    notify(
        users=workers(ask.to, Permission.ANSWER_REFERRALS), kind=f"jobs.{ask.about}", url=f"/jobs/asks/{ask.pk}/", by=by
    )
    return ask


@action
def answer_ask(*, ask: Ask, answer: str, by: User) -> Ask:
    """Tell whoever asked; answered again, the later answer stands."""
    ask.answer, ask.answered_at, ask.answered_by = answer, clock.now(), by
    ask.save(update_fields=["answer", "answered_at", "answered_by"])
    audit.record(by=by, verb="jobs.answer", subject=ask, fields=["answer"], partner=ask.to.code)
    if ask.by is not None:
        notify(users=[ask.by], kind="jobs.answered", params={"partner": ask.to.th, "answer": answer},
               url="/jobs/", by=by)  # fmt: skip
    return ask


@action
def describe_work(
    *, opportunity: Opportunity, occupation: Term | None, skills: Iterable[Term], by: User, lodging: str = "",
    strength: str = "",
) -> Work:  # fmt: skip
    """Say what an opportunity has to do with work; said again, it replaces."""
    values = {"occupation": occupation, "lodging": lodging, "strength": strength}
    work, _fresh = Work.objects.update_or_create(opportunity=opportunity, defaults=values)
    work.skills.set(skills)
    audit.record(by=by, verb="jobs.describe", subject=opportunity, fields=[*values, "skills"])
    return work


@action
def describe_many(*, rows: Iterable[tuple[UUID, Term | None, Iterable[Term]]], by: User) -> int:
    """(opportunity, occupation, skills) of many that were never described, for imports and the demo; a constant
    number of statements."""
    given = list(rows)
    made = Work.objects.bulk_create([Work(opportunity_id=pk, occupation=term) for pk, term, _skills in given])
    join = Work.skills.through
    join.objects.bulk_create([
        join(work_id=work.pk, term_id=skill.pk)
        for work, (_pk, _term, skills) in zip(made, given, strict=True)
        for skill in skills
    ])  # fmt: skip
    audit.record(by=by, verb="jobs.describe_many", reason="bulk")
    return len(made)
