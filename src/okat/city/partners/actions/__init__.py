"""Writing the network: partners, their people, places and what they share."""

from okat.city.partners.actions._may import AlreadyMemberError, MembershipRefusedError
from okat.city.partners.actions.absence import end_absence, note_absence
from okat.city.partners.actions.invitations import (
    InvitationOverError,
    accept_as_new,
    accept_invitation,
    decline_invitation,
    invite_again,
    invite_member,
    recall_invitation,
)
from okat.city.partners.actions.leaving import LeavingError, leave_network, rename_partner, settle
from okat.city.partners.actions.load import load_partners
from okat.city.partners.actions.members import add_member, change_areas, end_membership, reset_member
from okat.city.partners.actions.network import (
    add_partner,
    choose_partner,
    describe_partner,
    sign_memorandum,
)
from okat.city.partners.actions.sharing import keep_contribution, keep_venue, record_use

__all__ = [
    "AlreadyMemberError", "InvitationOverError", "LeavingError", "MembershipRefusedError", "accept_as_new",
    "accept_invitation", "add_member", "add_partner", "change_areas", "choose_partner", "decline_invitation",
    "describe_partner", "end_absence", "end_membership", "invite_again", "invite_member", "keep_contribution",
    "keep_venue", "leave_network", "load_partners", "note_absence", "recall_invitation", "record_use",
    "rename_partner", "reset_member", "settle", "sign_memorandum",
]  # fmt: skip
