"""Reading cases: one's own, and those of the partners in which one's role handles cases."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from okat.city.accounts.models import User
from okat.city.cases.models import Case, FollowUp, Goal, Referral, Transition
from okat.city.cases.rules import NEEDS, OPEN_STATES, SENTENCES, TABLE, Edge, GoalStatus, State, Verb, Who, reason_words
from okat.city.catalogue.models import Opportunity
from okat.city.core import clock
from okat.city.core.menu import address
from okat.city.core.permissions import Permission
from okat.city.core.registries import Found, Task
from okat.city.partners.models import Membership, Partner
from okat.city.partners.queries import partners_where
from okat.city.partners.rules import PERMISSIONS
from okat.city.people.models import Person
from okat.city.people.queries import reach, visible_to

PERMITTED = (Permission.REFER, Permission.ANSWER_REFERRALS, Permission.RECORD_OUTCOME)


def partners_of(user: User) -> list[Partner]:
    """The partners for whose cases the user works."""
    found = {p.pk: p for permission in PERMITTED for p in partners_where(user, permission)}
    return list(found.values())


def cases_of_partner(user: User) -> QuerySet[Case]:
    """The cases that the user's partners own, hold or share a goal of, inside the areas of the user's roles.

    The city team sees, without the person, what has no other owner: cases that it owns itself.
    """
    wanted = Q(pk__in=[])
    for permission in PERMITTED:
        for one in reach(user, permission):
            wanted |= _held(one.partner) & _inside(one.paths)
    for team in partners_where(user, Permission.MANAGE_NETWORK):
        wanted |= Q(owner=team)
    rows = Case.objects.filter(wanted).select_related("person__area", "opportunity", "need", "owner", "receiver")
    return rows.select_related("acts_next").annotate(may_open=Exists(visible_to(user).filter(pk=OuterRef("person"))))


def _held(partner: Partner) -> Q:
    shared = Goal.objects.filter(case=OuterRef("pk"), partner=partner, status=GoalStatus.OPEN)
    return Q(owner=partner) | Q(receiver=partner) | Q(Exists(shared))


def _inside(paths: Iterable[str]) -> Q:
    wanted = Q(person=None)
    for path in sorted(paths):
        wanted |= Q(person__area__path__startswith=path)
    return wanted


def queue(user: User, *, waits: bool = True, late: bool = False, state: str = "") -> QuerySet[Case]:
    """What waits for the user's partners, by deadline; with `waits` false all their open cases."""
    rows = cases_of_partner(user).filter(state__in=OPEN_STATES)
    if waits:
        rows = rows.filter(acts_next__in=[*partners_of(user), *partners_where(user, Permission.MANAGE_NETWORK)])
    if late:
        rows = rows.filter(due_on__lt=clock.today())
    if state in State.values:
        rows = rows.filter(state=state)
    return rows.order_by("due_on", "id")


def own_cases(user: User) -> QuerySet[Case]:
    """A resident's own, newest first."""
    rows = Case.objects.filter(person__user=user).select_related("opportunity", "need", "owner", "receiver")
    return rows.order_by("-opened_at", "id")


def case_for(user: User, pk: UUID) -> Case:
    """The case in the user's scope. Raises Http404 alike for one that is not there and one that is somebody else's."""
    found = cases_of_partner(user).filter(pk=pk).first()
    if found is None:
        found = own_cases(user).select_related("acts_next", "person__area").filter(pk=pk).first()
        if found is not None:
            found.may_open = True  # type: ignore[attr-defined]  # as annotated above
    if found is None:
        raise Http404("case")
    return found


def cases_of_person(user: User, person: Person) -> QuerySet[Case]:
    """The person's cases that the user may see."""
    return cases_of_partner(user).filter(person=person).order_by("-opened_at")


def transitions_of(case: Case) -> list[Transition]:
    return list(Transition.objects.filter(case=case).select_related("partner", "other"))


def follow_ups_of(case: Case) -> list[FollowUp]:
    return list(FollowUp.objects.filter(case=case).select_related("partner"))


def goals_of(case: Case) -> list[Goal]:
    return list(Goal.objects.filter(case=case).select_related("partner"))


def open_referral(case: Case) -> Referral | None:
    return Referral.objects.filter(case=case, ended_at=None).select_related("sender", "receiver").first()


def last_return(case: Case) -> Referral | None:
    """The newest referral that came back, whose note the owner reads."""
    return Referral.objects.filter(case=case, answer="returned").select_related("receiver").last()


def sentence(row: Transition) -> str:
    """One transition in the reader's language."""
    lang = "en" if translation.get_language() == "en" else "th"
    verb = Verb(row.verb)
    return str(SENTENCES[verb]) % {
        "partner": _named(row.partner, lang), "other": _named(row.other, lang),
        "title": (row.title_en if lang == "en" else row.title_th) or row.title_th,
        "reason": reason_words(verb, row.reason),
    }  # fmt: skip


def _named(partner: Partner | None, lang: str) -> str:
    return str(getattr(partner, lang)) if partner is not None else _("the city")


def roles_in(user: User, case: Case) -> dict[Who, Partner | None]:
    """As what the user stands to the case, whatever the verb; the partner acted for."""
    found: dict[Who, Partner | None] = {}
    if case.person is not None and case.person.user_id == user.pk:
        found[Who.PERSON] = None
    for partner in partners_of(user):
        if partner.pk == case.owner_id:
            found[Who.OWNER] = partner
        if partner.pk == case.receiver_id:
            found[Who.RECEIVER] = partner
    teams = {p.pk: p for p in partners_where(user, Permission.MANAGE_NETWORK)}
    if case.owner_id in teams:
        found[Who.TEAM] = teams[case.owner_id]
    return found


