"""What employers write down, and what is asked and answered."""

from django.utils.translation import gettext_lazy as _

from okat.city.accounts.models import User
from okat.city.catalogue.models import Opportunity
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.permissions import Permission
from okat.city.jobs.models import Ask, Concession, Headcount, Slot
from okat.city.jobs.rules import About, JobsError
from okat.city.jobs.rules.concessions import Given, check_given
from okat.city.jobs.rules.quota import Count, quota
from okat.city.notices.actions import notify
from okat.city.partners.models import Partner
from okat.city.partners.queries import check_stay, workers
from okat.city.taxonomy.models import Term


@action
def keep_headcount(*, partner: Partner, count: Count, by: User) -> Headcount:
    """Write what the employer says of one day; said again of the same day, it replaces. Raises what `quota` raises."""
    quota(count)
    check_stay(partner.pk)
    values = {
        "heads": count.heads, "employed": count.employed, "helped": count.helped, "wage": count.wage, "by": by,
        "at": clock.now(),
    }  # fmt: skip
    kept, _fresh = Headcount.objects.update_or_create(partner=partner, on=count.on, defaults=values)
    audit.record(by=by, verb="jobs.headcount", subject=kept, fields=["heads", "employed", "helped", "wage"],
                 partner=partner.code)  # fmt: skip
    return kept


@action
def give(*, partner: Partner, given: Given, by: User, concession: Concession | None = None) -> Concession:
    """Keep what is given under section 35, anew or in the place of `concession`. Raises JobsError."""
    check_given(given)
    check_stay(partner.pk)
    row = concession or Concession(partner=partner)
    row.way, row.what, row.contact, row.by, row.at = given.way, given.what, given.contact, by, clock.now()
    row.places, row.taken, row.since, row.until = given.places, given.taken, given.since, given.until
    row.save()
    audit.record(by=by, verb="jobs.give", subject=row, fields=["places", "taken", "since", "until"],
                 partner=partner.code)  # fmt: skip
    return row


@action
def ask_for_candidates(
    *, employer: Partner, to: Partner, wanted: int, by: User, opportunity: Opportunity | None = None, phone: str = ""
) -> Ask:
    """Ask `to` to propose the employer's work to people who agreed to it; nobody's name goes to the employer."""
    check_stay(employer.pk, to.pk)
    ask = Ask(about=About.CANDIDATES, to=to, employer=employer, opportunity=opportunity, wanted=wanted, phone=phone,
              by=by, at=clock.now())  # fmt: skip
    return _ask(ask, by)


@action
def ask_to_talk(
    *, to: Partner, name: str, phone: str, asker: User | None, by: User, when: str = "", slot: Slot | None = None,
    occupation: Term | None = None,
) -> Ask:  # fmt: skip
    """A young person asks for a talk, with or without an account (`asker`; then `by` is the system's user), at a time
    that the partner opened or when they say. What was answered in the interest questions is not sent along. Raises
    JobsError where somebody else was faster, or the time is over."""
    check_stay(to.pk)
    if slot is not None:
        slot = Slot.objects.select_for_update(no_key=True).filter(pk=slot.pk, partner=to, start__gt=clock.now()).first()
        if slot is None or Ask.objects.filter(slot=slot).exists():
            raise JobsError("slot", _("This time has just been taken. Choose another."))
    ask = Ask(about=About.TALK, to=to, occupation=occupation, name=name, phone=phone, when=when, slot=slot, by=asker,
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
