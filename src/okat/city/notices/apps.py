from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "okat.city.notices"
    label = "notices"

    def ready(self) -> None:
        from okat.city.accounts.rules import CHANGED
        from okat.city.core import outbox, registries
        from okat.city.core.outbox import sending
        from okat.city.notices import actions
        from okat.city.notices.letters import LETTERS
        from okat.city.notices.queries import addresses
        from okat.city.notices.rules import KINDS, TOLD, Kind

        registries.tell(TOLD)
        registries.HANDLERS.register("account.changed/notices", actions.tell_of_change)
        for what, text in CHANGED.items():
            KINDS.register(f"account.{what}", Kind(text, mail=False))  # accounts send letters of their own
        outbox.tell(LETTERS)
        sending.provide(addresses)
