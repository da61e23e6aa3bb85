"""The rule builder without JavaScript: what is typed survives each press, and what is built is the engine's rule."""

from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.catalogue.conftest import OLDER, SOURCE, SmallCity, published, weaving
from tests.signing import sign_in_fully

from okat.city.catalogue import solve
from okat.city.catalogue.forms import Board
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules.draft import sent_draft, stored_draft
from okat.city.catalogue.solve import ask

LAW = {"text": ["อายุหกสิบปีบริบูรณ์"], "ref": ["พ.ร.บ. ผู้สูงอายุ พ.ศ. 2546 ม.3"], "verified": ["on"]}
CARER = {"is": "carer_of_disabled", "source": SOURCE}
POOR = {"compare": "household_income_head", "op": "<=", "value": "3000", "source": SOURCE}
HERE = {"has_any": "area_codes", "values": ["400101"], "source": SOURCE}
NEAR = {
    "within": "home", "lat": 16.43, "lon": 102.83, "km": "5", "name": {"th": "ศาลากลาง", "en": "City hall"},
    "source": SOURCE,
}  # fmt: skip
RULES: list[Any] = [
    None,
    OLDER,
    {"all": [OLDER, {"not": CARER}]},
    {"all": [{"any": [OLDER, CARER]}, POOR]},
    {"any": [{"all": [OLDER, POOR]}, {"all": [CARER, {"one_of": "sex", "values": ["f", "x"], "source": SOURCE}]}]},
    {"all": [{"not": {"has_any": "situations", "values": ["renter"], "source": SOURCE}}, HERE, NEAR]},
    {
        "any": [
            {"exists": "disability_types", "source": SOURCE},
            {"compare": "group_members", "op": ">=", "value": 5, "source": SOURCE},
        ]
    },
    {"age": "birth_date", "op": "<=", "years": 24, "at": "2026-10-01", "source": SOURCE},
    {"compare": "birth_date", "op": ">=", "value": "2000-01-01", "source": SOURCE},
]  # fmt: skip


@pytest.fixture
def made(city: SmallCity) -> Opportunity:
    return published(city, weaving(rule=None))[0]


@pytest.fixture
def desk(city: SmallCity, client: Client) -> Client:
    sign_in_fully(client, city.officer)
    return client


def url(made: Opportunity) -> str:
    return reverse("catalogue:rule", args=[made.pk])


def as_sent(*groups: tuple[str, list[dict[str, list[str]]]], join: str = "all", **more: str) -> dict[str, Any]:
    """What a browser sends for these groups of conditions."""
    found: dict[str, Any] = {"groups": str(len(groups)), "join": join, "version": "1", **more}
    for place, (inner, conditions) in enumerate(groups):
        found |= {f"g{place}-join": inner, f"g{place}-size": str(len(conditions))}
        for which, typed in enumerate(conditions):
            found |= {f"g{place}-c{which}-{name}": values for name, values in typed.items()}
    return found


AGE = {"fact": ["birth_date"], "test": ["age:>="], "value": ["๖๐"], **LAW}
CARD = {"fact": ["disability_card"], "test": ["is"], **LAW}
WOMAN = {"fact": ["sex"], "test": ["one_of"], "values": ["f"], **LAW}


@pytest.mark.parametrize("rule", RULES)
def test_a_stored_rule_is_shown_and_saved_as_it_was(city: SmallCity, rule: dict[str, Any] | None) -> None:
    draft = stored_draft(rule)
    assert draft is not None
    board = Board(draft, check=True)
    assert board.finished
    assert solve.checked(board.rule()) == solve.checked(rule)


@pytest.mark.parametrize(
    "rule", [{"not": {"all": [OLDER, CARER]}}, {"all": [{"any": [OLDER, {"all": [CARER, POOR]}]}]}]
)
def test_a_deeper_rule_is_not_flattened_behind_ones_back(rule: dict[str, Any]) -> None:
    assert stored_draft(rule) is None


def test_adding_a_condition_keeps_everything_typed(made: Opportunity, desk: Client) -> None:
    half = {**AGE, "value": ["หกสิบ"], "text": ["พิมพ์ค้างไว้"]}
    page = desk.post(url(made), as_sent(("all", [half]), do="add:0", **{"g0-new": "sex", "note": "ประกาศ 12/2569"}))
    assert [form.fact.name for form in page.context["board"].shown[0]] == ["birth_date", "sex"]
    assert page.context["board"].shown[0][0]["value"].value() == "หกสิบ"
    assert page.context["board"].shown[0][0]["text"].value() == "พิมพ์ค้างไว้"
    assert page.context["form"]["note"].value() == "ประกาศ 12/2569"
    assert "Write a whole number" not in page.content.decode()
    assert Opportunity.objects.get().rule is None


def test_the_whole_way_to_a_saved_rule_and_its_sentence(made: Opportunity, desk: Client) -> None:
    sent = as_sent(("all", [AGE]), ("any", [CARD, WOMAN]), do="save", note="ประกาศสำนักงาน")
    page = desk.post(url(made), sent)
    assert page.status_code == 302
    kept = Opportunity.objects.get()
    assert kept.rule is not None
    assert [sorted(part)[0] for part in kept.rule["all"]] == ["age", "any"]
    assert kept.rule["all"][0]["source"] == {"text": LAW["text"][0], "ref": LAW["ref"][0], "verified": True}
    assert (kept.rule_note, kept.version, kept.rule_digest) == ("ประกาศสำนักงาน", 2, solve.digest(kept.rule))
    shown = desk.get(url(made))
    assert shown.context["board"].said()["th"].startswith("ครบทุกข้อ (อายุ 60 ปีขึ้นไป")
    assert "60 or over" in shown.content.decode()


