"""Who can use what: each stage by itself, a hard condition in the rules, in the search and for one person's record."""

from itertools import product
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.catalogue.conftest import SmallCity, published, weaving
from tests.catalogue.test_fits import pin
from tests.catalogue.test_import_opportunities import imported, workbook

from okat.city.catalogue import actions
from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.queries import usable
from okat.city.catalogue.queries.search import find
from okat.city.catalogue.rules import CatalogueError
from okat.city.catalogue.rules.access import Sides, Usable, answered, judge, merged, sides
from okat.city.catalogue.rules.look import Look
from okat.city.catalogue.rules.rows import OpportunityRow
from okat.city.catalogue.solve import match
from okat.city.partners.actions import keep_venue
from okat.city.partners.models import Partner, Venue
from okat.city.people.rules import Disability
from okat.city.places.models import Area
from okat.city.taxonomy.rules import Answer
from okat.files.city import CityFolderError
from okat.files.usable import read_usable

STAGES = {"ramp": ["venue"], "signs": ["session", "support"], "online": ["session"], "onsite": ["session"]}
BLIND = answered("venue:guide", "session:described", "material:braille", "support:phone-help", "session:onsite")
FINE, NO, ASK = {"yes", "not_needed"}, {"no"}, {"ask", ""}


@pytest.mark.parametrize(("session", "support"), list(product(["yes", "no", "not_needed", "ask", ""], repeat=2)))
def test_the_truth_table_of_one_format_at_two_stages(session: str, support: str) -> None:
    """The worst stage decides: an interpreter in the room is no help to one who cannot ask on the way there."""
    said = {"session": {"signs": session}, "support": {"signs": support}}
    known = {stage: answers for stage, answers in said.items() if answers["signs"]}
    verdict, clauses = judge([frozenset({f"{stage}:signs"}) for stage in said], sides(known, STAGES))
    both = {session, support}
    expected = Usable.NO if both & NO else Usable.ASK if both & ASK else Usable.YES
    assert verdict is expected
    worse = NO if expected is Usable.NO else ASK
    left = [stage for stage, answer in (("session", session), ("support", support)) if answer in worse]
    assert [sorted(c) for c in clauses] == ([] if expected is Usable.YES else [[f"{stage}:signs"] for stage in left])


@pytest.mark.parametrize(("one", "other"), list(product(Answer, repeat=2)))
def test_the_truth_table_of_one_of_two_formats(one: Answer, other: Answer) -> None:
    """The better of two formats decides, and only two that are no rule somebody out."""
    known = sides(merged(answered("session:signs", answer=one), answered("session:online", answer=other)), STAGES)
    verdict, _clauses = judge([frozenset({"session:signs", "session:online"})], known)
    both = {one.value, other.value}
    assert verdict is (Usable.YES if both & FINE else Usable.NO if both == NO else Usable.ASK)


def test_a_place_to_which_nobody_has_to_come_is_no_barrier() -> None:
    no_ramp = answered("venue:ramp", answer=Answer.NO)
    assert sides(merged(no_ramp, answered("session:online")), STAGES).usable >= {"venue:ramp"}
    both = sides(merged(no_ramp, answered("session:online", "session:onsite")), STAGES)
    assert both == Sides(frozenset({"session:online", "session:onsite"}), frozenset({"venue:ramp"}))
    onsite = sides(answered("session:onsite"), STAGES)  # nobody has to ask whether it is online as well
    assert onsite == Sides(frozenset({"session:onsite"}), frozenset({"session:online"}))


@pytest.fixture
def shelf(city: SmallCity) -> SmallCity:
    no_help = answered("support:phone-help", "support:guide", answer=Answer.NO)
    upstairs = {stage: said for stage, said in BLIND.items() if stage != "venue"}
    at_home = merged(upstairs, answered("session:online"), answered("session:onsite", answer=Answer.NO))
    published(
        city,
        weaving(title_th="ครบทุกอย่าง", access=BLIND),
        weaving(title_th="ไม่แจกเอกสาร", access=merged(BLIND, answered("material:braille", answer=Answer.NOT_NEEDED))),
        weaving(title_th="เรียนจากบ้าน", access=at_home),
        weaving(title_th="ต่างตำบล", access=BLIND, area="400102"),
        weaving(title_th="งานครบ", access=BLIND, kind="job"),
        weaving(title_th="ไม่มีคนช่วย", access=merged(BLIND, no_help)),
        weaving(title_th="ไม่รู้เรื่องสถานที่", access=upstairs),
        weaving(title_th="ยังไม่บอกอะไร", access={}),
    )
    return city


def test_courses_a_blind_person_here_can_finish_is_one_address(shelf: SmallCity, client: Client) -> None:
    address = f"{reverse('catalogue:search')}?for=learn&area=400101&usable=blind"
    here = Look(families=("learn",), area="400101", usable=("blind",))
    assert sorted(address.partition("?")[2].split("&")) == sorted(here.address().split("&"))
    page = client.get(address).content.decode()
    every = set(Opportunity.objects.values_list("title_th", flat=True))
    assert {title for title in every if title in page} == {"ครบทุกอย่าง", "ไม่แจกเอกสาร", "เรียนจากบ้าน"}
    assert "อีก 2 รายการอาจใช้ได้" in page
    more = client.get(f"{address}&ask=1").content.decode()
    assert {title for title in every if title in more} == {"ไม่รู้เรื่องสถานที่", "ยังไม่บอกอะไร"}
    assert "ถามก่อน: สถานที่: " in more


