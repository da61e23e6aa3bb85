from django.apps import AppConfig


class PartnersConfig(AppConfig):
    name = "okat.city.partners"
    label = "partners"

    def ready(self) -> None:
        from django.utils.translation import gettext_lazy as _

        from okat.city.core import outbox, permissions, registries
        from okat.city.notices.rules import GROUPS, KINDS, Kind
        from okat.city.partners import actions, queries
        from okat.city.partners.actions._holdings import register as register_holdings
        from okat.city.partners.letters import LETTERS
        from okat.city.partners.rules import TOLD

        registries.tell(TOLD)
        outbox.tell(LETTERS)
        permissions.provide(queries.permissions)
        registries.CITY.register("05 partners", actions.load_partners)
        GROUPS.register("partners", _("Partner"))
        register_holdings()
        KINDS.register(
            "partners.left", Kind(_("The partner “%(code)s” has left the network; what it held is settled."))
        )
