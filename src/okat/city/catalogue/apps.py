from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    name = "okat.city.catalogue"
    label = "catalogue"

    def ready(self) -> None:
        from okat.city.catalogue.actions._office import OpportunityImporter
        from okat.city.people.queries.importing import IMPORTERS

        IMPORTERS.register("opportunities", OpportunityImporter())
