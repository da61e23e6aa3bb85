"""What a partner's file may name, looked up once for a whole file: needs, formats, kinds, funders, areas, venues."""

from collections.abc import Iterable

from okat.city.catalogue.rules import Kind
from okat.city.catalogue.rules.office import kind_of
from okat.city.partners.models import Partner, Venue
from okat.city.places.models import Area, Level
from okat.city.places.queries import known, wordings
from okat.city.taxonomy.models import Vocabulary
from okat.city.taxonomy.queries import words as city_words
from okat.files.office import vocabulary
from okat.thai.areas import areas_of_postcode
from okat.thai.text import closed_key, fold

_PREFIXES = ("ตำบล", "ต.", "แขวง", "อำเภอ", "อ.", "เขต", "จังหวัด", "จ.")


class CityWords:
    """Words of the city by their wording."""

    def __init__(self, partner: Partner) -> None:
        self.partner = partner
        words = city_words()
        self.needs, self.format_words = words.by_wording(Vocabulary.NEED), words.by_wording(Vocabulary.FORMAT)
        self.stages = words.stages()
        self.levels = {term.code for term in words.leaves(Vocabulary.EDUCATION)}
        self.funders = {fold(name): p.code for p in Partner.objects.all() for name in (p.th, p.en, p.code) if name}
        self.venues = {fold(v.th): v.pk for v in Venue.objects.filter(partner=partner)}
        self.areas: dict[str, list[Area]] = {}
        self.by_code: dict[str, Area] = {}
        for area in known().values():
            if area.level not in (Level.SUBDISTRICT, Level.DISTRICT):
                continue
            self.by_code[area.code] = area
            for name in wordings(area):
                self.areas.setdefault(name, []).append(area)

    def kind(self, title: str, *names: str) -> Kind | None:
        """The kind that one of these codes or words names, in our words or in those of offices; None for none."""
        choices = vocabulary("opportunities").field("kind").choices
        for name in names:
            if name in set(Kind):
                return Kind(name)
            said = choices.said.get(closed_key(name)) if choices is not None else None
            found = kind_of(said, title, None)[0] if said and said != "?" else None
            if found is not None:
                return found
        return None

    def area(self, towns: Iterable[str], postcode: str) -> Area | None:
        """The sub-district that the towns of an address name, else their district, else that of the postcode; None
        where they name none of this city, or several."""
        names = [fold(_bare(town)) for town in towns if town]
        found = {area.pk: area for name in names for area in self.areas.get(name, [])}.values()
        subs = [area for area in found if area.level == Level.SUBDISTRICT]
        inside = [area for area in subs if area.parent is not None and fold(area.parent.th) in names]
        districts = [area for area in found if area.level == Level.DISTRICT]
        by_post = [self.by_code[code] for code in areas_of_postcode(postcode) if code in self.by_code]
        both = [area for area in subs if area in by_post]
        for some in (inside, both, subs, districts, by_post):
            if len(some) == 1:
                return some[0]
        parents = {area.parent_id: area.parent for area in by_post if area.level == Level.SUBDISTRICT}
        return next(iter(parents.values())) if len(parents) == 1 else None


def _bare(town: str) -> str:
    for prefix in _PREFIXES:
        if town.startswith(prefix) and len(town) > len(prefix) + 1:
            return town[len(prefix) :].strip()
    return town
