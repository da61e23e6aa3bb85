"""The policy of a round: which published parts make the priority score, and the switches of the method.

A policy is frozen JSON with a version; each part says itself in a Thai and an English sentence. Points are whole
numbers, so that equal scores are equal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from okat.city.rounds.rules import MOST_CHOICES, RoundError

Lang = Literal["th", "en"]
MOST_POINTS = 1000
MOST_GRACE, MOST_DIGITS = 168, 18
# What the rules meant that were frozen before these switches were there.
BEFORE: Mapping[str, int] = {"grace_hours": 0, "draw_digits": 0}


@dataclass(frozen=True)
class Policy:
    """`score` multiplies the vulnerability score; `need` are points when the opportunity answers an open need;
    `waiting` points for each full 30 days since that need was recorded, up to `waiting_most`; `near` points within
    `near_km` kilometres of the person's area (or online); `own`: whether the provider's published priority counts.
    A declined place is held for `grace_hours`; the public draw has `draw_digits` (0: any number of them)."""

    version: int = 1
    score: int = 1
    need: int = 20
    waiting: int = 1
    waiting_most: int = 12
    near: int = 5
    near_km: int = 10
    own: bool = True
    reserves: bool = True
    most_choices: int = 10
    answer_days: int = 7
    decline: str = "keep-dearer"
    grace_hours: int = 24
    draw_digits: int = 6

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Policy":
        """Raises RoundError where a switch is missing, unknown, of another kind or out of range."""
        defaults = cls().as_dict()
        values = {**BEFORE, **values}
        odd = sorted(set(values) ^ set(defaults))
        if odd:
            raise RoundError(
                "policy", _("The rules must name every switch; look at: %(odd)s") % {"odd": ", ".join(odd)}
            )
        for name, default in defaults.items():
            if type(values[name]) is not type(default):
                raise RoundError("policy", _("The rule “%(name)s” has a value of another kind.") % {"name": name})
        made = cls(**values)
        made.check()
        return made

    def check(self) -> None:
        """Raises RoundError for a number out of range."""
        limits = {
            "version": 10_000, "score": 100, "need": MOST_POINTS, "waiting": MOST_POINTS, "waiting_most": MOST_POINTS,
            "near": MOST_POINTS, "near_km": 1000, "most_choices": MOST_CHOICES, "answer_days": 90,
            "grace_hours": MOST_GRACE, "draw_digits": MOST_DIGITS,
        }  # fmt: skip
        for name, most in limits.items():
            least = 1 if name in {"version", "most_choices", "answer_days"} else 0
            if not least <= getattr(self, name) <= most:
                words = _("“%(name)s” must be a whole number from %(least)s to %(most)s.")
                raise RoundError("policy", words % {"name": name, "least": least, "most": most})
        if self.decline not in {"keep-dearer", "leave-round"}:
            raise RoundError("policy", _("Say what declining a place means: keep waiting, or leave the round."))


@dataclass(frozen=True)
class Standing:
    """What is known of one person for one opportunity. `own` are the provider's parts whose rule is yes."""

    score: int | None = None
    need: bool = False
    waiting_days: int = 0
    km: float | None = None
    online: bool = False
    own: tuple[tuple[str, str, int], ...] = ()


@dataclass(frozen=True)
class Points:
    """One part of a score, with its words."""

    code: str
    points: int
    th: str
    en: str

    def as_list(self) -> list[Any]:
        return [self.code, self.points, self.th, self.en]


WORDS: dict[str, tuple[str, str]] = {
    "score": ("คะแนนความเปราะบาง", "Vulnerability score"),
    "need": ("ตรงกับความต้องการที่แจ้งไว้", "Answers a need on record"),
    "waiting": ("เวลาที่รอมา", "Time waited"),
    "near": ("อยู่ใกล้", "Close by"),
}


