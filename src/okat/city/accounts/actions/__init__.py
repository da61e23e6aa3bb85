"""Everything that changes an account."""

from okat.city.accounts.actions._telling import tell_change
from okat.city.accounts.actions.account import (
    LoginTakenError,
    LoginUnprovenError,
    add_user,
    ask_reset,
    change_account,
    end_sessions,
    note_proof,
    note_sign_in,
    note_sign_out,
    set_password,
    wake_user,
)
from okat.city.accounts.actions.addresses import (
    AddressTakenError,
    ask_owner,
    confirm_address,
    confirm_by_call,
    confirm_by_code,
    drop_addresses,
    give_address,
)
from okat.city.accounts.actions.line import ask_line, link_line, lose_line
from okat.city.accounts.actions.second_factor import (
    drop_second_factor,
    renew_recovery_codes,
    set_up_second_factor,
    try_second_factor,
)

__all__ = [
    "AddressTakenError", "LoginTakenError", "LoginUnprovenError", "add_user", "ask_line", "ask_owner", "ask_reset",
    "change_account", "confirm_address", "confirm_by_call", "confirm_by_code", "drop_addresses",
    "drop_second_factor", "end_sessions", "give_address", "link_line", "lose_line", "note_proof", "note_sign_in",
    "note_sign_out", "renew_recovery_codes", "set_password", "set_up_second_factor", "tell_change", "try_second_factor",
    "wake_user",
]  # fmt: skip
