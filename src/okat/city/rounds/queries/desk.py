"""What the desk, the search box and a person's page hear of rounds; and what a person takes along."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from okat.city.accounts.models import User
from okat.city.core import audit, clock, kept
from okat.city.core.permissions import Permission, may
from okat.city.core.registries import Found, Panel, Step, Task
from okat.city.core.templatetags.okat import be, words
from okat.city.core.together import Together
from okat.city.partners.models import Membership
from okat.city.people.models import Person
from okat.city.people.queries import may_act_for, sensitive_to
from okat.city.people.queries.team import the_teams
from okat.city.people.rules import LIVING
from okat.city.rounds.models import Application, Choice, Result, Round
from okat.city.rounds.queries.manage import appeals_to_answer, staff_rounds
from okat.city.rounds.queries.own import reviews_of
from okat.city.rounds.queries.scope import public_rounds, rounds_of
from okat.city.rounds.rules import STATUS_LABELS, Answer, Status, answer_words, next_step, reached

SHOWN = 10
# The team's own turn; opening and closing are the clock's.
WAITS = (Status.DRAFT, Status.CLOSED, Status.DRAWN, Status.DECIDED)


def tasks(user: Any) -> Iterable[Task]:
    """For *Today*: offers to answer, the next step of each round, requests for review."""
    if not isinstance(user, User):
        return []
    return [*_offers(user), *(_steps(user) if may(user, Permission.RUN_ROUNDS) else []), *_reviews(user)]


_OFFERED = Together(
    int,
    results=lambda user: Result.objects.filter(application__person__user=user, answer=Answer.OFFERED).only("id")[:1],
    others=lambda user: Result.objects.filter(
        answer=Answer.OFFERED, application__person__user=None, application__round__status=Status.PUBLISHED,
        application__person__grants__partner__in=Membership.objects.current().filter(user=user).values("partner"),
    ).only("id")[:1],
)  # fmt: skip


def _offers(user: User) -> list[Task]:
    noted = _OFFERED.of(user.pk)
    return [*(_own(user) if noted["results"] else ()), *(_to_tell(user) if noted["others"] else ())]


def to_tell(user: User) -> QuerySet[Result]:
    """Unanswered offers of people without an account, who hear of them from the team that answers for the person;
    `deep` where the user may see what is sensitive of them."""
    rows = Result.objects.filter(
        the_teams(user, Permission.APPLY_FOR_OTHERS, person="application__person"), answer=Answer.OFFERED,
        application__person__user=None, application__round__status=Status.PUBLISHED,
    )  # fmt: skip
    deep = Exists(sensitive_to(user).filter(pk=OuterRef("application__person")))
    rows = rows.annotate(deep=deep)
    return rows.select_related("application__person", "application__round", "place__opportunity").order_by(
        "answer_by", "application__person__sort", "id"
    )


def note_names(user: User, rows: Iterable[Result]) -> None:
    """A list of names is a look at each of the records."""
    seen = [row.application.person for row in rows if row.application.person is not None]
    if seen:
        audit.record_many(by=user, verb="people.read", subjects=seen, fields=["identity"], reason="offer")


def _to_tell(user: User) -> list[Task]:
    """One line, however many they are: it leads to the list that is worked through."""
    rows = to_tell(user)
    first = rows.first()
    if first is None:
        return []
    count = rows.count()
    title = ngettext(
        "Tell %(n)d person of the place they were offered", "Tell %(n)d people of the place they were offered", count
    ) % {"n": count}  # fmt: skip
    note = _("They have no account and wait for your word")
    return [Task("tell", title, note, reverse("rounds:offers"), first.answer_by, count)]


def _own(user: User) -> list[Task]:
    rows = Result.objects.filter(
        application__person__user=user, answer=Answer.OFFERED, application__round__status=Status.PUBLISHED
    ).select_related("application__round", "place__opportunity")
    return [
        Task(
            f"offer:{row.pk}", _("Answer: a place in “%(place)s”") % {"place": words(row.place.opportunity)},
            words(row.application.round), reverse("rounds:why", args=[row.application_id]), row.answer_by,
        )
        for row in rows if row.place
    ]  # fmt: skip


def _steps(user: User) -> list[Task]:
    today, found = clock.today(), []
    for row in rounds_of(user).filter(status__in=WAITS):
        step = next_step(row.stage)
        due = row.draw_on if row.stage is Status.CLOSED else None
        if step and (due is None or due <= today):
            title = f"{words(row)}: {step.label}"
            found.append(Task(f"round:{row.pk}", title, str(STATUS_LABELS[row.stage]), _page(row), due))
    return found


def _reviews(user: User) -> list[Task]:
    count = appeals_to_answer(user).count() if may(user, Permission.ANSWER_APPEALS) else 0
    if not count:
        return []
    title = ngettext("%(n)s request for review waits", "%(n)s requests for review wait", count) % {"n": count}
    return [Task("reviews", title, "", reverse("rounds:appeals"), None, count)]


def _page(row: Round) -> str:
    return reverse("rounds:manage", args=[row.pk])


def found(user: Any, wish: str) -> Iterable[Found]:
    """For the search box: rounds by title; a receipt opens its application for whoever may see it."""
    text = wish.strip()[:100]
    if not isinstance(user, User) or len(text) < 2:
        return []
    named = Q(title_th__icontains=text) | Q(title_en__icontains=text)
    own = list(staff_rounds(user).filter(named)[:SHOWN])
    ids = {row.pk for row in own}
    others = [row for row in public_rounds().filter(named)[:SHOWN] if row.pk not in ids]
    return [
        *(Found(_("Round"), words(row), str(STATUS_LABELS[row.stage]), _page(row)) for row in own),
        *(
            Found(_("Round"), words(row), str(STATUS_LABELS[row.stage]), reverse("rounds:public", args=[row.pk]))
            for row in others
        ),
    ]


def panel(user: Any, person: Person) -> Panel | None:
    """A person's applications with their answers, and the open rounds into which one may enter them."""
    if not isinstance(user, User):
        return None
    own = person.user_id == user.pk
    enters = may_act_for(user, person, Permission.APPLY_FOR_OTHERS)
    listed = _listed(person) if enters else []
    lines = tuple(
        Found(_("Round"), words(row.round), _standing(row), reverse("rounds:why", args=[row.pk])) for row in listed
    )
    taken = {row.round_id for row in listed}
    steps = tuple(
        Step(_("Apply: %(round)s") % {"round": words(each)}, _apply(each, None if own else person.pk))
        for each in open_rounds()[:SHOWN]
        if enters and person.status in LIVING and each.pk not in taken
    )
    return Panel(_("Rounds"), lines, steps) if lines or steps else None


