from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "okat.city.accounts"
    label = "accounts"

    def ready(self) -> None:
        from okat.city.accounts.letters import LETTERS
        from okat.city.accounts.rules import TOLD
        from okat.city.core import outbox, registries

        registries.tell(TOLD)
        outbox.tell(LETTERS)
        post_migrate.connect(_make_system_user, sender=self, dispatch_uid="okat.accounts.system_user")


def _make_system_user(**_: Any) -> None:
    """When the tables are made, and again when a test has emptied them: a data migration would run only once."""
    from okat.city.accounts.models import User
    from okat.city.accounts.queries import SYSTEM_LOGIN

    User.objects.get_or_create(login=SYSTEM_LOGIN, defaults={"name": "ระบบ Okat", "is_system": True, "password": "!"})