def possible(user: User, case: Case) -> list[tuple[Verb, Edge, Who]]:
    """What the user may do with the case now, in the order of the table."""
    roles, found = roles_in(user, case), []
    for verb, edge in TABLE[case.stage].allows.items():
        who = next((w for w in roles if w in edge.who and may_as(user, w, roles[w], verb)), None)
        if who is not None:
            found.append((verb, edge, who))
    return found


def may_as(user: User, who: Who, partner: Partner | None, verb: Verb) -> bool:
    """Whether the user's role in `partner` carries what the verb needs."""
    if who in (Who.PERSON, Who.TEAM):
        return True
    return partner is not None and any(p.pk == partner.pk for p in partners_where(user, NEEDS[verb]))


def workers(partner: Partner, permission: Permission) -> list[User]:
    """Who is told when the partner must act."""
    roles = [role for role, held in PERMISSIONS.items() if permission in held or Permission.MANAGE_NETWORK in held]
    current = Membership.objects.current().filter(partner=partner, role__in=roles)
    return list(User.objects.filter(pk__in=current.values("user")))


def team_partner() -> Partner | None:
    """The partner of the city team: who takes what nobody else can."""
    found = Membership.objects.current().filter(role="coordinator").select_related("partner").order_by("id").first()
    return found.partner if found else None


def partners_to_refer(case: Case) -> QuerySet[Partner]:
    """Whom a case may go to, the opportunity's provider first in the form."""
    return Partner.objects.filter(left_on=None).order_by("th")


def overdue(today: dt.date) -> QuerySet[Case]:
    """Late and not called late today. A clock that jumped back calls nothing twice: days only go forward."""
    late = Case.objects.filter(due_on__lt=today, closed_at=None).filter(Q(reminded_on=None) | Q(reminded_on__lt=today))
    return late.select_related("person__user", "opportunity", "need", "acts_next").order_by("due_on", "id")


def next_follow_up(case: Case) -> FollowUp | None:
    return FollowUp.objects.filter(case=case, recorded_at=None).order_by("due_on", "id").first()


def offerable(opportunity_id: UUID) -> Opportunity | None:
    return Opportunity.objects.published().filter(pk=opportunity_id).select_related("provider").first()


def tasks(user: Any) -> Iterable[Task]:
    """For *Today*: late cases one by one, the others folded into one line."""
    if not isinstance(user, User) or not (partners_of(user) or partners_where(user, Permission.MANAGE_NETWORK)):
        return []
    rows, today = queue(user), clock.today()
    late = list(rows.filter(due_on__lt=today)[:5])
    found = [Task(f"case:{c.pk}", str(c.stage.label), title(c), page_of(c), c.due_on) for c in late]
    others = rows.filter(Q(due_on__gte=today) | Q(due_on=None)).count()
    if others:
        words = ngettext("%(n)s case waits for us", "%(n)s cases wait for us", others) % {"n": others}
        found.append(Task("cases", words, "", address("cases:queue"), None, others))
    return found


def found(user: Any, wish: str) -> Iterable[Found]:
    """For the search box: cases by what they are about, never by whose they are (people's own search does that)."""
    if not isinstance(user, User) or len(wish.strip()) < 2:
        return []
    text = wish.strip()[:100]
    named = Q(opportunity__title_th__icontains=text) | Q(opportunity__title_en__icontains=text)
    rows = cases_of_partner(user).filter(named | Q(need__th__icontains=text), state__in=OPEN_STATES)[:10]
    return [Found(_("Case"), title(c), str(c.stage.label), page_of(c)) for c in rows]


def page_of(case: Case) -> str:
    """The address of the case's page; empty where this city has no such page, so that no notice leads nowhere."""
    try:
        return reverse("cases:case", args=[case.pk])
    except NoReverseMatch:
        return ""


def title(case: Case) -> str:
    return case.title_en if translation.get_language() == "en" else case.title_th


def export(person: UUID) -> Mapping[str, Any]:
    """Everything that this app holds of one person, notes opened."""
    rows = Case.objects.filter(person=person).select_related("person__key", "opportunity", "need", "owner", "receiver")
    return {"cases": [_exported(case) for case in rows.prefetch_related("referrals", "follow_ups", "goals")]}


def _exported(case: Case) -> dict[str, Any]:
    return {
        "id": str(case.pk), "title": case.title_th, "state": case.state, "source": case.source,
        "owner": case.owner.code, "opened_at": case.opened_at.isoformat(), "goal": opened(case, case.goal_sealed),
        "timeline": [{"at": t.at.isoformat(), "verb": t.verb, "reason": t.reason} for t in transitions_of(case)],
        "referrals": [{"answer": r.answer, "note": opened(case, r.note_sealed)} for r in case.referrals.all()],
        "outcomes": [
            {"days": f.after_days, "outcome": f.outcome, "note": opened(case, f.note_sealed)}
            for f in case.follow_ups.all()
        ],
        "plan": [{"sector": g.sector, "text": opened(case, g.text_sealed)} for g in case.goals.all()],
    }  # fmt: skip


def opened(case: Case, sealed: bytes | memoryview | None) -> str:
    """A sealed text in plain; empty where there is none, or the person's key is gone."""
    key = case.person.key if case.person is not None else None
    return str(key.unseal(sealed) or "") if key is not None and sealed else ""


def names_of(cases: Sequence[Case]) -> dict[UUID, str]:
    """Names for a list: only of those whom the reader may open; the reading view records it."""
    return {
        c.pk: f"{c.person.given} {c.person.family}".strip()
        for c in cases
        if c.person is not None and getattr(c, "may_open", False)
    }
