"""Everything that changes an account."""

from okat.city.accounts.actions.account import (
    LoginTakenError,
    accept_invitation,
    add_user,
    ask_reset,
    change_account,
    drop_second_factor,
    end_sessions,
    invite,
    note_sign_in,
    note_sign_out,
    renew_recovery_codes,
    set_password,
    set_up_second_factor,
    try_second_factor,
)
from okat.city.accounts.actions.addresses import AddressTakenError, confirm_address, give_address

__all__ = [
    "AddressTakenError", "LoginTakenError", "accept_invitation", "add_user", "ask_reset", "change_account",
    "confirm_address", "drop_second_factor", "end_sessions", "give_address", "invite", "note_sign_in", "note_sign_out",
    "renew_recovery_codes", "set_password", "set_up_second_factor", "try_second_factor",
]  # fmt: skip
