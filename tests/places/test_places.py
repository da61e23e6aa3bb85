"""A city starts from its folder; boundaries come from a file, all or nothing."""

import copy
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.shared_data import sample

from okat.city.accounts.queries import system_user
from okat.city.partners.models import Partner
from okat.city.places import queries
from okat.city.places.actions import import_boundaries, load_areas
from okat.city.places.models import Area, Level
from okat.city.taxonomy.actions import load_terms
from okat.city.taxonomy.models import Term
from okat.city.taxonomy.queries import words
from okat.files.areas import AreasFileError, read_areas
from okat.files.city import City, CityFolderError, read_city

ROOT = Path(__file__).resolve().parents[2]
SQUARE = [[102.8, 16.4], [102.9, 16.4], [102.9, 16.5], [102.8, 16.5], [102.8, 16.4]]


@pytest.fixture
def city() -> City:
    return read_city(ROOT / "cities" / "khon-kaen")


def collection(**properties: str) -> dict[str, Any]:
    geometry = {"type": "Polygon", "coordinates": [SQUARE]}
    return {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": properties, "geometry": geometry}],
    }


def as_bytes(content: Any) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()


@pytest.mark.django_db
def test_a_city_loads_twice_with_the_same_result(city: City) -> None:
    for _ in range(2):
        load_areas(city=city, by=system_user())
        load_terms(city=city, by=system_user())
    assert Area.objects.filter(level=Level.DISTRICT).count() == 26
    assert Area.objects.filter(level=Level.SUBDISTRICT).count() == 199
    assert Area.objects.get(code="400101-nonthan").path == "40/4001/400101/400101-nonthan/"
    assert not Area.objects.filter(lat=None).exists()
    assert Term.objects.get(vocabulary="need", code="literacy").parent.code == "education"  # type: ignore[union-attr]
    district = Area.objects.get(code="4001")
    inside = Area.objects.all().within(district)
    assert inside.count() == 1 + district.children.count() + 8  # itself, its sub-districts, the city's communities


@pytest.mark.django_db
def test_words_say_whether_they_tell_of_a_disability_or_health(city: City, tmp_path: Path) -> None:
    load_terms(city=city, by=system_user())
    marked = {f"{t.vocabulary}:{t.code}" for t in Term.objects.filter(sensitive=True)}
    assert {
        "need:health", "need:work-disability", "need:disability-card", "need:care-older", "format:sign-language",
        "format:wheelchair", "format:easy-read", "situation:carer", "disability:mind",
    } <= marked  # fmt: skip
    assert marked.isdisjoint({"need:job", "format:online", "format:childcare", "situation:renter"})
    # A file from before the column, with a word of the city's own; then one that says it otherwise.
    (tmp_path / "taxonomy").mkdir()
    file = tmp_path / "taxonomy" / "need.csv"
    for text, told in (
        ("code,th,en\nhealth,สุขภาพ,Health\njob,หางาน,Job\n", {"health"}),
        ("code,th,en,sensitive\nhealth,สุขภาพ,Health,no\njob,หางาน,Job,yes\n", {"job"}),
    ):
        file.write_text(text, encoding="utf-8")
        load_terms(city=replace(city, folder=tmp_path), by=system_user())
        assert words().telling("need") >= told
        assert {code for code in ("health", "job") if words().tells("need", code)} == told
    assert words().tells("need", "unheard-of")
    file.write_text("code,th,en,sensitive\nhealth,สุขภาพ,Health,perhaps\n", encoding="utf-8")
    with pytest.raises(CityFolderError, match="health: sensitive is yes, no or empty"):
        load_terms(city=replace(city, folder=tmp_path), by=system_user())


@pytest.mark.django_db
def test_sub_districts_stand_in_thai_order(city: City) -> None:
    load_areas(city=city, by=system_user())
    names = list(Area.objects.filter(parent__code="4001").values_list("th", flat=True))
    # by consonant, the vowel written before it notwithstanding: โคกสี under ค, เมืองเก่า under ม
    assert names.index("โคกสี") < names.index("ดอนช้าง") < names.index("เมืองเก่า") < names.index("ศิลา")


