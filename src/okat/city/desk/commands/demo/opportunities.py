"""Made-up opportunities of every kind, over the partners and the province; deterministic from the seed."""

import datetime as dt
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from okat.city.catalogue.rules.access import Access, answered, from_list, merged
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.partners.models import Venue
from okat.city.places.models import Area, Level
from okat.city.taxonomy.queries import words
from okat.city.taxonomy.rules import Answer
from okat.files.city import read_rows

MADE_UP = "ข้อมูลสมมติสำหรับสาธิต"
# What made-up providers answer, and how often in a hundred; the rest say nothing beyond how people take part.
ANSWERS: tuple[tuple[int, str, tuple[str, ...]], ...] = (
    (30, "yes", ("venue:wheelchair", "venue:toilet")),
    (15, "yes", ("session:sign-language", "support:sign-language", "support:text-help")),
    (50, "not_needed", ("material:captions",)),
    (14, "yes", ("venue:guide", "session:described", "material:audio", "support:phone-help")),
    (12, "yes", ("material:easy-read", "session:easy-read", "support:companion")),
    (10, "yes", ("material:large-print", "venue:large-print")),
    (10, "yes", ("support:childcare",)),
    (10, "ask", ("session:sign-language", "session:captions", "material:braille")),
    (10, "no", ("venue:wheelchair", "venue:lift")),
)
PAST_EACH, PAST_PROVIDER, PAST_DAYS = 7, "nfe", 125  # some courses of one provider lie behind us, for the earlier round
LEARNING = {
    "occupation", "interest", "literacy", "community_problem", "basic_primary", "basic_lower", "basic_upper",
}  # fmt: skip


AT_VENUE = LEARNING | {"event"}


@dataclass(frozen=True)
class Idea:
    """One line of the demo's catalogue, to be held in many places. `least` and `most` are places; 0: no limit."""

    kind: str
    provider: str
    th: str
    en: str
    needs: tuple[str, ...]
    weight: int
    least: int
    most: int
    hours: int
    amount: int
    rule: str
    formats: tuple[str, ...]
    needs_papers: bool
    level: str
    credits: int


def read_ideas(folder: Path) -> list[Idea]:
    """The ideas of the city's folder, `demo/ideas.csv`."""
    rows = read_rows(folder / "demo" / "ideas.csv", ("kind", "provider", "th", "en", "weight", "least", "most"))
    return [
        Idea(
            row["kind"], row["provider"], row["th"], row["en"], tuple(row["needs"].split("|")), int(row["weight"]),
            int(row["least"]), int(row["most"]), int(row["hours"] or 0), int(row["amount"] or 0), row["rule"],
            tuple(row["formats"].split("|")), row["needs_papers"] == "yes",
            row.get("level", ""), int(row.get("credits") or 0),
        )
        for row in rows
    ]  # fmt: skip


def rule(code: str) -> dict[str, Any] | None:
    """The demo's eligibility rules; only what a source says is marked verified."""
    city = {"text": MADE_UP, "ref": "demo", "verified": False}
    older = {"text": "อายุ 60 ปีบริบูรณ์", "ref": "เงื่อนไขผู้กู้กองทุนผู้สูงอายุ, gsbpay.com", "verified": True}

    income = "รายได้ไม่เกิน 3,000 บาทต่อคนต่อเดือน"
    poor = {"text": income, "ref": "reportdays.com/4747 (แหล่งรอง)", "verified": False}

    def age(op: str, years: int, source: dict[str, Any]) -> dict[str, Any]:
        return {"age": "birth_date", "op": op, "years": years, "source": source}

    rules: dict[str, dict[str, Any]] = {
        "15+": age(">=", 15, city),
        "18+": age(">=", 18, city),
        "60+": age(">=", 60, {"text": "ผู้สูงอายุตั้งแต่ 60 ปี", "ref": "pattayamail.com 404606", "verified": True}),
        "disabled": {"exists": "disability_types", "source": city},
        "older-loan": {
            "all": [age(">=", 60, older), {"is": "able_to_work", "source": {**older, "text": "ทำงานได้"}},
                    {"is": "needs_capital", "source": {**older, "text": "ต้องการทุน"}}]
        },
        "child": {
            "all": [age("<=", 15, city),
                    {"compare": "household_income_head", "op": "<=", "value": "3000", "source": poor}]
        },
    }  # fmt: skip
    return rules.get(code)


