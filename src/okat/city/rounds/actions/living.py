"""What becomes of applications and places when a person dies, moves away, or comes back."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.templatetags.okat import words
from okat.city.people.models import Person
from okat.city.rounds.actions._lock import hold_rounds
from okat.city.rounds.actions._next import release
from okat.city.rounds.models import Application, Result
from okat.city.rounds.queries.living import TAKEN
from okat.city.rounds.rules import Status, reached

GONE = "closed"


@action
def leave_rounds(*, person: Person, why: str, begun: bool, by: User) -> list[str]:
    """Applications that are not decided are taken back; what was decided, published or not yet, goes to the next on the
    list, and with `begun` accepted places too."""
    hold_rounds(Application.objects.filter(person=person, withdrawn_at=None).values_list("round", flat=True))
    rows = Application.objects.filter(person=person, withdrawn_at=None).exclude(round__status=Status.FINISHED)
    named = []
    for row in rows.select_related("round__key", "round__partner", "result").order_by("round", "pk"):
        result = getattr(row, "result", None)
        if result is None:
            Application.objects.filter(pk=row.pk).update(withdrawn_at=clock.now(), withdrawn_why=GONE)
            named.append(f"list:{row.pk}")
        elif reached(row.round.stage, Status.DECIDED) and (begun or result.answer not in TAKEN):
            release(row.round, {}, by, leaving=frozenset({row.pseudonym}))
            kept = Result.objects.filter(pk=result.pk, place__isnull=False).exists()  # it goes to nobody any more
            named.append(f"{'kept' if kept else 'place'}:{row.pk}")
    audit.record(by=by, verb="rounds.leave", subject=person, reason=why)
    return named


@action
def resume_rounds(*, person: Person, ended: Sequence[str], by: User) -> list[str]:
    """A list of a round that still takes applications counts again; what was passed on stays with whoever has it, and
    what went to nobody is theirs."""
    left = []
    keys = [name.partition(":")[2] for name in ended]
    hold_rounds(Application.objects.filter(pk__in=keys, person=person).values_list("round", flat=True))
    for name in ended:
        kind, _colon, key = name.partition(":")
        row = Application.objects.filter(pk=key, person=person).select_related("round").first()
        if row is None:
            continue
        if kind == "kept":  # nobody has it instead
            Application.objects.filter(pk=row.pk, withdrawn_why=GONE).update(withdrawn_at=None, withdrawn_why="")
            continue
        fresh = Application.objects.filter(round=row.round, person=person, withdrawn_at=None).exists()
        if kind == "list" and (fresh or row.round.stage is Status.OPEN):
            if not fresh:
                Application.objects.filter(pk=row.pk, withdrawn_why=GONE).update(withdrawn_at=None, withdrawn_why="")
            continue
        told = _("“%(title)s”: the place, or the turn, went to the next person. Apply in the next round.")
        if kind == "list":
            told = _("“%(title)s”: the round takes no applications any more. Apply in the next round.")
        left.append(told % {"title": words(row.round)})
    audit.record(by=by, verb="rounds.resume", subject=person)
    return left
