"""Rows of a round as templates want them: words in the reader's language, certificate lines, cut-offs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from okat.city.core.templatetags.okat import words
from okat.city.places.models import Area
from okat.city.rounds import solve
from okat.city.rounds.models import Cutoff, Decision, Place, Round
from okat.city.rounds.rules.policy import Lang, Policy, sentences
from okat.city.rounds.solve import Share

LOW = -5.0  # percentage points under its share from which a group is marked
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


SEXES = {"f": _("Women"), "m": _("Men"), "x": _("Other")}
AGES = {
    "0-14": _("Under 15 years"), "15-24": _("15 to 24 years"), "25-59": _("25 to 59 years"), "60-200": _("60 and over"),
}  # fmt: skip
BANDS = {
    "0-24": _("Score under 25"), "25-49": _("Score 25 to 49"), "50-74": _("Score 50 to 74"),
    "75-1000": _("Score 75 and over"),
}  # fmt: skip


def label_name(code: str, areas: Mapping[str, Area]) -> str:
    """A group of the report in words: a reserve group, or `sex:f`, `age:60-200`, `score:50-74`, `area:4001`."""
    kind, _colon, value = code.partition(":")
    if not value:
        return group_name(code)
    if kind == "area" and value.startswith("made-up-"):
        return gettext("Made-up area %(number)s") % {"number": int(value.rpartition("-")[2])}
    if kind == "area":
        return words(areas[value]) if value in areas else value
    return str({"sex": SEXES, "age": AGES, "score": BANDS}[kind].get(value, value))


def cut_lines(cutoffs: list[Cutoff], free: Mapping[int, int]) -> list[dict[str, Any]]:
    """One line for each place and seat class; the highest bands first, classes without one last. Of the classes of a
    place the last, which is open to everyone, says how many places are free."""
    rows = [
        {
            "title": cut.place.opportunity, "seats": cut.seats, "seat_class": cut.seat_class,
            "group": group_name(cut.seat_class), "low": cut.low,
            "high": None if cut.below is None else cut.below - 1, "band": band_words(cut.low, cut.below),
            "free": free_words(cut.place, free) if cut.seat_class == "open" else "",
        }
        for cut in cutoffs
    ]  # fmt: skip
    return sorted(rows, key=lambda row: -1 if row["low"] is None else row["low"], reverse=True)


def band_words(low: int | None, below: int | None) -> str:
    """`40–49`: scores are whole numbers; empty where no band is shown."""
    return "" if low is None or below is None else f"{low}–{below - 1}"


def free_words(place: Place, free: Mapping[int, int]) -> str:
    """How many places nobody holds; only whether there are any, where the number itself would tell of people."""
    left = free.get(place.pk, 0)
    if solve.of_sensitive_kind(place.opportunity):
        return gettext("some left") if left else gettext("none left")
    return f"{left:,}"


@dataclass(frozen=True)
class ShareLine:
    """One group of the report: percent of the placed against percent of those who asked; None where few are meant."""

    name: str
    got: float | None
    asked: float | None
    gap: str
    low: bool
    area: bool


def share_lines(shares: list[Share], areas: Mapping[str, Area]) -> list[ShareLine]:
    return [
        ShareLine(
            label_name(each.group, areas), each.got, each.asked, "" if each.gap is None else f"{each.gap:+.1f}",
            each.gap is not None and each.gap < LOW, each.group.startswith("area:"),
        )
        for each in shares
    ]  # fmt: skip
