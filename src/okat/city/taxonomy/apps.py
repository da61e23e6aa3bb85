from django.apps import AppConfig


class TaxonomyConfig(AppConfig):
    name = "okat.city.taxonomy"
    label = "taxonomy"

    def ready(self) -> None:
        from okat.city.core import registries
        from okat.city.taxonomy import actions
        from okat.city.taxonomy.rules import TOLD

        registries.tell(TOLD)
        registries.CITY.register("01 taxonomy", actions.load_terms)
