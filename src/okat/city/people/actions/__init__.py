"""Every write of people."""

from okat.city.people.actions._locks import (
    hold_all,
    hold_joined,
    hold_people,
    hold_whose,
    hold_with_others,
    lock_living,
    lock_person,
)
from okat.city.people.actions._telling import check_explicit, refused, tells
from okat.city.people.actions.answers import answer_questionnaire, load_questionnaires
from okat.city.people.actions.by_law import end_by_law, keep_by_law
from okat.city.people.actions.care import add_evidence, add_need, close_need, record_visit
from okat.city.people.actions.change import update_person
from okat.city.people.actions.code_slips import open_code_slip, print_code_slip
from okat.city.people.actions.consent import (
    end_basis,
    end_grant,
    grant,
    keep_wording,
    record_basis,
    record_consent,
    withdraw_consent,
)
from okat.city.people.actions.emergency import break_glass, end_openings, note_try, review_break_glass
from okat.city.people.actions.grown import ask_grown, end_guardians
from okat.city.people.actions.imports import (
    NotReadyError,
    drop_import,
    run_import,
    say_law,
    say_looked,
    set_columns,
    undo_import,
    upload,
)
from okat.city.people.actions.life import (
    Living,
    change_household,
    come_back,
    move_people,
    not_so,
    note_said,
    set_status,
)
from okat.city.people.actions.linking import answer_link, ask_link, link_account, recall_link, unlink_account
from okat.city.people.actions.merging import merge, propose_merge, refuse_merge, settle_merge, undo_merge
from okat.city.people.actions.pin import pin_household, pin_many, pin_person
from okat.city.people.actions.rows import ConsentRow, HouseRow, PinRow
from okat.city.people.actions.telling import (
    confirm_phone,
    drop_slips,
    end_slips,
    hand_over_slip,
    print_slips,
    ring_phone,
    send_phone_code,
    take_back_told,
    tell,
)
from okat.city.people.rules import Disability

__all__ = [
    "ConsentRow",
    "Disability",
    "HouseRow",
    "Living",
    "NotReadyError",
    "PinRow",
    "add_evidence",
    "add_need",
    "answer_link",
    "answer_questionnaire",
    "ask_grown",
    "ask_link",
    "break_glass",
    "change_household",
    "check_explicit",
    "close_need",
    "come_back",
    "confirm_phone",
    "drop_import",
    "drop_slips",
    "end_basis",
    "end_by_law",
    "end_grant",
    "end_guardians",
    "end_openings",
    "end_slips",
    "grant",
    "hand_over_slip",
    "hold_all",
    "hold_joined",
    "hold_people",
    "hold_whose",
    "hold_with_others",
    "keep_by_law",
    "keep_wording",
    "link_account",
    "load_questionnaires",
    "lock_living",
    "lock_person",
    "merge",
    "move_people",
    "not_so",
    "note_said",
    "note_try",
    "open_code_slip",
    "pin_household",
    "pin_many",
    "pin_person",
    "print_code_slip",
    "print_slips",
    "propose_merge",
    "recall_link",
    "record_basis",
    "record_consent",
    "record_visit",
    "refuse_merge",
    "refused",
    "review_break_glass",
    "ring_phone",
    "run_import",
    "say_law",
    "say_looked",
    "send_phone_code",
    "set_columns",
    "set_status",
    "settle_merge",
    "take_back_told",
    "tell",
    "tells",
    "undo_import",
    "undo_merge",
    "unlink_account",
    "update_person",
    "upload",
    "withdraw_consent",
]
