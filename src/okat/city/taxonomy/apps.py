from django.apps import AppConfig


class TaxonomyConfig(AppConfig):
    name = "okat.city.taxonomy"
    label = "taxonomy"

    def ready(self) -> None:
        from okat.city.core.registries import CITY
        from okat.city.taxonomy import actions

        CITY.register("01 taxonomy", actions.load_terms)