def test_dropping_grouping_and_emptying(made: Opportunity, desk: Client) -> None:
    two = as_sent(("all", [AGE, CARD]))
    page = desk.post(url(made), {**two, "do": "drop:0:0"})
    assert [form.fact.name for form in page.context["board"].shown[0]] == ["disability_card"]
    assert len(desk.post(url(made), {**two, "do": "group"}).context["board"].draft.groups) == 2
    both = as_sent(("all", [AGE]), ("all", [CARD]), do="ungroup:0")
    assert len(desk.post(url(made), both).context["board"].draft.groups) == 1
    assert desk.post(url(made), as_sent(("all", []), do="save")).status_code == 302
    assert Opportunity.objects.get().rule is None


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({**AGE, "value": [""]}, "value"),
        ({**AGE, "value": ["60.5"]}, "value"),
        ({**AGE, "value": ["700"]}, "__all__"),
        ({**AGE, "ref": [""]}, "ref"),
        ({**AGE, "text": ["  "]}, "text"),
        ({**AGE, "test": ["compare:>="], "value": ["กลางปี"]}, "value"),
        ({**WOMAN, "values": []}, "values"),
        ({**WOMAN, "values": ["cake"]}, "values"),
        ({**CARD, "test": ["age:>="]}, "test"),
        ({"fact": ["home"], "test": ["within"], "place": ["400101"], "km": ["ใกล้"], **LAW}, "km"),
        ({"fact": ["income_month"], "test": ["compare:<="], "value": ["มาก"], **LAW}, "value"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_is_saved(
    made: Opportunity, desk: Client, typed: dict[str, list[str]], field: str
) -> None:
    page = desk.post(url(made), as_sent(("all", [typed]), do="save"))
    assert page.status_code == 200
    assert field in page.context["board"].shown[0][0].errors
    assert Opportunity.objects.get().version == 1


def test_trying_it_says_yes_no_and_what_to_ask(made: Opportunity, desk: Client) -> None:
    sent = as_sent(("all", [AGE, CARD]), do="try")
    told = {}
    for name, example in (
        ("ask", {"x-birth_date": "2499"}),
        ("yes", {"x-birth_date": "2499", "x-disability_card": "yes"}),
        ("no", {"x-birth_date": "12 ม.ค. 2550", "x-disability_card": "yes"}),
    ):
        page = desk.post(url(made), {**sent, **example})
        told[name] = page.context["trial"]
        assert page.context["examples"]["birth_date"].value() == example["x-birth_date"]
    assert [told[name].value for name in ("ask", "yes", "no")] == ["unknown", "yes", "no"]
    assert [one.name for one in told["ask"].ask] == ["disability_card"]
    assert told["no"].why[0].ref == LAW["ref"][0]


def test_somebody_elses_change_in_between_is_not_overwritten_unseen(
    city: SmallCity, made: Opportunity, desk: Client
) -> None:
    Opportunity.objects.update(version=4)
    page = desk.post(url(made), as_sent(("all", [AGE]), do="save"))
    assert page.status_code == 200
    assert page.context["form"].errors
    assert Opportunity.objects.get().rule is None
    assert page.context["form"]["version"].value() == "4"


def test_areas_are_said_by_name(made: Opportunity, desk: Client) -> None:
    Opportunity.objects.update(rule=HERE, rule_digest=solve.digest(HERE))
    assert desk.get(url(made)).context["board"].said()["th"] == "พื้นที่ที่อยู่มี ในเมือง"


NAMES = r"(g[0-9]-(c[0-9]-)?)?(fact|test|size|join|groups|value)|groups|join|do"
WORDS = st.sampled_from(["1", "3", "all", "any", "birth_date", "sex", "999999", "-1", "๓", "age:>="])


@settings(max_examples=150, deadline=None)
@given(
    st.dictionaries(
        st.from_regex(NAMES, fullmatch=True),
        st.lists(st.one_of(WORDS, st.text(max_size=8)), max_size=2),
        max_size=12,
    )
)
def test_nothing_that_is_sent_breaks_the_draft(sent: dict[str, list[str]]) -> None:
    query = QueryDict(mutable=True)
    for name, values in sent.items():
        query.setlist(name, values)
    draft = sent_draft(query)
    draft.step(query.get("do", ""), query, {})
    assert draft.groups
    assert all(typed["fact"] for group in draft.groups for typed in group.conditions)


def test_answers_that_do_not_fit_count_as_unknown() -> None:
    wrong = {
        "sex": "cake",
        "birth_date": "never",
        "income_month": "-5",
        "nothing": 1,
        "household_size": 2.5,
        "home": "x",
    }
    assert ask.usable(wrong) == {}
    right = {"sex": "f", "birth_date": "2499-01", "income_month": "3000.5", "household_size": 4.0}
    assert set(ask.usable({**right, "birth_date": "1956-01"})) == set(right)
