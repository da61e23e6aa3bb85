"""Objects of this app's addresses, for tests/access."""

from tests.access.thing import Thing
from tests.signing import make_user
from tests.small_city import SmallCity

from okat.city.accounts import actions, queries


def reset(city: SmallCity) -> Thing:
    uid, token = queries.reset_parts(city.resident)
    return Thing({"uid": uid, "token": token}, public=True)  # whoever holds the letter


def invitation(city: SmallCity) -> Thing:
    made = actions.invite(user=make_user("invited", password=None), by=None)
    return Thing({"token": made.token()}, public=True)


MAKERS = {"accounts:reset": reset, "accounts:invitation": invitation}