@pytest.mark.django_db
def test_boundaries_give_true_points_and_communities_follow(city: City) -> None:
    load_areas(city=city, by=system_user())
    shapes = read_areas(as_bytes(collection(ADM3_PCODE="TH400101", ADM3_TH="ในเมือง", ADM3_EN="Nai Mueang")))
    assert import_boundaries(shapes=shapes, source="test", by=system_user()) == (1, [])
    area = Area.objects.get(code="400101")
    assert (area.lat, area.lon) == (pytest.approx(16.45, abs=1e-3), pytest.approx(102.85))
    community = Area.objects.get(code="400101-nonthan")
    assert community.lat == pytest.approx(area.lat, abs=0.05)
    features = queries.layer()["features"]
    assert isinstance(features, list)
    assert {f["geometry"]["type"] for f in features} == {"Polygon", "Point"}


@pytest.mark.django_db
def test_the_real_boundaries_load(city: City) -> None:
    load_areas(city=city, by=system_user())
    shapes = read_areas(sample("geo/khon_kaen_tambon_l2.geojson").read_bytes())
    assert import_boundaries(shapes=shapes, source="COD-AB", by=system_user()) == (199, [])


def spoiled(change: str) -> bytes:
    content = collection(code="400101", name_th="ในเมือง")
    feature = content["features"][0]
    if change == "swapped":
        feature["geometry"]["coordinates"] = [[[lat, lon] for lon, lat in SQUARE]]
    elif change == "metres":
        feature["geometry"]["coordinates"] = [[[x * 10000, y * 10000] for x, y in SQUARE]]
    elif change == "open ring":
        feature["geometry"]["coordinates"] = [SQUARE[:-1]]
    elif change == "twice":
        content["features"].append(copy.deepcopy(feature))
    elif change == "no code":
        feature["properties"] = {"name": "x"}
    elif change == "line":
        feature["geometry"] = {"type": "LineString", "coordinates": SQUARE}
    elif change == "bad code":
        feature["properties"]["code"] = "4O0101"
    return as_bytes(content)


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (spoiled("swapped"), "swapped"),
        (spoiled("metres"), "not in Thailand"),
        (spoiled("open ring"), "ring"),
        (spoiled("twice"), "twice"),
        (spoiled("no code"), "no official code"),
        (spoiled("line"), "LineString"),
        (spoiled("bad code"), "4O0101"),
        (b"", "GeoJSON"),
        (b"{}", "FeatureCollection"),
        (b"[" * 100_000, "GeoJSON"),
        ("ในเมือง".encode("cp874"), "UTF-8"),
        (b'{"features": [null]}', "feature 1"),
    ],
)
def test_a_bad_file_is_refused_with_a_word(data: bytes, word: str) -> None:
    with pytest.raises(AreasFileError, match=word):
        read_areas(data)


@pytest.mark.django_db
def test_a_file_of_another_province_changes_nothing(city: City) -> None:
    load_areas(city=city, by=system_user())
    with pytest.raises(AreasFileError):
        import_boundaries(shapes=read_areas(as_bytes(collection(code="100101"))), source="x", by=system_user())
    assert not Area.objects.exclude(boundary=None).exists()


@pytest.mark.django_db
def test_search_finds_areas_with_or_without_the_word_for_them(city: City, client: Client) -> None:
    load_areas(city=city, by=system_user())
    assert queries.search("ต.บ้านเป็ด")[0].th == "บ้านเป็ด"
    page = client.get("/places/suggest/", {"q": "โนนทัน"})
    assert "ชุมชนโนนทัน, ในเมือง" in page.content.decode()


def test_a_folder_with_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CityFolderError, match=r"city\.toml"):
        read_city(tmp_path)


@pytest.mark.django_db
def test_partners_need_a_known_area(city: City, tmp_path: Path) -> None:
    from okat.city.partners.actions import load_partners

    load_areas(city=city, by=system_user())
    assert load_partners(city=city, by=system_user()) == "11 partners"
    (tmp_path / "partners.csv").write_text("code,kind,area,th,en\nx,school,999999,ก,a\n", encoding="utf-8")
    bad = City(**{**city.__dict__, "folder": tmp_path})
    with pytest.raises(CityFolderError, match="row 2"):
        load_partners(city=bad, by=system_user())
    assert Partner.objects.count() == 11
