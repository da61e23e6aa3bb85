"""Made-up venues, learning spaces among them, and what partners share: `demo/venues.csv`, `demo/shares.csv`;
and what made-up people ask for in vain."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from okat.city.accounts.models import User
from okat.city.catalogue.actions import Wanted, look_out
from okat.city.desk.commands.demo.people import Made
from okat.city.partners.actions import keep_contribution, keep_venue
from okat.city.partners.models import Partner, Venue
from okat.city.partners.rules import DAYS
from okat.city.people.models import Person
from okat.city.places.models import Area
from okat.city.taxonomy.models import Term
from okat.files.city import read_rows

STEP = 0.004  # degrees between made-up places of one area, about 400 m


def make(folder: Path, by: User) -> list[Venue]:
    """The venues, in the order of the file, beside the middle of their area; then what is shared."""
    rows = read_rows(folder / "demo" / "venues.csv", ("partner", "kind", "area", "th", "en", "opening"))
    partners = {partner.code: partner for partner in Partner.objects.all()}
    areas = {area.code: area for area in Area.objects.defer("boundary")}
    made = [
        keep_venue(partner=partners[row["partner"]], by=by, values=_venue(row, areas[row["area"]], number))
        for number, row in enumerate(rows)
    ]
    terms = {term.code: term for term in Term.objects.filter(vocabulary="resource")}
    for row in read_rows(folder / "demo" / "shares.csv", ("partner", "direction", "resource", "th", "unit", "planned")):
        values = {
            "direction": row["direction"], "resource": terms[row["resource"]], "title": row["th"],
            "unit": row["unit"], "planned": Decimal(row["planned"]), "used": Decimal(row["used"] or 0),
            "area": areas.get(row["area"]),
        }  # fmt: skip
        keep_contribution(partner=partners[row["partner"]], values=values, by=by)
    return made


def ask(folder: Path, made: Sequence[tuple[UUID, Made]]) -> int:
    """What made-up people wait for in vain, `demo/asks.csv`, kept by an officer; how many asks."""
    rows = read_rows(folder / "demo" / "asks.csv", ("need", "area", "number"))
    terms = {term.code: term for term in Term.objects.filter(vocabulary="need")}
    areas = {area.code: area for area in Area.objects.select_related("parent").defer("boundary")}
    officer, total = User.objects.get(login="officer"), 0
    explicit, others = list[UUID](), list[UUID]()
    for pk, who in made:
        (explicit if any(consent.sensitive for consent in who.row.consents) else others).append(pk)
    for row in rows:
        usable = (row["usable"],) if row.get("usable") else ()
        some, number = explicit if usable else others, int(row["number"])
        waiting, some[:] = some[:number], some[number:]  # each waits for one thing
        for person in Person.objects.filter(pk__in=waiting).order_by("pk"):
            wanted = Wanted(terms[row["need"]], areas[row["area"]], (), usable)
            look_out(wanted=wanted, user=officer, person=person, by=officer)
            total += 1
    return total


def _venue(row: Mapping[str, str], area: Area, number: int) -> dict[str, Any]:
    answers = {code: answer for answer in ("yes", "no", "ask") for code in row.get(answer, "").split("|") if code}
    aside = (number % 5 - 2) * STEP
    return {
        "th": row["th"], "en": row["en"], "kind": row["kind"], "area": area, "accessibility": answers,
        "open_to_all": row.get("open_to_all") == "yes", "capacity": int(row["seats"] or 0) or None,
        "opening": opening(row["opening"]), "lat": area.lat + aside if area.lat is not None else None,
        "lon": area.lon - aside if area.lon is not None else None,
    }  # fmt: skip


def opening(text: str) -> dict[str, list[list[str]]]:
    """`mon-fri 08:30-16:30;sat 09:00-12:00`."""
    days, found = list(DAYS), {}
    for part in text.split(";"):
        span, hours = part.split()
        first, _dash, last = span.partition("-")
        for day in days[days.index(first) : days.index(last or first) + 1]:
            found[day] = [hours.split("-")]
    return found