def priority() -> tuple[dict[str, Any], ...]:
    """What counts beside the need and the distance, as each made-up provider has published it."""
    source = {"text": MADE_UP, "ref": "demo", "verified": False}
    schooling = ["none", "below-primary", "primary", "lower-secondary"]
    rows: tuple[tuple[int, str, str, dict[str, Any]], ...] = (
        (30, "รายได้ไม่เกิน 3,000 บาทต่อเดือน", "Income up to 3,000 baht a month",
         {"compare": "income_month", "op": "<=", "value": "3000", "source": source}),
        (20, "ไม่มีทะเบียนบ้านที่นี่", "Not registered here",
         {"one_of": "papers", "values": ["elsewhere", "none"], "source": source}),
        (20, "คนพิการ", "Person with disabilities", {"exists": "disability_types", "source": source}),
        (15, "ยังไม่จบ ม.ปลาย", "No upper secondary schooling",
         {"one_of": "education", "values": schooling, "source": source}),
    )  # fmt: skip
    return tuple({"points": points, "th": th, "en": en, "rule": rule} for points, th, en, rule in rows)


def make(folder: Path, seed: int, count: int, today: dt.date, venues: Sequence[Venue] = ()) -> Iterator[OpportunityRow]:
    """`count` opportunities; every idea at least once. Most courses in town and events take place at a venue."""
    dice = random.Random(seed)  # noqa: S311 - a demo must be the same every time
    areas = list(Area.objects.filter(level=Level.SUBDISTRICT).order_by("code"))
    town = [area for area in areas if area.code.startswith("4001")]
    ideas = read_ideas(folder)
    weights = [idea.weight for idea in ideas]
    for number in range(count):
        idea = ideas[number] if number < len(ideas) else dice.choices(ideas, weights)[0]
        area = dice.choice(town if dice.random() < 0.35 else areas)
        venue = dice.choice(venues) if venues and idea.kind in AT_VENUE and dice.random() < 0.6 else None
        yield _row(idea, venue or area, number, dice, today)


def _access(idea: Idea, dice: random.Random) -> Access:
    """What the provider of one opportunity answers, stage by stage."""
    stages = words().stages()
    found = from_list(idea.formats, stages)
    for share, answer, tokens in ANSWERS:
        if dice.random() * 100 < share:
            found = merged(answered(*tokens, answer=Answer(answer)), found)
    return found


def _row(idea: Idea, where: Area | Venue, number: int, dice: random.Random, today: dt.date) -> OpportunityRow:
    venue, area = (where, where.area) if isinstance(where, Venue) else (None, where)
    capacity = dice.randint(idea.least, idea.most) or None
    past = idea.kind in LEARNING and idea.provider == PAST_PROVIDER and number % PAST_EACH == 0
    starts = today + dt.timedelta(days=dice.randint(20, 60) - PAST_DAYS * past)
    access = _access(idea, dice)
    reserved = capacity is not None and idea.kind in LEARNING
    reserves = ({"group": "disability", "seats": max(1, (capacity or 0) // 10)},) if reserved else ()
    return OpportunityRow(
        key=f"demo-{number}", provider=idea.provider, area=area.code, kind=idea.kind,
        title_th=f"{idea.th} ต.{area.th}", title_en=f"{idea.en}, {area.en}", summary_th=MADE_UP,
        summary_en="Made up for the demo", needs=idea.needs, access=access,
        rule=rule(idea.rule), rule_note=MADE_UP, needs_papers=idea.needs_papers, capacity=capacity,
        reserves=reserves, priority=priority() if reserved else (),
        venue=venue.pk if venue else None, level=idea.level, credits=Decimal(idea.credits) if idea.credits else None,
        hours=Decimal(idea.hours) if idea.hours else None,
        amount=Decimal(idea.amount) if idea.amount else None,
        amount_per="month" if idea.kind in {"job", "job_quota", "benefit"} else "once",
        opens_on=today - dt.timedelta(days=7 + PAST_DAYS * past), closes_on=starts - dt.timedelta(days=7),
        starts_on=starts if idea.hours else None,
        ends_on=starts + dt.timedelta(days=30) if idea.hours else None,
    )  # fmt: skip
