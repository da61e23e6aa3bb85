"""The public draw: one person enters it, another confirms it. Every entry is kept."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from okat.city.accounts.models import User
from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.rounds import queries, solve
from okat.city.rounds.actions._lock import held_round, policy_of
from okat.city.rounds.models import DrawEntry, Round
from okat.city.rounds.rules import RoundError, Status, check_step, reached, step
from okat.engine.errors import EngineError
from okat.thai import digits


@action
def enter_draw(*, round: Round, result: str, by: User) -> Round:  # noqa: A002
    """Write down the digits as they were announced. Where anybody else's last entry says the same, the draw is joined:
    the secret is revealed and the seed follows. Entries that say something else are kept and hinder nothing; while no
    two agree nothing is joined, and each may write anew. The same person's entry twice is once.
    After joining, until the round is decided, another entry opens the question again; afterwards it is refused.

    Raises RoundError for somebody who may not, before the day of the draw, for digits in another form than the rules
    name, or once the round is decided."""
    row = held_round(round.pk)
    if not queries.may_draw(by, row):
        raise RoundError("not_allowed", _("You cannot do this in a round of another office."))
    said = _read(row, result)
    last = queries.draw_entries(row)
    latest = {each.by_id: each.digits for each in last}  # in order: the last entry of each
    if reached(row.stage, Status.DECIDED):
        if said != row.draw_result:
            raise RoundError("drawn", _("The round was decided from the draw, which cannot be changed any more."))
        audit.record(by=by, verb="rounds.draw_again", subject=row)
        return row
    if row.stage is Status.DRAWN and said == row.draw_result:
        audit.record(by=by, verb="rounds.draw_again", subject=row)
        return row
    if row.stage is Status.DRAWN:
        row.secret, row.draw_result, row.seed, row.status = "", "", "", Status.CLOSED
        row.save(update_fields=["secret", "draw_result", "seed", "status"])
    check_step("draw", row.stage)
    if row.draw_on is None or clock.today() < row.draw_on:
        raise RoundError("too_early", _("The day of the public draw has not come yet."))
    again, agree = latest.get(by.pk) == said, any(word == said for pk, word in latest.items() if pk != by.pk)
    if not again:
        DrawEntry.objects.create(round=row, digits=said, by=by, at=clock.now())
    if agree:
        return _join(row, said, by)
    audit.record(by=by, verb="rounds.draw_again" if again else "rounds.draw_enter", subject=row, fields=["draw"])
    return row


def _read(row: Round, result: str) -> str:
    """The digits, in the form that the rules name; Thai ones are understood, zeros in front are kept."""
    said, count = digits.to_arabic(result).strip(), policy_of(row).draw_digits
    if not (said.isascii() and said.isdigit()) or (count and len(said) != count):
        words = ngettext_lazy(
            "Write the %(count)s digit of the draw as it was announced.",
            "Write all %(count)s digits of the draw as they were announced, zeros in front too.", "count",
        )  # fmt: skip
        raise RoundError("draw", words % {"count": count} if count else _("Write the draw's digits as announced."))
    return said


def _join(row: Round, said: str, by: User) -> Round:
    secret = row.key.unseal(row.secret_sealed)["secret"]
    try:
        seed = solve.join_seed(secret, said)
    except EngineError as error:
        raise RoundError("draw", _("Write the draw's digits as announced.")) from error
    row.secret, row.draw_result, row.seed, row.status = secret, said, seed, step("draw").to
    row.save(update_fields=["secret", "draw_result", "seed", "status"])
    audit.record(by=by, verb="rounds.draw", subject=row, fields=["seed"])
    return row
