"""One case in words: what happened, what was written, and everything that is held of it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.urls import NoReverseMatch, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from okat.city.accounts.models import User
from okat.city.cases.models import Case, FollowUp, Goal, Referral, Transition
from okat.city.cases.rules import SENTENCES, Verb, reason_words
from okat.city.core import audit
from okat.city.core.together import Together
from okat.city.partners.models import Partner
from okat.city.partners.queries import known
from okat.city.people.rules import HIDDEN_TITLE
from okat.city.rounds.queries import moment_words


def transitions_of(case: Case) -> list[Transition]:
    return list(_told(case.pk).select_related("partner", "other"))


def _told(case: UUID) -> QuerySet[Transition]:
    """With whether what it said of a life was taken back since."""
    back = FollowUp.objects.filter(case=OuterRef("case"), outcome=OuterRef("reason"), taken_back_at__gte=OuterRef("at"))
    said = Q(taken_back_at__isnull=False) | Q(verb=Verb.FOLLOW_UP) & Q(Exists(back))
    return Transition.objects.filter(case=case).annotate(taken_back=ExpressionWrapper(said, BooleanField()))


def last_transition(case: Case) -> Transition | None:
    last: list[Transition] = _NEWEST.of(case.pk)["rows"]
    for row in last:
        row.partner, row.other = known().get(row.partner_id or 0), known().get(row.other_id or 0)
    return next(iter(last), None)


_NEWEST = Together(UUID, rows=lambda pk: _told(pk).order_by("-id")[:1])


def was_completed(case: Case) -> bool:
    """Whether what it led to was completed when it last was under way."""
    rows = Transition.objects.filter(case=case, verb__in=(Verb.START, Verb.COMPLETE)).order_by("-id")
    return rows.values_list("verb", flat=True).first() == Verb.COMPLETE


def follow_ups_of(case: Case) -> list[FollowUp]:
    return list(FollowUp.objects.filter(case=case).select_related("partner"))


def goals_of(case: Case) -> list[Goal]:
    return list(Goal.objects.filter(case=case).select_related("partner"))


def open_referral(case: Case) -> Referral | None:
    return Referral.objects.filter(case=case, ended_at=None).select_related("sender", "receiver").first()


def last_return(case: Case) -> Referral | None:
    """The newest referral that came back, whose note the owner reads."""
    return Referral.objects.filter(case=case, answer="returned").select_related("receiver").last()


def sentence(row: Transition, case: Case) -> str:
    """One transition in the reader's language."""
    lang = "en" if translation.get_language() == "en" else "th"
    verb = Verb(row.verb)
    title = (row.title_en if lang == "en" else row.title_th) or row.title_th
    unclear = row.tells or (row.tells is None and (case.tells or row.title_th != case.titles[0]))
    return str(SENTENCES[verb]) % {
        "partner": _named(row.partner, lang), "other": _named(row.other, lang),
        "title": HIDDEN_TITLE[lang] if unclear and not getattr(case, "deep", False) else title,
        "reason": reason_words(verb, row.reason, taken_back=getattr(row, "taken_back", False)),
    }  # fmt: skip


def _named(partner: Partner | None, lang: str) -> str:
    return str(getattr(partner, lang)) if partner is not None else _("the city")


def title(case: Case) -> str:
    return case.title_en if translation.get_language() == "en" else case.title_th


def until_words(case: Case) -> str:
    """Until when a place that is being given back can be taken back; nothing of another."""
    if case.given_back is None:
        return ""
    return _("it can be taken back until %(until)s") % {"until": moment_words(case.given_back)}


def page_of(case: Case) -> str:
    """The address of the case's page for those who work on it."""
    return reverse("cases:case", args=[case.pk])


def own_page(case: Case) -> str:
    """The address of the case's page for the person whose case it is."""
    return reverse("cases:own", args=[case.pk])


def page_for(user: User, case: Case) -> str:
    mine = case.person is not None and case.person.user_id == user.pk
    return own_page(case) if mine else page_of(case)


def person_page(person: UUID) -> str:
    """The page of a person; empty where this city has none."""
    try:
        return reverse("people:person", args=[person])
    except NoReverseMatch:
        return ""


def opened(case: Case, sealed: bytes | memoryview | None) -> str:
    """A sealed text in plain; empty where there is none, or the person's key is gone."""
    return str(case.person.unseal(sealed) or "") if case.person is not None else ""


def names_of(cases: Sequence[Case]) -> dict[UUID, str]:
    """Names for a list: only of those whom the reader may open; whoever shows them calls `names_read`."""
    return {c.pk: c.person.full_name for c in cases if c.person is not None and getattr(c, "may_open", False)}


def names_read(user: User, cases: Sequence[Case]) -> dict[UUID, str]:
    """Names for a list that is shown: each is a look at a record, and is recorded as one (one statement)."""
    names = names_of(cases)
    seen = {c.person.pk: c.person for c in cases if c.pk in names and c.person is not None}
    if seen:
        audit.record_many(by=user, verb="people.read", subjects=seen.values(), fields=["identity"], reason="case_list")
    return names


def export(person: UUID) -> Mapping[str, Any]:
    """Everything that this app holds of one person, notes opened."""
    rows = Case.objects.filter(person=person).select_related("person__key", "opportunity", "need", "owner", "receiver")
    return {"cases": [_exported(case) for case in rows.prefetch_related("referrals", "follow_ups", "goals")]}


def _exported(case: Case) -> dict[str, Any]:
    return {
        "id": str(case.pk), "title": case.titles[0], "state": case.state, "source": case.source,
        "owner": case.owner.code, "opened_at": case.opened_at.isoformat(), "goal": opened(case, case.goal_sealed),
        "timeline": [
            {"at": t.at.isoformat(), "verb": t.verb, "reason": t.reason, "taken_back": getattr(t, "taken_back", False)}
            for t in transitions_of(case)
        ],
        "referrals": [{"answer": r.answer, "note": opened(case, r.note_sealed)} for r in case.referrals.all()],
        "outcomes": [
            {"days": f.after_days, "outcome": f.outcome, "taken_back": f.taken_back_at is not None,
             "note": opened(case, f.note_sealed)}
            for f in case.follow_ups.all()
        ],
        "plan": [{"sector": g.sector, "text": opened(case, g.text_sealed)} for g in case.goals.all()],
    }  # fmt: skip
