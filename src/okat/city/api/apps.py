from django.apps import AppConfig
from django.urls import reverse


class ApiConfig(AppConfig):
    name = "okat.city.api"
    label = "api"

    def ready(self) -> None:
        from okat.city.catalogue.rules.links import ALTERNATES, Alternate

        hsds = Alternate(
            "application/json", "Open Referral HSDS 3.0", lambda pk: reverse("api:hsds-service", args=[pk])
        )
        ALTERNATES.register("hsds", hsds)
