"""Writing the network."""

from typing import Any

from okat.city.core import audit, clock
from okat.city.core.action import action
from okat.city.core.kept import forget
from okat.city.partners.models import Partner
from okat.city.partners.queries import KEPT
from okat.city.places.models import Area
from okat.files.city import City, CityFolderError, read_rows


@action
def load_partners(*, city: City, by: Any) -> str:
    """Bring the partners in line with `partners.csv`; one that is gone from the file is left as it is."""
    rows = read_rows(city.folder / "partners.csv", ("code", "kind", "area", "th", "en"))
    areas = {area.code: area for area in Area.objects.filter(code__in={row["area"] for row in rows})}
    for number, row in enumerate(rows, 2):
        if row["area"] not in areas or row["kind"] not in Partner.Kind.values:
            raise CityFolderError(f"partners.csv, row {number}: the area or the kind is not known.")
        values: dict[str, Any] = {name: row[name] for name in ("kind", "th", "en")}
        values |= {"area": areas[row["area"]], "about_th": row.get("about_th", ""), "about_en": row.get("about_en", "")}
        Partner.objects.update_or_create(
            code=row["code"], defaults=values, create_defaults={**values, "joined_on": clock.today()}
        )
    audit.record(by=by, verb="partners.load")
    forget(KEPT)
    return f"{len(rows)} partners"