def test_a_format_and_an_unknown_word_are_hard_conditions_too(shelf: SmallCity) -> None:
    # It counts for the signs of the place as well, and only who learns at home needs none.
    assert [o.title_th for o in find(Look(formats=("braille",))).rows] == ["เรียนจากบ้าน"]
    assert len(find(Look(formats=("described",))).rows) == 7  # it counts in the teaching alone
    assert find(Look(usable=("no-such",))).rows == find(Look(formats=("no-such",))).rows == []


def test_the_search_and_the_rule_answer_alike(shelf: SmallCity) -> None:
    for ability in usable.abilities():
        demand = usable.demand((), (ability.code,))
        verdicts = {
            o.title_th: judge(demand, usable.sides_of(o.usable, o.barred))[0] for o in Opportunity.objects.all()
        }
        for ask, verdict in ((False, Usable.YES), (True, Usable.ASK)):
            found = {o.title_th for o in find(Look(usable=(ability.code,), ask=ask)).rows}
            assert found == {title for title, each in verdicts.items() if each is verdict}, ability.code


def test_a_record_decides_what_fits_and_what_must_be_asked(shelf: SmallCity) -> None:
    person = pin(shelf, disabilities=(Disability("seeing", "2555"),))
    found = match.fits(person, shelf.officer)
    named = dict(Opportunity.objects.values_list("pk", "title_th"))
    lists = {name: {named[one.id] for one in getattr(found, name)} for name in ("fits", "nearly", "no")}
    assert lists["fits"] == {"ครบทุกอย่าง", "ไม่แจกเอกสาร", "เรียนจากบ้าน", "ต่างตำบล", "งานครบ"}
    assert lists["nearly"] == {"ไม่รู้เรื่องสถานที่", "ยังไม่บอกอะไร"}
    assert lists["no"] == {"ไม่มีคนช่วย"}
    assert match.best_questions(found) == []  # nothing that the person answers opens it


def test_a_page_says_what_to_ask_the_provider(shelf: SmallCity, client: Client) -> None:
    page = client.post(reverse("catalogue:fits"), {"disability_types": ["seeing"]}).content.decode()
    assert "ถามผู้จัดเรื่อง:" in page
    assert "มีคนนำทาง" in page
    opened = client.get(reverse("catalogue:open", args=[Opportunity.objects.get(title_th="ไม่มีคนช่วย").pk]))
    assert "ถามทางโทรศัพท์ได้: ไม่มี" in opened.content.decode()


def test_a_venue_speaks_for_the_place_and_its_word_reaches_what_happens_there(city: SmallCity) -> None:
    partner, values = Partner.objects.get(code="nfe"), {"accessibility": {"wheelchair": "yes", "toilet": "yes"}}
    venue = Venue.objects.create(partner=partner, th="ศูนย์", area=Area.objects.get(code="400101"))
    (made,) = published(city, weaving(venue=venue.pk))
    assert find(Look(usable=("wheelchair",))).rows == []
    keep_venue(partner=partner, venue=venue, values=values, by=city.officer)
    assert find(Look(usable=("wheelchair",))).rows == [made]
    locked = answered("venue:toilet", answer=Answer.NO)
    own = weaving(venue=venue.pk, access=merged(answered("session:onsite"), locked))
    actions.write(row=own, opportunity=made, version=None, by=city.officer)
    assert find(Look(usable=("wheelchair",))).rows == find(Look(usable=("wheelchair",), ask=True)).rows == []


def test_an_answer_outside_the_citys_words_is_refused(city: SmallCity) -> None:
    for wrong in (answered("venue:cake"), answered("kitchen:braille"), {"material": {"braille": "perhaps"}}):
        row = OpportunityRow(provider="nfe", area="400101", kind="event", title_th="ทอผ้า", access=wrong)
        with pytest.raises(CatalogueError) as refused:
            actions.write(row=row, by=city.officer)
        assert [fault.field for fault in refused.value.faults] == ["access"]


def test_an_offices_table_says_it_stage_by_stage_or_as_one_list(city: SmallCity) -> None:
    head = ["หลักสูตร", "จำนวน (คน)", "รูปแบบ", "การเข้าถึง: สถานที่", "การเข้าถึง: สื่อและเอกสาร"]
    rows = [["ทอผ้า", "", "ณ สถานที่, ภาษามือ", "ทางลาด, ห้องน้ำคนพิการ (ไม่มี)", "เบรลล์: ถามก่อน, มีเสียงให้ฟัง, ม้าหมุน"]]
    done = imported(city, workbook([row + [""] * 0 for row in rows], head))
    made = Opportunity.objects.get()
    assert made.access == {
        "venue": {"toilet": "no", "wheelchair": "yes"},
        "session": {"onsite": "yes", "sign-language": "yes"},
        "material": {"audio": "yes", "braille": "ask"},
    }
    assert done.imported == 1


def test_a_citys_file_with_a_wrong_stage_says_where(tmp_path: Path) -> None:
    (tmp_path / "usable.csv").write_text("code,th,en,venue\nx,x,x,kitchen:braille\n", encoding="utf-8")
    with pytest.raises(CityFolderError, match="row 2: “kitchen:braille” names no stage"):
        read_usable(tmp_path)
