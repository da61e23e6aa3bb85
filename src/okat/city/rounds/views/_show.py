"""Rows of a round as templates want them: words in the reader's language, certificate lines, cut-offs."""

from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _

from okat.city.rounds import solve
from okat.city.rounds.models import Cutoff, Decision, Round
from okat.city.rounds.rules.policy import Lang, Policy, sentences
from okat.city.rounds.solve import Share

CHECKS = (
    ("capacity", _("No place has more people than it can take")),
    ("on-list", _("Nobody got a place they did not ask for")),
    ("no-empty-seat-wanted", _("No place is empty that somebody still wanted")),
    ("no-justified-envy", _("Nobody lost a place to a person who stands below them")),
)


def lang() -> Lang:
    return "en" if translation.get_language() == "en" else "th"


def checks_of(decision: Decision) -> list[dict[str, Any]]:
    """A decision is kept only when every property passed; a property without a count was not checked."""
    counted = decision.certificate["checks"]
    return [{"text": text, "passed": decision.certificate["passed"] and name in counted} for name, text in CHECKS]


def rule_lines(round_: Round) -> list[str]:
    policy = Policy.from_dict(round_.rules)
    return [*sentences(policy, lang()), *solve.engine_sentences(policy, lang())]


def group_name(code: str) -> str:
    if code == "open":
        return str(_("everyone"))
    th, en = solve.group_words().get(code, (code, code))
    return en if lang() == "en" else th


def cut_lines(cutoffs: list[Cutoff]) -> list[dict[str, Any]]:
    """One line for each place and seat class; the highest cut-offs first, places without one last."""
    rows = [
        {
            "title": cut.place.opportunity, "capacity": cut.place.capacity, "applied": cut.applied,
            "group": group_name(cut.seat_class), "priority": cut.priority, "full": cut.full,
        }
        for cut in cutoffs
    ]  # fmt: skip
    return sorted(rows, key=lambda row: -1 if row["priority"] is None else row["priority"], reverse=True)


def share_lines(shares: list[Share]) -> list[dict[str, Any]]:
    return [{"name": group_name(share.group), "share": share, "low": _low(share)} for share in shares]


def _low(share: Share) -> bool:
    return share.gap is not None and share.gap < -5
