"""The demo's round on files: the learning places, the people who asked for them, the decision as a bundle."""

import csv
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from okat.city.catalogue.models import Opportunity
from okat.city.catalogue.rules import FAMILIES, Family
from okat.city.core import crypto
from okat.city.desk.commands.demo.people import Made
from okat.files.allocation.bundle import allocate

MOST_CHOICES = 5
SEED = "okat-demo-2569"


@dataclass(frozen=True)
class Place:
    id: str
    needs: frozenset[str]
    lat: float
    lon: float


def run(people: Sequence[tuple[UUID, Made]], folder: Path) -> dict[str, Any]:
    """Write the inputs below `folder`, decide, and give what was decided (see `okat allocate --json`)."""
    folder.mkdir(parents=True, exist_ok=True)
    kinds = [kind.value for kind in FAMILIES[Family.LEARN]]
    rows = list(
        Opportunity.objects.filter(kind__in=kinds, capacity__gt=0).prefetch_related("needs").order_by("row_key")
    )
    places = [
        Place(str(o.pk), frozenset(t.code for t in o.needs.all()), o.lat or 0, o.lon or 0) for o in rows
    ]  # fmt: skip
    _write(
        folder / "opportunities.csv",
        ("id", "capacity", "reserves"),
        ((str(o.pk), o.capacity, _reserves(o)) for o in rows),
    )
    applicants, wishes = [], []
    for person_id, made in people:
        chosen = _choices(made, places)
        if chosen:
            name = crypto.keyed_hash(str(person_id), "demo-round")[:16]
            applicants.append((name, "|".join(_groups(made))))
            wishes += [(name, place.id, rank, _priority(made)) for rank, place in enumerate(chosen, 1)]
    _write(folder / "applicants.csv", ("id", "groups"), applicants)
    _write(folder / "preferences.csv", ("applicant", "opportunity", "rank", "priority"), wishes)
    return allocate(folder, seed=SEED, out=folder.with_suffix(".zip"))


def _write(path: Path, header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def _reserves(opportunity: Opportunity) -> str:
    return "|".join(f"{r['group']}:{r['seats']}" for r in opportunity.reserves)


def _groups(made: Made) -> list[str]:
    checks = {"disability": bool(made.row.disabilities), "older": made.age >= 60, "no-papers": made.urban_poor}
    return [name for name, belongs in checks.items() if belongs]


def _choices(made: Made, places: Sequence[Place]) -> list[Place]:
    """The nearest places that meet a need of grown people."""
    wanted = set(made.row.needs)
    fitting = [place for place in places if made.age >= 15 and place.needs & wanted]
    lat, lon = made.row.area.lat or 0, made.row.area.lon or 0
    return sorted(fitting, key=lambda p: (math.hypot(p.lat - lat, p.lon - lon), p.id))[:MOST_CHOICES]


def _priority(made: Made) -> int:
    """Points of the demo's rules: little income 30, no papers here 20, disability 20, no upper schooling 15."""
    row = made.row
    points = 30 if (row.income or 0) < 3000 else 0
    points += 20 if row.papers in {"elsewhere", "none"} else 0
    points += 20 if row.disabilities else 0
    return points + (15 if row.education in {"none", "below-primary", "primary", "lower-secondary"} else 0)


def highest(result: dict[str, Any], count: int = 5) -> list[str]:
    """The highest cut-offs, in words."""
    full = [c for c in result["cutoffs"] if c["full"] and c["seat_class"] == "open"]
    rows = Opportunity.objects.filter(pk__in=[c["opportunity"] for c in full]).values_list("pk", "title_th")
    titles = {str(pk): title for pk, title in rows}
    top = sorted(full, key=lambda c: (-float(c["priority"]), c["opportunity"]))[:count]
    return [f"  {titles[c['opportunity']]}: {c['priority']}" for c in top]
