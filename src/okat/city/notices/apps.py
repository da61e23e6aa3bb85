from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "okat.city.notices"
    label = "notices"

    def ready(self) -> None:
        from okat.city.core import outbox, registries
        from okat.city.core.outbox import sending
        from okat.city.notices.letters import LETTERS
        from okat.city.notices.queries import addresses
        from okat.city.notices.rules import TOLD

        registries.tell(TOLD)
        outbox.tell(LETTERS)
        sending.provide(addresses)
