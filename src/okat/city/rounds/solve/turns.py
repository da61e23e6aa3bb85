"""What somebody still waits for in a round, as its lists stand: whatever became of a place that they had there."""

from okat.city.rounds import queries
from okat.city.rounds.models import Application, Choice, Place, Result
from okat.city.rounds.rules import Status
from okat.city.rounds.solve.explain import Explained, explained


def turns(row: Application, result: Result | None) -> list[Place]:
    """In the order of their list; nothing before the results are out, and after the round has ended."""
    decision = queries.latest(row.round) if result is not None and waits(row, result) else None
    if decision is None:
        return []
    told = explained(
        decision.audit_digest, lambda: queries.audit_of(row.round, decision), row.pseudonym, seed=row.round.seed
    )
    choices = Choice.objects.filter(application=row).select_related("place__opportunity").order_by("rank")
    return [each.place for each in choices if each.place.code in waited_for(told)]


def waits(row: Application, result: Result) -> bool:
    """Whether they stand in the lists at all."""
    return result.keeps_waiting and row.withdrawn_at is None and row.round.stage is Status.PUBLISHED


def waited_for(told: Explained) -> set[str]:
    """The codes of the places in whose lists they stand."""
    return {each.code for each in told.reasons if each.position}