OF_PERSON = Together(
    UUID,
    applications=lambda pk: Application.objects.filter(person=pk, withdrawn_at=None).order_by("-at")[:SHOWN],
    results=lambda pk: Result.objects.filter(application__person=pk),
    rounds=lambda pk: Round.objects.filter(pk__in=Application.objects.filter(person=pk).values("round")),
)


def _listed(person: Person) -> list[Application]:
    found = OF_PERSON.on(person)
    rounds = {row.pk: row for row in found["rounds"]}
    results = {row.application_id: row for row in found["results"]}
    for row in found["applications"]:
        row.round = rounds[row.round_id]
        if row.pk in results:
            row.result = results[row.pk]
    return found["applications"]


def open_rounds() -> list[Round]:
    """Those that take applications now, the first to close first."""
    now = clock.now()
    rows = kept.value("rounds", lambda: list(Round.objects.filter(status=Status.OPEN).order_by("closes_at")))
    return [row for row in rows if row.closes_at is not None and row.closes_at > now]


def _apply(row: Round, person: UUID | None) -> str:
    url = reverse("rounds:apply", args=[row.pk])
    return f"{url}?person={person}" if person else url


def _standing(row: Application) -> str:
    result = getattr(row, "result", None) if reached(row.round.stage, Status.PUBLISHED) else None
    if result is None:
        return str(STATUS_LABELS[row.round.stage])
    said = str(answer_words(result.stands, row.round.stage))
    due = result.answer_by if result.answer == Answer.OFFERED else None
    return _("%(answer)s, answer by %(day)s") % {"answer": said, "day": be(due)} if due else said


def export(person: UUID) -> Mapping[str, Any]:
    """Everything that this app holds of one person, sealed values opened."""
    rows = Application.objects.filter(person=person).select_related("round", "person__key", "result__place")
    return {"applications": [_exported(row) for row in rows.order_by("at")]}


def _exported(row: Application) -> dict[str, Any]:
    person = row.person
    assert person is not None
    choices = Choice.objects.filter(application=row).select_related("place__opportunity").order_by("rank")
    result = getattr(row, "result", None) if reached(row.round.stage, Status.PUBLISHED) else None
    return {
        "round": row.round.title_th, "receipt": row.receipt, "pseudonym": row.pseudonym, "at": row.at.isoformat(),
        "withdrawn_at": row.withdrawn_at.isoformat() if row.withdrawn_at else None,
        "groups": (person.unseal(row.sealed) or {}).get("groups", []),
        "choices": [
            {
                "rank": each.rank, "opportunity": each.place.opportunity.title_th, "score": each.priority,
                "parts": (person.unseal(each.parts_sealed) or {}).get("parts", []),
            }
            for each in choices
        ],
        "result": result.stands if result else None,
        "place": str(result.place.opportunity_id) if result and result.place else None,
        "reviews": [
            {"at": each.review.at.isoformat(), "reason": each.reason, "answer": each.answer} for each in reviews_of(row)
        ],
    }  # fmt: skip
