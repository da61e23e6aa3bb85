"""Do people find what they mean? Misspelt, synonymous and English searches over the demo's own catalogue.

`wanted.csv` holds what was typed and how a title that is wanted begins (`|`: one of these). A search is a hit when
such a title is among the first five of the 400 opportunities of the demo. The measured share is quoted in
docs/explanation/search.md.
"""

import csv
import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
from tests.catalogue.conftest import ROOT, SmallCity

from okat.city.catalogue.actions import publish_many
from okat.city.catalogue.queries.search import find
from okat.city.catalogue.rules.look import Look
from okat.city.core import clock
from okat.city.desk.commands.demo.build import SEED, SIZES
from okat.city.desk.commands.demo.opportunities import make

DAY = dt.datetime(2026, 11, 22, 3, 0, tzinfo=dt.UTC)
AMONG, LEAST = 5, 0.95


def wanted() -> list[tuple[str, str, str]]:
    with (Path(__file__).parent / "wanted.csv").open(encoding="utf-8", newline="") as lines:
        return [(row["how"], row["typed"], row["wanted"]) for row in csv.DictReader(lines)]


@pytest.mark.slow
def test_what_is_wanted_is_among_the_first_five(city: SmallCity) -> None:
    rows = list(make(ROOT / "cities" / "khon-kaen", SEED, SIZES["full"][1], DAY.date()))
    publish_many(rows=rows, by=city.system)
    asked, hits, missed = Counter[str](), Counter[str](), []
    with clock.at(DAY):
        for how, typed, title in wanted():
            asked[how] += 1
            first = [o.title_th for o in find(Look(text=typed)).rows[:AMONG]]
            if any(one.startswith(tuple(title.split("|"))) for one in first):
                hits[how] += 1
            else:
                missed.append((how, typed, first[:2]))
    shares = {how: hits[how] / asked[how] for how in asked}
    assert min(shares.values()) >= LEAST, (shares, missed)
    assert min(asked.values()) >= 35
