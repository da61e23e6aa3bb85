"""Finding accounts."""

from okat.city.accounts.models import User

SYSTEM_LOGIN = "system"


def system_user() -> User:
    """The account under which jobs and imports from the command line act."""
    user, _ = User.objects.get_or_create(
        login=SYSTEM_LOGIN, defaults={"name": "ระบบ Okat", "is_system": True, "password": "!"}
    )
    return user
