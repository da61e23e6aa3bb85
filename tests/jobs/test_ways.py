"""From likes to occupations: the scoring, and the city's own file."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from okat.city.jobs.rules.pay import summary
from okat.city.jobs.rules.ways import POINTS, Inventory, WaysError, fits, likeness, parse
from okat.files import esco
from okat.files.city import read_rows

CITY = Path(__file__).resolve().parents[2] / "cities" / "khon-kaen"


def data() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((CITY / "ways.json").read_text(encoding="utf-8"))
    return found


INVENTORY: Inventory = parse(data())
answers = st.dictionaries(st.sampled_from([q.code for q in INVENTORY.questions]), st.sampled_from(sorted(POINTS)))


def only(interest: str, answer: str = "yes") -> dict[str, str]:
    return {q.code: answer for q in INVENTORY.questions if q.interest == interest}


def test_who_likes_only_caring_is_led_to_care_first() -> None:
    best = fits(INVENTORY, only("help"))
    assert (best[0].way.occupation, best[0].share) == ("care-worker", 1.0)
    assert {fit.way.occupation for fit in best} == {
        way.occupation for way in INVENTORY.ways if "help" in way.interests
    }  # fmt: skip
    assert next(fit.share for fit in best if fit.way.occupation == "hairdresser") == 0.5


def test_nothing_answered_and_nothing_liked_lead_nowhere() -> None:
    assert fits(INVENTORY, {}) == []
    assert fits(INVENTORY, {q.code: "no" for q in INVENTORY.questions}) == []
    assert fits(INVENTORY, {"q1": "<script>", "q99": "yes"}) == []


@settings(deadline=None, max_examples=200)
@given(answers)
def test_shares_lie_between_nothing_and_all_and_stand_in_order(said: dict[str, str]) -> None:
    found = [fit.share for fit in fits(INVENTORY, said)]
    assert found == sorted(found, reverse=True)
    assert all(0 < share <= 1 for share in found)


@settings(deadline=None, max_examples=100)
@given(answers, st.sampled_from(INVENTORY.questions))
def test_liking_something_more_never_lowers_its_interest(said: dict[str, str], question: Any) -> None:
    said = {**said, question.code: "no"}
    before, after = likeness(INVENTORY, said), likeness(INVENTORY, {**said, question.code: "yes"})
    assert after[question.interest] > before[question.interest]
    assert {k: v for k, v in before.items() if k != question.interest} == {
        k: v for k, v in after.items() if k != question.interest
    }


def test_the_file_says_that_the_questions_are_our_own_and_unvalidated() -> None:
    assert not INVENTORY.validated
    assert "ยังไม่มีงานวิจัยรับรอง" in INVENTORY.source.th
    assert "No study has validated" in INVENTORY.source.en


def test_every_way_names_words_of_the_city() -> None:
    known = {
        row["code"]: row for row in read_rows(CITY / "taxonomy" / "occupation.csv", ("code", "th", "en", "source"))
    }
    skills = {row["code"] for row in read_rows(CITY / "taxonomy" / "skill.csv", ("code", "th", "en"))}
    assert {way.occupation for way in INVENTORY.ways} == set(known)
    assert {skill for way in INVENTORY.ways for skill in way.skills} <= skills
    for row in known.values():  # a code of four digits, or the gap is marked
        code = row["version"].removeprefix("ISCO-08 ")
        assert code in esco.groups() if code else row["source"].startswith("gap:")


def test_every_skill_is_one_of_esco_by_its_name_there_or_a_gap() -> None:
    rows = read_rows(CITY / "taxonomy" / "skill.csv", ("code", "th", "en", "source"))
    for row in rows:
        entry = esco.skills().get(row["source"])
        name = row["note_en"].removeprefix("ESCO: ")
        assert entry.begins(name) if entry else row["source"].startswith("gap:"), row
    assert sum(row["source"].startswith("gap:") for row in rows) == 1


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda d: d["questions"][0].update(interest="dance"), "no interest dance"),
        (lambda d: d["interests"].update(dance={"th": "เต้น", "en": "dancing"}), "no question asks for dance"),
        (lambda d: d["occupations"]["cook"].update(interests=[]), "cook names no interest"),
        (lambda d: d.pop("source"), "'source' is missing"),
        (lambda d: d.update(questions={"a": 1}), "another shape"),
    ],
)
def test_planted_faults_of_the_file_are_named(change: Any, said: str) -> None:
    wrong = data()
    change(wrong)
    with pytest.raises(WaysError, match=said):
        parse(wrong)


def test_pay_is_summed_up_by_the_time_it_is_paid_for() -> None:
    offers = [("month", Decimal(n)) for n in (12000, 9000, 10000, 11000)] + [("day", Decimal(400))]
    month, day = summary(offers)
    assert (month.per, month.offers, month.low, month.middle, month.high) == ("month", 4, 9000, 10500, 12000)
    assert (day.per, day.offers, day.low, day.middle, day.high) == ("day", 1, 400, 400, 400)
    assert summary([]) == []


@settings(deadline=None, max_examples=100)
@given(st.lists(st.decimals(1, 10**6, places=2), min_size=1))
def test_the_middle_lies_between_the_lowest_and_the_highest(amounts: list[Decimal]) -> None:
    (pay,) = summary(("month", amount) for amount in amounts)
    assert pay.low <= pay.middle <= pay.high
    assert pay.offers == len(amounts)
