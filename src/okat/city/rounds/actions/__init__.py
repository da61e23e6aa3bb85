"""Every write of rounds."""

from okat.city.rounds.actions._stopping import hold_ending
from okat.city.rounds.actions.answering import (
    accept_many,
    accept_place,
    expire_answers,
    release_closed,
    release_erased,
)
from okat.city.rounds.actions.appeals import answer_appeal, appeal
from okat.city.rounds.actions.applying import ApplyRow, apply, apply_many, withdraw, withdraw_without_consent
from okat.city.rounds.actions.cancelling import cancel_places, drop_places, end_places
from okat.city.rounds.actions.drawing import enter_draw
from okat.city.rounds.actions.giving_back import decline_place, leave_places, pass_on, take_back
from okat.city.rounds.actions.planning import (
    add_places,
    change_round,
    create_round,
    freeze_round,
    note_look,
    set_rules,
    take_out,
)
from okat.city.rounds.actions.running import (
    close_round,
    finish_round,
    open_round,
    publish_round,
    run_round,
)
from okat.city.rounds.actions.stopping_to_wait import stop_waiting

__all__ = [
    "ApplyRow",
    "accept_many",
    "accept_place",
    "add_places",
    "answer_appeal",
    "appeal",
    "apply",
    "apply_many",
    "cancel_places",
    "change_round",
    "close_round",
    "create_round",
    "decline_place",
    "drop_places",
    "end_places",
    "enter_draw",
    "expire_answers",
    "finish_round",
    "freeze_round",
    "hold_ending",
    "leave_places",
    "note_look",
    "open_round",
    "pass_on",
    "publish_round",
    "release_closed",
    "release_erased",
    "run_round",
    "set_rules",
    "stop_waiting",
    "take_back",
    "take_out",
    "withdraw",
    "withdraw_without_consent",
]
