"""Who may give a role, and what is said of it."""

from okat.city.accounts.models import User
from okat.city.core.permissions import Permission
from okat.city.partners.models import Partner
from okat.city.partners.queries import permissions_in
from okat.city.partners.rules import Role, check_member
from okat.city.places.models import Area

COORDINATORS = "partners.coordinators"  # the name under which the city team changes, one change at a time


class AlreadyMemberError(ValueError):
    """This person has this role in this partner already."""


class MembershipRefusedError(ValueError):
    """The role or the areas are not for `by` to give, or the partner has left; `code` says which."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def lock_partner(partner: Partner) -> Partner:
    """As it stands now: who works there, and whether it is in the network at all, changes only for one at a time.
    Whoever gives it something waits (`all_stay`); a row that merely refers to it does not."""
    return Partner.objects.select_for_update(of=("self",), no_key=True).select_related("area").get(pk=partner.pk)


def refuse(partner: Partner, role: Role, areas: list[Area], by: User) -> None:
    code = check_member(
        role, permissions_of_giver(by, partner), left=partner.left_on is not None,
        inside=all(partner.area.holds(a) for a in areas),
    )  # fmt: skip
    if code:
        raise MembershipRefusedError(code)


def permissions_of_giver(by: User, partner: Partner) -> frozenset[Permission]:
    """The system acts for whoever runs the command line on the server, and may all."""
    return frozenset(Permission) if by.is_system else permissions_in(by, partner)
