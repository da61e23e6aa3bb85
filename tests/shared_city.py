"""The example city's own areas, partners, words and questionnaires, as `okat city load` brings them in."""

from django.conf import settings

from okat.city.accounts.queries import system_user
from okat.city.core.registries import CITY
from okat.files.city import read_city


def khon_kaen() -> None:
    city = read_city(settings.CITY)
    for _name, load in CITY:
        load(city=city, by=system_user())