def points_of(policy: Policy, standing: Standing) -> tuple[Points, ...]:
    """Every part of the policy with its points, those of 0 too: what is not given is said as well."""
    near = standing.online or (standing.km is not None and standing.km <= policy.near_km)
    waited = min(policy.waiting_most, policy.waiting * (max(0, standing.waiting_days) // 30)) if standing.need else 0
    found = {
        "score": policy.score * (standing.score or 0),
        "need": policy.need if standing.need else 0,
        "waiting": waited,
        "near": policy.near if near else 0,
    }
    switched = {"score": policy.score, "need": policy.need, "waiting": policy.waiting, "near": policy.near}
    parts = [Points(code, points, *WORDS[code]) for code, points in found.items() if switched[code]]
    if policy.own:
        parts += [Points("own", points, th, en) for th, en, points in standing.own]
    return tuple(parts)


def total(parts: Sequence[Points]) -> int:
    return sum(part.points for part in parts)


def sentences(policy: Policy, lang: Lang) -> tuple[str, ...]:
    """What counts, one plain sentence for each switch that is on."""
    return tuple(text for switch, text in _said(policy)[lang] if switch)


def _said(p: Policy) -> dict[Lang, list[tuple[object, str]]]:
    return {
        "th": [
            (p.score, f"คะแนนความเปราะบางจากแบบถามที่ประกาศไว้ คูณ {p.score}"),
            (p.need, f"ได้ {p.need} คะแนน ถ้าโอกาสนั้นตรงกับความต้องการที่บันทึกไว้"),
            (p.waiting, f"ได้ {p.waiting} คะแนนต่อทุก 30 วันที่รอ รวมไม่เกิน {p.waiting_most} คะแนน"),
            (p.near, f"ได้ {p.near} คะแนน ถ้าอยู่ห่างไม่เกิน {p.near_km} กิโลเมตร หรือเรียนออนไลน์ได้"),
            (p.own, "บวกคะแนนตามเกณฑ์ที่ผู้จัดแต่ละแห่งประกาศไว้"),
            (not p.reserves, "รอบนี้ไม่ใช้ที่นั่งที่กันไว้"),
            (True, f"เลือกได้ไม่เกิน {p.most_choices} แห่ง และต้องตอบรับภายใน {p.answer_days} วัน"),
            (
                p.grace_hours,
                f"คืนที่แล้วขอกลับได้ภายใน {p.grace_hours} ชั่วโมง จากนั้นจึงเป็นของคนถัดไป ยกเว้นสามวันก่อนวันเรียนวันแรกที่คืนแล้วคืนเลย",
            ),
            (p.draw_digits, f"สลากสาธารณะมี {p.draw_digits} หลัก คนหนึ่งใส่ อีกคนหนึ่งยืนยัน"),
        ],
        "en": [
            (p.score, f"The vulnerability score of the published questionnaire, times {p.score}."),
            (p.need, f"{p.need} points if the opportunity answers a need on record."),
            (p.waiting, f"{p.waiting} points for every 30 days of waiting, {p.waiting_most} at most."),
            (p.near, f"{p.near} points within {p.near_km} kilometres, or if it is online."),
            (p.own, "The points that each provider has published are added."),
            (not p.reserves, "This round sets no reserved seats aside."),
            (True, f"At most {p.most_choices} choices; an offer is answered within {p.answer_days} days."),
            (
                p.grace_hours,
                f"A place given back can be taken back for {p.grace_hours} hours, except in the last three days.",
            ),
            (p.draw_digits, f"The public draw has {p.draw_digits} digits; one person enters it, another confirms it."),
        ],
    }


def variants(policy: Policy) -> tuple[tuple[Promise, Policy], ...]:
    """The policy as it is set, and others to hold beside it; those that are the same are left out."""
    found: list[tuple[Promise, Policy]] = [(_("As set in this round"), policy)]
    for words, other in (
        (_("Without reserved seats"), replace(policy, reserves=False)),
        (_("Close by first"), replace(policy, score=0, need=0, waiting=0, near=20, own=False)),
        (_("Longest waiting first"), replace(policy, score=0, need=0, waiting=10, waiting_most=240, own=False)),
    ):
        if all(other != each for __, each in found):
            found.append((words, other))
    return tuple(found)
